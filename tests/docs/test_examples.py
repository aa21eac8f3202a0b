"""The code that the integrator's guide shows is the code of deploy/examples, which tests run against real servers."""

from pathlib import Path

import pytest

from tests.docs.documents import ROOT
from tests.docs.shell_blocks import fences

GUIDE = Path("docs/guides/integrator.md")


@pytest.mark.parametrize("example", ["consume_dismissals.py", "receive_webhook.py"])
def test_the_guide_shows_the_example_as_it_is(example: str) -> None:
    shown = [text for _, info, text in fences(GUIDE) if info == "python"]

    assert (ROOT / "deploy" / "examples" / example).read_text() in shown
