"""``reliefstream seal prove``: what stands of a conviction in any file, before it is sealed and afterwards."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from cyclopts import Parameter

from services.cli.client.local_root import local_root
from services.cli.seal_rewrite import owner_urls
from services.cli.terminal.exit import Broken, ServerMissing, WrongUsage, ends_as

if TYPE_CHECKING:
    from deploy.proof.stores import Stores
    from deploy.proof.texts import Found, Text

RELIEF = Annotated[UUID, Parameter(help="the relief's id, as order find shows it")]
FOLDER = Annotated[Path | None, Parameter(help="its data folder; left out: that of the local servers")]
OTHERS = Annotated[
    list[Path] | None, Parameter(negative=(), help="further folders, such as logs and backups")
]
DISCARD = Annotated[bool, Parameter(negative=(), help="give it up: remove the file with the texts")]
NEXT = """The texts are in {file}, which only you can read. Once the conviction is sealed and two days have passed:
  reliefstream seal rewrite
  reliefstream seal prove {relief_id}"""
NOTHING_ALONE = """Nothing can be proved of this conviction: its {stay} texts are all on other records, too, and stay
there. Take one with a case number of its own."""
LEFT = """Something of this conviction still stands. The county's topic keeps what was sent for 8 days, that of
its receipts 15, others two; Postgres' files do until reliefstream seal rewrite. The texts stay in {file}."""


def prove(
    relief_id: RELIEF,
    /,
    *,
    kafka: FOLDER = None,
    postgres: FOLDER = None,
    also: OTHERS = None,
    discard: DISCARD = False,
) -> None:
    """Search every file of Kafka, Postgres and the local state for the texts of a conviction, before and after sealing.

    Called before it is sealed, it takes the names, birth date, numbers and keys that nothing else on record has, and
    says which store holds them. Called again once it is sealed, it says what is left; once nothing is, it removes the
    texts. It prints kinds and numbers, never a text. Where the data folders are, as who may read them, with
    RELIEFSTREAM_OWNER_URLS as for prepare. Exit status 4: something is left.
    """
    import asyncio

    import asyncpg

    from deploy.proof.kafka_batches import CannotLookInto
    from deploy.proof.person import sought
    from deploy.proof.texts import found_in_stores
    from services.cli.terminal.progress_bar import progress_bar, step_line

    file = local_root() / "proofs" / f"{relief_id}.json"
    if discard:
        file.unlink(missing_ok=True)
        return
    for folder in (kafka, postgres, *(also or ())):
        if folder and not folder.is_dir():
            raise WrongUsage(f"{folder} is no folder: what is not searched, proves nothing")
    urls = owner_urls()
    try:
        with step_line("taking the texts of the conviction"):
            taken = asyncio.run(sought(urls, relief_id))
        if taken is None and not file.exists():
            raise WrongUsage(
                "No such relief, or it is sealed: its texts are taken before, by the same command"
            )
        if taken and not taken.gone:
            raise Broken(NOTHING_ALONE.format(stay=taken.stay))
        texts, before = (taken.gone, None) if taken else _kept(file)
        with ends_as(Broken, CannotLookInto), progress_bar() as told:
            stores = asyncio.run(_stores(urls, kafka, postgres, also or []))
            found = found_in_stores(stores, texts, partial(told, "looking through the files"))
    except (OSError, asyncpg.PostgresError) as error:
        raise ServerMissing(f"Postgres or a folder cannot be read ({type(error).__name__})") from None
    if taken:
        print(
            f"Of this conviction alone: {_kinds(texts)}. On other records too, so not sought: {taken.stay}."
        )
        _print(found, {})
        if set(texts) - frozenset().union(*found.values()):
            raise Broken("Not each of them was found: what is not found now, proves nothing later")
        _keep(file, texts, found)
        print(NEXT.format(file=file, relief_id=relief_id))
        return
    _print(found, before or {})
    if any(found.values()):
        raise Broken(LEFT.format(file=file))
    file.unlink()
    print("Nothing of it stands in any file. The texts are removed.")


async def _stores(
    owner_urls: Mapping[str, str], kafka: Path | None, postgres: Path | None, also: Sequence[Path]
) -> "Stores":
    """Of the folders that are named, else of the local servers."""
    from deploy.local.layout import Layout
    from deploy.proof.stores import stores_of

    layout = Layout(local_root())
    here = [] if kafka or postgres else [layout.root]
    return await stores_of(
        owner_urls,
        kafka or layout.kafka / "data",
        postgres or layout.postgres / "data",
        [*here, *also],
        without=[layout.root / "proofs"],
    )


def _keep(file: Path, texts: Sequence["Text"], found: "Found") -> None:
    from services.chassis.runtime.private_file import write_private

    file.parent.mkdir(mode=0o700, exist_ok=True)
    kinds = {store: Counter(each.kind for each in texts) for store, texts in found.items()}
    write_private(file, json.dumps({"texts": texts, "before": kinds}))


def _kept(file: Path) -> tuple[Sequence["Text"], Mapping[str, Mapping[str, int]]]:
    from deploy.proof.texts import Text

    kept = json.loads(file.read_text())
    return [Text(*each) for each in kept["texts"]], kept["before"]


def _print(found: "Found", before: Mapping[str, Mapping[str, int]]) -> None:
    """A line for each store that holds something, or did."""
    held = {name for kinds in (found, before) for name, texts in kinds.items() if texts}
    for store in sorted(held):
        now = _kinds(found.get(store, ()))
        print(f"{store}: {f'{_counted(before.get(store, {}))} before, {now} now' if before else now}")


def _kinds(texts: Iterable["Text"]) -> str:
    return _counted(Counter(each.kind for each in texts))


def _counted(kinds: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items())) or "nothing"
