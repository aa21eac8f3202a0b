"""What the browser keeps for the console: nobody reads, changes or swaps it; keys rotate; cookies go nowhere else."""

import os

import pytest
from pydantic import ValidationError
from starlette.responses import Response

from services.chassis.runtime.cipher import keys_in
from services.console.session.cookies import Cookies
from services.console.session.sealing import Seal
from tests.console.conftest import Browser, World, settings

OLD, NEW = "o" * 32, "n" * 32


def seal(text: str) -> Seal:
    return Seal(keys_in(text), os.urandom)


def test_what_is_sealed_opens_with_its_key_and_purpose_alone() -> None:
    sealed = seal(OLD).seal(b"a note", "form")
    assert b"a note" not in sealed.encode()
    assert seal(OLD).open(sealed, "form") == b"a note"
    assert seal(OLD).open(sealed, "session") is None
    assert seal(NEW).open(sealed, "form") is None


def test_an_older_key_opens_until_it_is_taken_out_and_the_newest_seals() -> None:
    before = seal(OLD).seal(b"x", "form")
    both = seal(f"{NEW},{OLD}")
    assert both.open(before, "form") == b"x"
    assert seal(NEW).open(both.seal(b"y", "form"), "form") == b"y"


@pytest.mark.parametrize("place", [0, 10, 20, -1])
def test_a_changed_letter_makes_it_unreadable(place: int) -> None:
    sealed = seal(OLD).seal(b"a longer note", "form")
    changed = list(sealed)
    changed[place] = "A" if changed[place] != "A" else "B"
    assert seal(OLD).open("".join(changed), "form") in (None, b"a longer note")
    assert seal(OLD).open("".join(changed[:-8]), "form") is None


@pytest.mark.parametrize("text", ["", "é", "not base64!", "AAAA"])
def test_what_was_never_sealed_is_nothing(text: str) -> None:
    assert seal(OLD).open(text, "form") is None


@pytest.mark.parametrize("keys", ["", "short", f"{OLD},short"])
def test_a_key_that_is_too_short_does_not_start_the_console(keys: str) -> None:
    with pytest.raises(ValidationError, match="at least 32 characters"):
        settings(console_keys=keys)


@pytest.mark.parametrize("url", ["http://console.county.example", "https://console.example/below", "ftp://x"])
def test_a_console_that_others_reach_is_https_and_at_the_top_of_its_host(url: str) -> None:
    with pytest.raises(ValidationError, match="console_url"):
        settings(console_url=url)


def test_cookies_over_tls_go_to_this_host_alone_and_to_no_script() -> None:
    answer = Response()
    Cookies(secure=True).write(answer, "session", "v", None)
    first = answer.headers.getlist("set-cookie")[0]
    assert first.startswith("__Host-session=v;")
    for part in ("HttpOnly", "Secure", "Path=/", "SameSite=lax"):
        assert part in first
    assert "Domain" not in first


def test_a_long_value_goes_into_several_cookies_and_comes_back_whole() -> None:
    cookies, answer, value = Cookies(secure=False), Response(), "x" * 6000
    assert cookies.write(answer, "form", value, 60)
    sent = dict(line.split(";")[0].split("=", 1) for line in answer.headers.getlist("set-cookie"))
    assert list(sent) == ["form", "form-1"]
    assert cookies.read(sent, "form") == value
    assert not cookies.write(answer, "form", "x" * 30_000, 60), "too long to be kept"


async def test_a_session_of_another_installation_signs_nobody_in(world: World, browser: Browser) -> None:
    await browser.sign_in("dana")
    foreign = seal(NEW).seal(b'{"account": "person-1"}', "reliefstream")
    browser.http.cookies.clear()
    browser.http.cookies.set("reliefstream", foreign, domain="127.0.0.1")
    page = await browser.open("/counties/los-angeles/queue")
    assert page.url.host == "login.test"
