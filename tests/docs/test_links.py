"""Each link in a document leads to a file and a heading that exist; each path that it names exists."""

import re
from pathlib import Path

import pytest

from tests.docs.documents import ROOT, anchors, documents

LINK = re.compile(r"\]\(([^)\s]+)\)")
PATH = re.compile(r"`((?:services|deploy|tests|contracts|docs)/[a-z0-9_./-]*)`")


@pytest.mark.parametrize("document", documents(), ids=str)
def test_its_links_lead_somewhere(document: Path) -> None:
    text = re.sub(r"^```.*?^```", "", (ROOT / document).read_text(), flags=re.M | re.S)
    for link in LINK.findall(text):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / document).parent / path if path else ROOT / document
        assert target.exists(), f"{document} links to {link}"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target.read_text()), f"{document} links to {link}"


@pytest.mark.parametrize("document", documents(), ids=str)
def test_the_paths_that_it_names_are_there(document: Path) -> None:
    missing = [path for path in PATH.findall((ROOT / document).read_text()) if not (ROOT / path).exists()]

    assert not missing
