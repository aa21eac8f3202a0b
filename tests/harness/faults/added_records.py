"""What a county sends beside a plain file: corrections, withdrawals, a later extract, merges, and what is refused."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from tests.harness.faults.observation import Sent

COUNTY = "los-angeles"
CORRECTED, WITHDRAWN, EXTRACTED, MERGED = 12, 5, 6, 4


def added(sample: Sequence[Sent]) -> list[Sent]:
    """All of it for Los Angeles, made from its fabricated records."""
    cases = [case for case in map(_case, sample) if case]
    highest = {case["record_id"]: case for case in sorted(cases, key=lambda case: int(case["revision"]))}
    plain = [case for case in highest.values() if case["county"].upper() == "LOS ANGELES"]
    return [
        *map(_court, _corrections(plain[:CORRECTED])),
        *map(_court, _withdrawals(plain[CORRECTED : CORRECTED + WITHDRAWN])),
        *map(_court, _merges(plain[30 : 30 + MERGED])),
        *_later_extract([each for each in sample if _said(each, "format") == b"doj"][:EXTRACTED]),
        *_refused(plain[20]),
    ]


def withdrawn(sent: Sequence[Sent]) -> frozenset[str]:
    """The keys of the court's records that it takes back."""
    cases = ((message.county, _case(message)) for message in sent)
    return frozenset(
        f"court/{county}/{case['record_id']}" for county, case in cases if case and case.get("withdrawn")
    )


def _case(message: Sent) -> dict[str, Any] | None:
    if _said(message, "format") != b"court":
        return None
    try:
        found = json.loads(message.value)
    except ValueError:
        return None
    good = isinstance(found, dict) and isinstance(found.get("revision"), int) and found.get("charges")
    return found if good and isinstance(found["record_id"], str) else None


def _said(message: Sent, name: str) -> bytes | None:
    return dict(message.headers).get(name)


def _court(case: dict[str, Any]) -> Sent:
    body = json.dumps(case).encode()
    return Sent(COUNTY, case["record_id"].encode(), (("format", b"court"),), body, None)


def _corrections(cases: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Twice corrected: the first correction changes the facts, the second some of them back."""
    for number, case in enumerate(cases):
        charges = [charge | {"level_convicted": "misdemeanor"} for charge in case["charges"]]
        yield case | {"revision": case["revision"] + 1, "charges": charges}
        if number % 2:
            yield case | {"revision": case["revision"] + 2}


def _withdrawals(cases: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for case in cases:
        yield case | {"revision": case["revision"] + 1, "withdrawn": True}


def _merges(cases: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Two more cases of a person under two keys of the court, and a third that shows both are one."""
    for number, case in enumerate(cases):
        keys = (f"M{number}-A", f"M{number}-B")
        named = {"surname": f"MERGED{chr(65 + number)}", "given_name": "PAT", "birth_date": "1961-03-04"}
        cii = f"A8{number:07}"
        for part, (key, known) in enumerate(
            [(keys[0], {}), (keys[1], {}), (keys[0], {"cii_number": cii}), (keys[1], {"cii_number": cii})]
        ):
            number_of_case = f"XM-{number}{part}0077"
            # Without a birth date the two keys share nothing until both show the state's number.
            person = {"source_subject_id": key, **named, **known}
            if not known:
                del person["birth_date"]
            yield case | {
                "record_id": f"merge-{number}-{part}",
                "revision": 1,
                "case_number": number_of_case,
                "defendant": person,
            }


def _later_extract(rows: Sequence[Sent]) -> Iterator[Sent]:
    """The same persons in a later extract, which replaces the one before."""
    for each in rows:
        dropped = ("extract", "file_sha256", "rows")
        kept = [(name, value) for name, value in each.headers if name not in dropped]
        value = each.value.replace(b",M,", b",U,", 1)
        yield Sent(each.county, each.key, (*kept, ("extract", b"2026-10-01")), value, None)


def _refused(case: dict[str, Any]) -> Iterator[Sent]:
    """What ends in quarantine whole, each for another reason."""
    body = json.dumps(case | {"record_id": "never-read"}).encode()
    court = (("format", b"court"),)
    yield Sent(COUNTY, b"undecodable-1", court, b"\xff\xfe\x00\x80" + body, None)
    yield Sent(COUNTY, b"undecodable-2", court, body.replace(b"never", b"nev\xe9r"), None)
    yield Sent(COUNTY, b"\xff\xfe", (("format", b"\xff"),), body, None)
    yield Sent(COUNTY, b"formless", (), body, None)
    yield Sent(COUNTY, b"unknown", (("format", b"fax"),), body, None)
    yield Sent(COUNTY, b"empty", court, b"", None)
    yield Sent(COUNTY, b"empty", (("format", b"doj"),), b"", None)
    yield Sent(COUNTY, b"no-profile", (*court, ("profile", b"nobody")), body, None)
    charge = case["charges"][0] | {"disposition_date": "1994-13-45"}
    wrong = case | {"record_id": "never-recorded", "charges": [charge]}
    yield Sent(COUNTY, b"never-recorded", court, json.dumps(wrong).encode(), None)
    yield Sent("sacramento", b"sac-undecodable", (*court, ("profile", b"odyssey")), b"\xff\x00\xff", None)
