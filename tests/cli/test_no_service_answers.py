"""A command whose service does not answer says so and how to start it, whatever it sends or reads."""

from pathlib import Path

import httpx
import pytest
from cyclopts import App

from services.cli.client import services
from services.cli.order import order
from services.cli.referral import referral
from services.cli.review import review
from services.cli.terminal.exit import ServerMissing
from tests.cli.answering import Answering


@pytest.mark.parametrize(
    ("app", "words"),
    [
        (order, "outcomes {file} --order los-angeles-1"),
        (referral, "submit {file} --county los-angeles"),
        (review, "export --county los-angeles --out {file}"),
        (review, "list --county los-angeles"),
    ],
)
def test_it_ends_in_a_sentence(app: App, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    monkeypatch.setattr(services, "addresses", lambda: Answering(refuse))
    file = tmp_path / "rows.csv"
    file.write_text("surname\n")
    with pytest.raises(ServerMissing, match=r"does not answer\. Start it: reliefstream up"):
        app(words.format(file=file).split(), result_action="return_value", exit_on_error=False)
