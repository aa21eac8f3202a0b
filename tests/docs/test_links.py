"""Each link in a document leads to a file that is there, and to a heading that it has."""

import re
from pathlib import Path

import pytest

from tests.docs.documents import ROOT, anchors, documents

LINK = re.compile(r"\]\(([^)\s]+)\)")


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
