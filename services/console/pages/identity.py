"""Records that may be one person's, side by side with each field's weight; and what somebody decides of them. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from services.console.web.form import Form
from services.console.web.not_done import NotDone
from services.console.words import dates

Side = Mapping[str, Any]
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FIELDS: Final = (
    ("Surname", "surname"),
    ("Given name", "given_name"),
    ("Middle name", "middle_name"),
    ("Suffix", "suffix"),
    ("Birth date", "birth_date"),
    ("CII number", "cii_number"),
    ("Case number", "case_number"),
    ("The source’s own key", "source_subject_id"),
    ("Sex", "sex"),
    ("Race", "race"),
)
"""As a page names a field, and its name in what reconciliation weighs."""


class Said(NamedTuple):
    """What one side says of a field. ``values``: each as its records give it; empty: not on record.

    ``level``: how it compares with the first side; empty: it is the first, or one of them does not know.
    """

    values: tuple[str, ...]
    level: str
    bits: float | None


class Compared(NamedTuple):
    """One field, with what each side says."""

    name: str
    said: tuple[Said, ...]


def compared(sides: Sequence[Side]) -> list[Compared]:
    """Every field that a side knows, side by side."""
    rows = [Compared(name, tuple(_said(side, key) for side in sides)) for name, key in FIELDS]
    return [row for row in rows if any(one.values for one in row.said)]


def decisions(sides: Sequence[Side], form: Form) -> list[dict[str, Any]]:
    """The decisions of a form as reconciliation takes them. Raises NotDone where one or the reason is missing."""
    found = [
        {"one": sides[0]["subject_id"], "other": side["subject_id"], "same": answer == "same"}
        for letter, side in zip(LETTERS[1:], sides[1:], strict=False)
        if (answer := form.get(f"is-{letter}")) in ("same", "apart")
    ]
    if not found:
        raise NotDone("Say of at least one whether it is the same person. To decide later, put it off.")
    reason = form.get("reason")
    if not reason:
        raise NotDone("Say why: that always stands with the decision.")
    return [{**one, "reason": reason} for one in found]


def done(made: Sequence[Mapping[str, Any]]) -> str:
    """What was decided, for the next page."""
    same = sum(one["same"] for one in made)
    parts = [f"{same} the same person"] if same else []
    parts += [f"{len(made) - same} another person"] if same < len(made) else []
    return f"Decided: {', '.join(parts)}. It holds whatever records come later, until somebody decides otherwise."


def _said(side: Side, key: str) -> Said:
    weighed = {one["field"]: one for one in (side["likeness"] or {"evidence": ()})["evidence"]}
    own = weighed.get(key)
    values = dict.fromkeys(value for record in side["records"] for value in _values(record, key))
    return Said(tuple(values), own["level"] if own else "", own["bits"] if own else None)


def _values(record: Mapping[str, Any], key: str) -> Iterator[str]:
    if key == "cii_number":
        yield from record["cii_numbers"]
    elif key == "case_number":
        yield from (one["case_number"] for one in record["cases"] if one["case_number"])
    elif record[key]:
        yield dates.fact(record[key])
