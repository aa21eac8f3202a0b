"""Every command in the documents is one that runs: those without servers here, the others in tests/end_to_end."""

import re
import shutil
from pathlib import Path

import pytest

from docs.generate.commands import commands_page
from tests.docs.documents import ROOT, documents
from tests.docs.shell_blocks import blocks, fences, run, script

HAND_WRITTEN = [
    path for path in documents() if not path.is_relative_to("docs/reference") and "manual" not in path.parts
]
OFFLINE = [path for path in HAND_WRITTEN if any(block.kind == "offline" for block in blocks(path))]
LANGUAGES = {"", "sh", "python", "json", "yaml", "mermaid", "text"}
INLINE = re.compile(r"`(reliefstream [^`]+)`")


@pytest.fixture(scope="session")
def sections() -> dict[str, str]:
    """The text of each command in the reference, by its words."""
    parts = re.split(r"^#+ (reliefstream[a-z -]*)$", commands_page(), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the documents name of a clone, and the sample that the README makes, without bad rows lost."""
    folder = tmp_path_factory.mktemp("clone")
    for part in ("contracts/examples", "deploy/counties", "deploy/examples"):
        shutil.copytree(ROOT / part, folder / part)
    run("reliefstream sample --county los-angeles --scale 1/1000 --seed 7 --out sample/", folder, {})
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("document", OFFLINE, ids=str)
def test_its_commands_without_servers_end_as_it_says(document: Path, clone: Path, tmp_path: Path) -> None:
    folder = tmp_path / "clone"
    shutil.copytree(clone, folder)

    run(script([block for block in blocks(document) if block.kind == "offline"]), folder, {})


@pytest.mark.parametrize("document", HAND_WRITTEN, ids=str)
def test_its_blocks_are_of_a_known_language_and_say_why_no_test_runs_them(document: Path) -> None:
    assert {info.partition(" ")[0] for _, info, _ in fences(document)} <= LANGUAGES
    for block in blocks(document):
        if block.kind == "not-tested":
            print(f"{document}:{block.line} is not run: {block.reason}")
            assert block.reason


@pytest.mark.parametrize("document", HAND_WRITTEN, ids=str)
def test_the_commands_that_it_names_exist_with_their_options(
    document: Path, sections: dict[str, str]
) -> None:
    not_run = [block.text for block in blocks(document) if block.kind == "not-tested"]
    named = INLINE.findall(" ".join((ROOT / document).read_text(encoding="utf-8").split()))
    named += [line for text in not_run for line in text.splitlines() if line.startswith("reliefstream ")]
    for command in named:
        words = command.partition("#")[0].split()
        section = next(
            (text for length in (3, 2) if (text := sections.get(" ".join(words[:length])))),
            sections["reliefstream"],
        )
        assert section is not sections["reliefstream"] or words[1].startswith(("-", "COMMAND")), command
        for option in re.findall(r"--[a-z][a-z-]*", " ".join(words)):
            assert option in section or option in ("--help", "--version"), f"{document}: {command}"


@pytest.mark.parametrize("document", HAND_WRITTEN, ids=str)
def test_the_targets_of_make_that_it_names_exist(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    text = (ROOT / document).read_text(encoding="utf-8")
    named = re.findall(r"(?:`|^)make ([^`#\n]+)", text, re.M)

    assert {
        word for words in named for word in words.split() if "=" not in word and word.islower()
    } <= targets
