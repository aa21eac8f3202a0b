"""Each change of the file of grants, in the audit log of each service that read it."""

from collections.abc import Iterator, Mapping

from services.chassis.audit.act import Act, audited
from services.chassis.identity.grants.file import GrantsFile, Machine, Person
from services.chassis.identity.token_uses import token_id
from services.chassis.runtime.unit_of_work import Work

FILE = "grants-file"
"""Who the rows name: whoever wrote the file, which does not say who did."""


async def write_changes(work: Work, file: GrantsFile) -> None:
    """A row for each account that the file holds otherwise than when this was last written, in whichever replica."""
    await work.db.execute("LOCK TABLE grants_seen IN EXCLUSIVE MODE")
    before = {row["account"]: row["held"] for row in await work.db.fetch("SELECT * FROM grants_seen")}
    now = held(file)
    await audited(work, *_acts(before, now))
    await work.db.execute("DELETE FROM grants_seen WHERE account <> ALL ($1)", list(now))
    await work.db.execute(
        """INSERT INTO grants_seen SELECT * FROM unnest($1::text[], $2::text[])
           ON CONFLICT (account) DO UPDATE SET held = excluded.held WHERE grants_seen.held <> excluded.held""",
        list(now),
        list(now.values()),
    )


def held(file: GrantsFile) -> dict[str, str]:
    """What the file says of each account, in a line: grants, tokens by the start of their hashes, whether revoked."""
    every: tuple[Machine | Person, ...] = (*file.machines, *file.persons)
    found: dict[str, list[str]] = {one.account: [*one.grants] for one in every}
    for machine in file.machines:
        found[machine.account] += [
            f"token {token_id(token.sha256)} until {token.until}" for token in machine.tokens
        ]
    for person in file.persons:
        for what, by in (("entered", person.entered_by), ("confirmed", person.confirmed_by)):
            found[person.account] += [f"{what} by {by}"] if by else []
    for account in file.revoked:
        found.setdefault(account, []).append("revoked")
    return {account: ", ".join(parts) for account, parts in sorted(found.items())}


def _acts(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Act]:
    for account in sorted(before.keys() | now.keys()):
        was, is_ = before.get(account), now.get(account)
        if was != is_:
            outcome = "added" if was is None else "removed" if is_ is None else "changed"
            said = f"before: {was or 'nothing'}; now: {is_ or 'nothing'}"
            yield Act(FILE, "anyone", "change_grants", f"account/{account}", outcome, said)
