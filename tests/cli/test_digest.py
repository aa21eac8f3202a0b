"""The daily mail of each office: numbers and pages, no name; the mail server may refuse, or be missing."""

import asyncio
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_string
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from services.cli import digest as command
from services.cli.main import run
from services.console.digest.mail import mail_of
from services.console.digest.recipients import Recipient

URL = "https://console.test"
REVIEWS = {
    "as_of": "2026-11-02",
    "offices": [
        {"county": "los-angeles", "office": "clerk", "city": None, "waiting": 5, "new": 2, "overdue": 1, "due": 3,
         "prepared": 0},
        {"county": "los-angeles", "office": "city_attorney", "city": "Burbank", "waiting": 4, "new": 0, "overdue": 0,
         "due": 0, "prepared": 1},
    ],
    "challenges": {"los-angeles": 2},
    "lists": {"los-angeles": 1},
    "differing": [{"county": "los-angeles", "office": "clerk", "city": None, "number": 3}],
}  # fmt: skip
LEDGER = {
    "counties": [{"county": "los-angeles", "open": 9, "new": 1, "referrals": 3, "referrals_overdue": 2}]
}
RECIPIENTS = """
offices:
  - {county: los-angeles, office: clerk, to: [clerk@court.test, second@court.test]}
  - {county: los-angeles, office: city_attorney, city: Burbank, to: [attorney@burbank.test]}
  - {county: los-angeles, office: records_unit, to: [records@county.test]}
  - {county: fresno, office: clerk, to: [clerk@fresno.test]}
"""


@dataclass
class MailServer:
    """An SMTP server on loopback that keeps what it takes. ``refuses``: an address that it does not know."""

    refuses: str = "nobody@nowhere.test"
    taken: list[tuple[list[str], Message]] = field(default_factory=list)
    port: int = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client, as far as RFC 5321 asks for a mail without encryption."""
        to: list[str] = []

        def say(text: str) -> None:
            writer.write(f"{text}\r\n".encode())

        say("220 mail.test")
        while line := (await reader.readline()).decode():
            word = line.split(maxsplit=1)[0].upper() if line.split() else ""
            if word == "DATA":
                say("354 go on")
                text = (await reader.readuntil(b"\r\n.\r\n")).decode()[:-5]
                self.taken.append((to, message_from_string(text)))
                to = []
                say("250 taken")
            elif word == "RCPT":
                address = line.partition("<")[2].partition(">")[0]
                if address == self.refuses:
                    say("550 no such mailbox")
                else:
                    to.append(address)
                    say("250 known")
            elif word == "QUIT":
                say("221 good bye")
                break
            else:
                say("250 mail.test")
        writer.close()


@contextmanager
def mail_server(server: MailServer) -> Iterator[MailServer]:
    loop, ready = asyncio.new_event_loop(), threading.Event()

    async def serve() -> asyncio.Server:
        listening = await asyncio.start_server(server.answer, "127.0.0.1", 0)
        server.port = listening.sockets[0].getsockname()[1]
        ready.set()
        return listening

    def running() -> None:
        listening = loop.run_until_complete(serve())
        loop.run_forever()
        listening.close()  # else a connection is taken and never answered
        loop.run_until_complete(listening.wait_closed())
        loop.close()

    thread = threading.Thread(target=running, daemon=True)
    thread.start()
    assert ready.wait(10)
    yield server
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """The services' answers; what they were asked."""
    said: list[tuple[str, Any]] = []

    def ask(service: str, _: str, path: str, *, query: Any) -> Any:
        said.append((path, query))
        return REVIEWS if service == "relief" else LEDGER

    monkeypatch.setattr(command, "ask", ask)
    return said


def said(message: Message) -> str:
    """The text of a mail."""
    text = message.get_payload(decode=True)
    assert isinstance(text, bytes)
    return text.decode()


