"""In any order of sending, correcting and sealing: no sealed count on the topic, and every other as it would be."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reliefstream_contracts.records import Count
from services.ingest.core.message import SourceMessage
from services.ingest.core.sealing.rap_sheet import is_or_was_conviction
from tests.ingest.core.sealing.county import JANE, County, court, doj
from tests.ingest.rows import row

SECTIONS = (
    "11357(A) HS",
    "11358 HS",
    "11359 HS",
    "11360(A) HS",
    "459 PC",
    "484 PC",
    "496 PC",
    "211 PC",
    "245 PC",
)
WRITTEN = (
    "HS 11357(a)",
    "HS 11358",
    "HS 11359",
    "HS 11360(a)",
    "PC 459",
    "PC 484",
    "PC 496",
    "PC 211",
    "PC 245",
)
CASE = "court/los-angeles/case-{cycle}"


@dataclass(frozen=True)
class Charge:
    """``section``: its place in SECTIONS, which is its own alone."""

    section: int
    cycle: int
    convicted: bool
    relief: bool
    """Whether a later step of its own shows relief on it."""
    elsewhere: bool
    """Whether its cycle was another county's court's."""


@st.composite
def lives(draw: st.DrawFn) -> list[Charge]:
    """One to nine charges in up to three cycles, one case each."""
    sections = draw(st.lists(st.sampled_from(range(len(SECTIONS))), min_size=1, unique=True))
    elsewhere = draw(st.sets(st.integers(1, 3)))
    cycles = [draw(st.integers(1, 3)) for _ in sections]
    return [
        Charge(section, cycle, draw(st.integers(0, 3)) > 0, draw(st.booleans()), cycle in elsewhere)
        for section, cycle in zip(sections, cycles, strict=True)
    ]


def rows(life: list[Charge], shift: int) -> list[bytes]:
    """DOJ's rows: arrests, the court's steps with the case number on the first count alone, relief in later steps."""
    found = []
    for cycle in sorted({charge.cycle for charge in life}):
        own = [charge for charge in life if charge.cycle == cycle]
        dates = {"CYC_DATE": f"199{cycle}0101"}
        if own[0].elsewhere:
            dates["STP_ORI_CNTY_NAME"] = "KERN"
        on = {**dates, "STP_EVENT_DATE": f"199{cycle}0601", "DISP_DATE": f"199{cycle}0601"}
        arrest = {**dates, "STP_EVENT_DATE": f"199{cycle}0101", "STP_TYPE_DESCR": "ARREST/DETAINED/CITED",
                  "DISP_DATE": "", "DISP_DESCR": "", "CONV_STAT_DESCR": "", "OFN": ""}  # fmt: skip
        later = {**dates, "STP_EVENT_DATE": "20190101", "DISP_DATE": "", "CONV_STAT_DESCR": "",
                 "DISP_DESCR": "DISM/HS 11361.8"}  # fmt: skip
        for place, charge in enumerate(own, 1 + shift):
            offense = {"OFFENSE_DESCR": f"{SECTIONS[charge.section]}-CHARGE"}
            ends = {} if charge.convicted else {"DISP_DESCR": "DISMISSED", "CONV_STAT_DESCR": ""}
            number = f"BA{cycle}12345"
            first = number if place == 1 + shift else ""
            found.append(row(**arrest | offense, CNT_ORDER=f"{cycle:03}001{place:03}000"))
            found.append(row(**on | offense | ends, CNT_ORDER=f"{cycle:03}002{place:03}000", OFN=first))
            if charge.relief and charge.convicted:
                found.append(row(**later | offense, CNT_ORDER=f"{cycle:03}003{place:03}000", OFN=number))
    return found


def case(life: list[Charge], cycle: int, revision: int, shift: int) -> SourceMessage:
    """The court's own record of a cycle's case, in its own writing of the number."""
    charges = [
        {
            "charge_number": str(place),
            "code_section": SECTIONS[charge.section],
            "level_convicted": "felony" if charge.convicted else None,
            "disposition": "convicted" if charge.convicted else "dismissed",
            "disposition_date": f"199{cycle}-06-01",
        }
        for place, charge in enumerate(life, 1 + shift)
        if charge.cycle == cycle
    ]
    return court(
        record_id=f"case-{cycle}", revision=revision, case_number=f"BA-{cycle}12345", charges=charges
    )


def section(count: Count) -> str:
    return str(count.offense)


def expected(shadow: tuple[Count, ...], sealed: set[str], *, by_cycle: bool) -> list[Count]:
    """What stays of a record that would hold these counts: of a case without another conviction nothing does."""
    stay = [count for count in shadow if section(count) not in sealed]
    events = {count.event for count in stay if is_or_was_conviction(count)}
    touched = {count.event for count in shadow if section(count) in sealed}
    return [count for count in stay if not by_cycle or count.event in events or count.event not in touched]


def removed(life: list[Charge], sealed: set[str]) -> list[Charge] | None:
    """What a source shows that removed the cases of sealed convictions; None: another conviction stands in one."""
    gone = {charge.cycle for charge in life if WRITTEN[charge.section] in sealed}
    stay = [charge for charge in life if charge.cycle not in gone]
    kept = [charge for charge in life if charge.convicted and WRITTEN[charge.section] not in sealed]
    return None if gone.intersection(charge.cycle for charge in kept) else stay


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(life=lives(), data=st.data())
def test_no_sealed_count_is_published_and_the_others_stay(life: list[Charge], data: st.DataObject) -> None:
    county, shadow = County(), County()
    sealed: set[str] = set()
    extract, revision, shift = 1, 1, 0
    for step in data.draw(
        st.lists(
            st.sampled_from(["doj", "again", "part", "removed", "court", "seal"]), min_size=2, max_size=9
        )
    ):
        message: Any = None
        if step in ("doj", "again"):
            if step == "doj":
                extract, shift = extract + 1, data.draw(st.integers(0, 2))
            message = doj(*rows(life, shift), extract=str(extract))
        elif step == "removed" and (left := removed(life, sealed)):
            extract += 1
            shadow.take(doj(*rows(life, shift), extract=str(extract)))
            county.take(doj(*rows(left, shift), extract=str(extract)))
        elif step == "part" and JANE in shadow.published and shadow.published[JANE].revision == extract:
            message = doj(
                *data.draw(st.lists(st.sampled_from(rows(life, shift)), min_size=1)), extract=str(extract)
            )
        elif step == "court":
            revision += data.draw(st.integers(0, 1))
            cycle = data.draw(st.sampled_from(sorted({charge.cycle for charge in life})))
            message = case(life, cycle, revision, data.draw(st.integers(0, 2)) if revision > 1 else 0)
        elif step == "seal":
            convictions = sorted(
                key for key in county.keys_on_topic() if county.count(key).outcome == "convicted"
            )
            if convictions:
                chosen = section(county.count(data.draw(st.sampled_from(convictions))))
                county.seal(
                    *sorted(key for key in county.keys_on_topic() if section(county.count(key)) == chosen)
                )
                sealed.add(chosen)
        if message is not None:
            county.take(message)
            shadow.take(message)
        for record in {*shadow.published, *county.published}:
            counts = county.counts(record)
            assert not sealed.intersection(map(section, counts))
            wanted = expected(shadow.counts(record), sealed, by_cycle=record == JANE)
            if record in county.published or any(map(is_or_was_conviction, wanted)):
                assert list(counts) == wanted
