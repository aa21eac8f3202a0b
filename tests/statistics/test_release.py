"""No view of a release, and no difference of two views of it, is a small number of persons."""

from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from services.statistics.elimination import determined
from services.statistics.tables import ALL, Cell, Fact, Tables
from tests.effort import tries

COUNTIES = ("fresno", "kern")
CONVICTION = st.tuples(
    st.sampled_from(COUNTIES),
    st.sampled_from(("dismissal", "needs_review")),
    st.sampled_from(("felony", "misdemeanor")),
)
PERSON = st.tuples(
    st.lists(CONVICTION, min_size=1, max_size=3), st.sampled_from(("male", "female")), st.booleans()
)
SMALLEST = 3


def counted(
    people: list[tuple[list[tuple[str, str, str]], str, bool]],
) -> tuple[Tables, dict[Cell, set[tuple[int, str]]]]:
    """The tables, and who is in each cell: a person once for each county."""
    tables = Tables(of_persons=("record",))
    members: dict[Cell, set[tuple[int, str]]] = defaultdict(set)
    for number, (convictions, sex, felon) in enumerate(people):
        judged = [
            (county, [Fact("level", level, outcome), Fact("sex", sex, outcome)])
            for county, outcome, level in convictions
        ]
        counties = {county for county, _, _ in convictions}
        record = [
            (county, Fact("record", "felony", cleared)) for county in counties for cleared in ("", "cleared")
        ]
        tables.add(judged, record if felon else [])
        for county, facts in judged:
            for by, group, outcome in facts:
                for place in (county, ALL):
                    for result in (outcome, ALL):
                        members[Cell(place, by, group, result)].add((number, county))
                        members[Cell(place, outcome=result)].add((number, county))
        for county, fact in record if felon else []:
            for place in (county, ALL):
                members[Cell(place, *fact)].add((number, county))
    return tables, members


def test_each_cell_counts_the_persons_who_are_in_it() -> None:
    tables, members = counted([([("fresno", "dismissal", "felony")] * 2, "male", True)] * 2)

    assert {cell: len(found) for cell, found in members.items()} == tables.persons
    assert tables.convictions[Cell("fresno", "level", "felony", "dismissal")] == 4


@settings(max_examples=tries(60), deadline=None)
@given(st.lists(PERSON, min_size=1, max_size=24))
def test_no_view_and_no_difference_of_two_views_is_a_small_number_of_persons(
    people: list[tuple[list[tuple[str, str, str]], str, bool]],
) -> None:
    tables, members = counted(people)
    shown = tables.released(SMALLEST)

    for one in shown:
        assert not 0 < len(members[one]) < SMALLEST
        for other in shown:
            if members[other] < members[one] and _is_part(other, one):
                assert len(members[one] - members[other]) >= SMALLEST, (one, other)


@settings(max_examples=tries(40), deadline=None)
@given(st.lists(PERSON, min_size=1, max_size=24))
def test_no_conviction_that_stays_back_follows_from_sums(
    people: list[tuple[list[tuple[str, str, str]], str, bool]],
) -> None:
    tables, _ = counted(people)
    out = set(tables.persons) - tables.released(SMALLEST)
    sums = [dict.fromkeys(one.parts, 1) | {one.total: -1} for one in tables.sums() if one.adds_up]

    assert not determined(out, [line for line in sums if tables.convictions[max(line)]])


def test_what_stays_back_is_told_from_what_is_nothing() -> None:
    tables, _ = counted(
        [([("fresno", "dismissal", "felony")], "male", False)] * 20
        + [([("fresno", "dismissal", "felony")], "female", False)]
    )

    rows = {(row.by, row.group, row.outcome): row for row in tables.rows(tables.released(), "fresno")}

    assert rows["sex", "female", "dismissal"].persons is None
    assert rows["sex", "female", "dismissal"].withheld
    assert rows["sex", "male", ""].withheld, "it would follow from the total"
    assert rows["", "", ""].persons == 21
    assert ("level", "misdemeanor", "") not in rows


def _is_part(part: Cell, total: Cell) -> bool:
    """Whether the total has nothing that the part does not have, but for what it leaves open."""
    return all(wide in (ALL, narrow) for wide, narrow in zip(total, part, strict=True))