def set_up(monkeypatch: pytest.MonkeyPatch, port: int, folder: Path, text: str = RECIPIENTS) -> str:
    """The settings and the file; its name."""
    given = {
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(port),
        "SMTP_TLS": "none",
        "MAIL_FROM": "console@county.test",
    }
    for name, value in {**given, "CONSOLE_URL": URL}.items():
        monkeypatch.setenv(f"RELIEFSTREAM_{name}", value)
    path = folder / "recipients.yaml"
    path.write_text(text)
    return str(path)


def test_each_office_gets_its_own_numbers_and_pages_and_none_where_nothing_waits(
    asked: list[tuple[str, Any]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with mail_server(MailServer()) as server:
        assert run(["digest", set_up(monkeypatch, server.port, tmp_path)]) == 0
    by_office = {tuple(to): message for to, message in server.taken}
    assert set(by_office) == {
        ("clerk@court.test", "second@court.test"),
        ("attorney@burbank.test",),
        ("records@county.test",),
    }
    clerk = by_office["clerk@court.test", "second@court.test"]
    assert clerk["Subject"] == "What waits for the clerk of the court, Los Angeles"
    assert clerk["Auto-Submitted"] == "auto-generated"
    text = said(clerk)
    assert "2 came new since yesterday" in text
    assert "1 are past their day" in text
    assert "1 lists wait for the court's order" in text
    assert f"{URL}/counties/los-angeles/challenges" in text
    assert "3 orders are to be looked at again" in text
    assert f"{URL}/counties/los-angeles/differing-orders" in text
    burbank = said(by_office["attorney@burbank.test",])
    assert f"{URL}/counties/los-angeles/queue?office=city_attorney&city=Burbank&state=prepared" in burbank
    assert "new since yesterday" not in burbank, "a line of nothing is left out"
    records = said(by_office["records@county.test",])
    assert "9 differences between sources wait in all" in records
    assert [path for path, _ in asked] == ["/v1/reviews/summary", "/v1/discrepancies/summary"]


def test_an_address_that_is_refused_is_named_and_the_others_get_theirs(
    asked: list[tuple[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with mail_server(MailServer(refuses="attorney@burbank.test")) as server:
        assert run(["digest", set_up(monkeypatch, server.port, tmp_path)]) == 1
    assert "attorney@burbank.test" in capsys.readouterr().err
    assert len(server.taken) == 2


def test_without_its_mail_server_it_says_where_it_looked(
    asked: list[tuple[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.socket() as bound:  # a port that nobody else can take, and that does not listen
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        assert run(["digest", set_up(monkeypatch, port, tmp_path)]) == 3
    assert f"The mail server at 127.0.0.1:{port} does not take mail" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("office: clerk", "office: baker"), "line 3"),
        (("clerk@court.test", "clerk"), "line 3"),
        (("los-angeles, office: clerk", "los-angeles, ofice: clerk"), "ofice"),
    ],
)
def test_a_file_that_is_wrong_names_its_line(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: tuple[str, str],
    said: str,
) -> None:
    assert run(["digest", set_up(monkeypatch, 1, tmp_path, RECIPIENTS.replace(*change, 1))]) == 2
    assert said in capsys.readouterr().err


def test_no_mail_is_sent_in_the_clear_to_another_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = set_up(monkeypatch, 25, tmp_path)
    monkeypatch.setenv("RELIEFSTREAM_SMTP_HOST", "mail.county.example")
    assert run(["digest", path]) == 2
    assert "RELIEFSTREAM_SMTP_TLS" in capsys.readouterr().err


def test_a_mail_has_numbers_and_addresses_of_pages_and_nothing_else_of_a_case() -> None:
    mail = mail_of(Recipient(county="los-angeles", office="clerk", to=("a@b.test",)), REVIEWS, LEDGER, URL)
    assert mail is not None
    words = re.sub(r"https://\S+", "", mail.text)
    assert not re.search(r"[A-Z]{2,}[0-9]|[0-9]{4,}", words), "no case number, no identifier"


def test_show_prints_and_sends_nothing(
    asked: list[tuple[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["digest", set_up(monkeypatch, 1, tmp_path), "--show"]) == 0
    assert "To: clerk@court.test, second@court.test" in capsys.readouterr().out
