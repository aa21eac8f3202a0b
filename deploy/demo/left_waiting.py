"""What the demo leaves for people: a few fabricated cases more, so that something waits in every office's queue."""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from deploy.demo import offices
from deploy.demo.offices import Review
from deploy.demo.steps import SETTLED_S, send
from deploy.local import addresses as local
from deploy.local.sign_in.accounts import PEOPLE
from services import CONSOLE
from services.chassis.identity.grants.text import EVERYWHERE
from services.cli.client.addresses import Addresses
from services.cli.client.local_root import local_root
from services.cli.client.services import ask
from services.cli.client.settled import settled

COUNTY, CITY, OTHER_CITY = "los-angeles", "Los Angeles", "Burbank"
OF_COUNTY, OF_CITY = "HS 11357", "HS 11360(b)"
"""A charge whose level no record has: the district attorney's; a misdemeanor: the city attorney's."""
OF_THE_CITY: Final = ("MERCER", "NORTHAM", "PELHAM", "QUENBY", "OAKES", "OAKS")
"""The last two are alike: whose records are these?"""
NAMES: Final = ("QUILL", "RAMSEY", "SABLE", "TORVILLE", "UPJOHN", "VESPER", "WINDLE")
REFERRED: Final = (
    {"surname": "Quill", "given_name": "Demo", "birth_date": "1961-05-04", "case_number": "DEMO-A01"},
    {"surname": "Nemo", "given_name": "Demo", "birth_date": "1970-01-02"},
)
"""Whom a community group names: one is on record, the other is not."""
WAITS: Final = {
    "district_attorney": "reviews, a motion to sign, records that may be one person's",
    "city_attorney": "a review, a motion to sign, an objection",
    "clerk": "a list for the court's order, an objection to rule on",
    "records_unit": "where sources differ, whose records these are, a referral, DOJ's list, what was not taken in",
    "public_defender": "an objection to answer",
    "community_group": "persons to hand in",
    "analyst": "statistics, what another policy would change",
}


def leave_work(console: Console, found: Addresses, folder: Path) -> None:
    """Sends the cases, and leaves each office something at its stage. Raises Refused."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "left_waiting.jsonl"
    file.write_text("".join(json.dumps(record) + "\n" for record in records()), encoding="utf-8")
    send(found, COUNTY, "court", file)
    group = found.acting_as("trial-community-group")
    ask("reconciliation", "POST", f"/v1/counties/{COUNTY}/referrals", body={"persons": REFERRED}, found=group)
    waiting = offices.waiting(found, COUNTY)
    alone = [f"DEMO-A{at:02}" for at in range(2, len(NAMES) + 1)]
    district = [one for one in waiting if one["case_number"] in alone]
    preparer, signer = found.acting_as("trial-preparer"), found.acting_as("trial-signer")
    for one, signs in ((district[:1], True), (district[1:2], False)):
        _prepared(one, preparer, signer if signs else None, "decide")
    city_preparer, city_signer = found.acting_as("trial-city-preparer"), found.acting_as("trial-city-signer")
    own = [one for one in waiting if one["city"] == CITY]
    others = [one for one in waiting if one["city"] == OTHER_CITY]
    _prepared(own[:1], city_preparer, None, "decide")
    _prepared(own[1:2], city_preparer, city_signer, "challenge")
    _prepared(others[:1], city_preparer, city_signer, "challenge")
    asyncio.run(settled(found, SETTLED_S))
    ask("relief", "POST", f"/v1/counties/{COUNTY}/proposed-orders", found=found.acting_as("trial-clerk"))
    print_sign_ins(console)


def print_sign_ins(console: Console) -> None:
    """The address of the console, and whom to sign in as for each office."""
    url = local.read(local_root()).http.get(CONSOLE)
    console.rule("In a browser: each office's pages", align="left")
    console.print(f"  {url}   the console; choose one of these fabricated people:")
    table = Table("sign in as", "what waits", show_edge=False)
    for person in PEOPLE:
        role, _, place = person.grant.partition(":")
        if role in WAITS and place.startswith((COUNTY, EVERYWHERE)):
            table.add_row(person.name, WAITS[role])
    console.print(table)


def records() -> Iterator[Mapping[str, Any]]:
    """Court records in the strict layout. The first and the eighth have one CII number and two names."""
    agency = "LOS ANGELES COUNTY DISTRICT ATTORNEY"
    for at, name in enumerate(NAMES, 1):
        yield _record(at, name, OF_COUNTY, None, agency)
    yield _record(20, "HARLOW", OF_COUNTY, None, agency, cii=_cii(1))
    for at, name in enumerate(OF_THE_CITY, 30):
        yield _record(at, name, OF_CITY, "misdemeanor", f"{CITY.upper()} CITY ATTORNEY")
    yield _record(40, "BURBANKER", OF_CITY, "misdemeanor", f"{OTHER_CITY.upper()} CITY ATTORNEY")


def _record(
    at: int, surname: str, section: str, level: str | None, agency: str, *, cii: str | None = None
) -> Mapping[str, Any]:
    day = f"19{70 + at % 25}-06-{1 + at % 27:02}"
    charge = {
        "charge_number": "1", "code_section": section, "level_charged": level, "level_convicted": level,
        "offense_date": day, "plea": "guilty", "disposition": "convicted", "disposition_date": day,
        "sentence": [{"kind": "jail", "length": 30, "unit": "days"}],
    }  # fmt: skip
    defendant = {
        "source_subject_id": f"DEMO-P{at:02}", "cii_number": cii or _cii(at), "surname": surname,
        "given_name": "DEMO" if cii is None else "HOLLIS", "birth_date": f"19{40 + at % 21 + (at == 1) * 20}-05-04",
        "sex": "M" if cii is None else "F", "race": "WHITE",
    }  # fmt: skip
    return {
        "record_id": f"demo-{at}", "revision": 1, "county": "Los Angeles",
        "court": "Superior Court of California, County of Los Angeles", "case_number": f"DEMO-A{at:02}",
        "prosecuting_agency": agency, "defendant": defendant, "charges": [charge],
    }  # fmt: skip


def _cii(at: int) -> str:
    """A number of a form that no sample has."""
    return f"Z99{at:06}"


def _prepared(chosen: Sequence[Review], preparer: Addresses, signer: Addresses | None, verb: str) -> None:
    """One person prepares a decision on these; where a signer is given, that account signs."""
    body: dict[str, Any] = {"reason_code": "ineligible"}
    if verb == "decide":
        body = {"decision": "dismissal", "reason_code": "file_reviewed"}
    offices.prepare_and_sign(COUNTY, (preparer, signer), verb, chosen, **body)
