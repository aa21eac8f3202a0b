"""A determination in prose, with its citations: the deciding grounds first, then the others."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.eligibility.explain.grounds_in_words import in_words, plain, words
from services.eligibility.law.engine.reasons import FOR_A_PERSON

WIDTH = 96
SOURCES = {"doj": "DOJ's record", "court": "the court's record", "doj+court": "DOJ's and the court's records"}
ACTS = {"district_attorney": "the district attorney", "city_attorney": "the city attorney"}
OFFICES = {
    **ACTS,
    "city_attorney": "a city attorney",
    "clerk": "the clerk",
    "records_unit": "the records unit",
}
STATUTE = ("lesser_or_no_offense_today", "sentence_completed", "amounts_and_ages")
BARS = (
    *("convicted_on_or_after_2016-11-09", "earlier_super_strike", "earlier_pc_290_conviction"),
    *("2_earlier_of_the_same_section", "felony_alternative", "disqualified_by_offense"),
)
PRESUMPTION = (
    "The law presumes a person eligible unless whoever objects proves otherwise by clear and convincing evidence "
    "(HS 11361.8(b), (f))."
)
Ground = Mapping[str, Any]


def explain(entry: Mapping[str, Any]) -> Iterator[str]:
    """One determination, given as a JSON object, in prose: lines of at most 96 characters."""
    grounds, policy = list(entry["grounds"]), entry["policy"]
    yield from _wrapped(_whose(entry), "", "  ")
    yield from _wrapped(_outcome(entry))
    yield ""
    deciding = _deciding(grounds, policy)
    yield from _wrapped(f"{_sentence('because', deciding, policy)}")
    if deciding[0]["rule"] == "below_legal_minimum":
        own = _deciding(grounds[1:], policy)
        yield from _wrapped(_sentence("the county's own row says so because", own, policy))
        deciding += own
    if any(ground["finding"] == "unknown" for ground in deciding):
        yield from _wrapped("What is not known is never taken as eligible: a person has to find out.")
    yield from _questions(entry)
    others = [one for one in grounds if one not in deciding and one["rule"] != "otherwise"]
    rows = sorted((one for one in others if _row(one, policy)), key=lambda one: _place(_row(one, policy)))
    unknown = [one for one in rows if one["finding"] == "unknown"]
    yield from _listed(
        "Not known either:" if entry["reason"].startswith("unknown") else "Not known:", unknown, policy
    )
    yield from _listed("What the table asked besides:", [one for one in rows if one not in unknown], policy)
    law = [one for one in others if not _row(one, policy) and one["rule"] not in {*STATUTE, *BARS}]
    yield from _listed("What the law itself asks:", law, policy)
    yield from _statute(entry, grounds, policy)
    yield ""
    yield from _wrapped(_next(entry))
    yield from _wrapped(f"Law: {entry['law']}.")


def _questions(entry: Mapping[str, Any]) -> Iterator[str]:
    """The open questions: for each, whose file answers it, who may answer, and what each answer leads to."""
    if not entry["open_questions"]:
        if why := FOR_A_PERSON.get(entry["reason"]):
            yield from _wrapped(f"No statement of a fact settles it: {why}.")
        elif entry["outcome"] == "needs_review" and entry["route"]:
            yield from _wrapped(
                f"No statement of a fact settles it: the table leaves it to {ACTS[entry['route']]}."
            )
        return
    yield ""
    yield from _wrapped("Questions that would settle it, or bring it further:")
    for one in entry["open_questions"]:
        of = f"case {one['case_number']}" if one["case_number"] else "a case without a number"
        asked_of = " or ".join(OFFICES[office] for office in one["asked_of"])
        section = one["section"] or "a charge that cannot be read"
        told = f"{one['question']} (code {one['code']}; {section}, {of}; for {asked_of})"
        yield from _wrapped(told, "  - ", "    ")
        for said in one["contradicting"]:
            by = said["stated_by"]
            who = (
                f"{OFFICES[by['role']]}, {by['account']}, statement {said['statement_id']}"
                if by
                else "the record"
            )
            yield from _wrapped(f"said: {said['value']} ({who})", "      ", "        ")
        for answer in one["answers"]:
            follows = f"{answer['words']}: {words(answer['outcome'])} ({words(answer['reason'])})"
            yield from _wrapped(follows, "      ", "        ")


def _whose(entry: Mapping[str, Any]) -> str:
    """Which conviction it is."""
    section = entry["section"] or "a charge that cannot be read"
    level = entry["level"] or "level not known"
    when = (
        f"convicted {plain(entry['conviction_date'])}"
        if entry["conviction_date"]
        else "convicted on an unknown day"
    )
    row = f", row {entry['source_row']} of the file" if entry["source_row"] is not None else ""
    number = entry["case_number"] or "without a number"
    return f"Case {number}: {section}, {level}, {when} ({SOURCES[entry['source']]}{row})"


def _outcome(entry: Mapping[str, Any]) -> str:
    acts = ACTS.get(entry["route"] or "", "")
    who = f"; {acts}{' of ' + entry['city'] if entry['city'] else ''} has to act" if acts else ""
    return (
        f"On {plain(entry['as_of'])}, under {entry['policy']}: {words(entry['outcome'])}{who}. "
        f'In the county\'s words: "{entry["determination_label"]}: {entry["reason_label"]}".'
    )


def _deciding(grounds: Sequence[Ground], policy: str) -> list[Ground]:
    """The first ground, and those of the same row with the same finding."""
    first = grounds[0]
    row = _row(first, policy)
    return [
        one
        for one in grounds
        if one is first or (row and _row(one, policy) == row and one["finding"] == first["finding"])
    ]


def _statute(entry: Mapping[str, Any], grounds: Sequence[Ground], policy: str) -> Iterator[str]:
    """What the statute alone compels, why, and the presumption; empty where the statute was not asked."""
    tests = [one for one in grounds if one["rule"] in STATUTE]
    if not tests:
        return
    bars = [{**one, "citation": _by_law(one, policy)} for one in grounds if one["rule"] in BARS]
    minimum, today = entry["legal_minimum"], [one for one in tests if one["rule"] == STATUTE[0]]
    standing = [] if minimum else [one for one in bars if one["finding"] != "not_met"]
    absent = [in_words(one) for one in bars if one["finding"] == "not_met"]
    yield ""
    compels = f"{words(minimum)}, when nobody objects" if minimum else "nothing on these facts"
    yield from _wrapped(_sentence(f"the statute alone compels {compels}, because", standing or today, policy))
    for one in today if standing else ():
        yield from _wrapped(_sentence("otherwise:", [one], policy))
    for one in (one for one in tests if one["rule"] == STATUTE[1]):
        yield from _wrapped(_sentence("procedure:", [one], policy))
    if absent:
        yield from _wrapped(f"No bar: {'; '.join(absent)}.")
    for one in (one for one in tests if minimum and one["rule"] == STATUTE[2]):
        yield from _wrapped(
            f"What no record shows ({plain(one['facts']['not_on_record'])}) is left open: this is the least that "
            f"follows whatever it was. It is presumed {one['facts']['presumed']} [{one['citation']}]."
        )
    if not minimum and any(one["finding"] == "unknown" for one in (*today, *standing)):
        yield from _wrapped(
            f"{PRESUMPTION} But nothing counts as compelled until what is not known has been found out."
        )


def _next(entry: Mapping[str, Any]) -> str:
    if entry["next_review_on"]:
        return f"The same facts give another answer from {plain(entry['next_review_on'])} on."
    return "Time alone does not change this answer; new facts may."


def _listed(title: str, grounds: Sequence[Ground], policy: str) -> Iterator[str]:
    if grounds:
        yield ""
        yield from _wrapped(title)
    for one in grounds:
        yield from _wrapped(_sentence("", [one], policy), "  - ", "    ")


def _sentence(opening: str, grounds: Sequence[Ground], policy: str) -> str:
    """The grounds as one sentence, with a row and what is cited in brackets, each once."""
    told = f"{opening} {', and '.join(in_words(one) for one in grounds)}".strip()
    cited = [
        part for one in grounds for part in (_row(one, policy), *_by_law(one, policy).split("; ")) if part
    ]
    return told[:1].upper() + told[1:] + (f" [{'; '.join(dict.fromkeys(cited))}]" if cited else "") + "."


def _row(ground: Ground, policy: str) -> str:
    """``row 7`` where the county's table asked it, else empty."""
    first: str = ground["citation"].split("; ")[0]
    return first.removeprefix(f"{policy}, ") if first.startswith(f"{policy}, row ") else ""


def _place(row: str) -> tuple[int, str]:
    """Sorts rows by their number, then letter."""
    number = row.removeprefix("row ")
    digits = number.rstrip("abcdefghijklmnopqrstuvwxyz")
    return int(digits) if digits.isdigit() else 0, number


def _by_law(ground: Ground, policy: str) -> str:
    """The citation without the county's row."""
    parts = ground["citation"].split("; ")
    return "; ".join(parts[1:] if _row(ground, policy) else parts)


def _wrapped(text: str, first: str = "  ", later: str = "  ") -> Iterator[str]:
    yield from textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=later,
        break_long_words=False,
        break_on_hyphens=False,
    )
