"""Small counts are withheld, and nobody can compute them from what is shown."""

from hypothesis import given, settings
from hypothesis import strategies as st

from services.statistics.elimination import determined
from services.statistics.small_cells import withheld
from tests.effort import tries

Line = dict[str, int]


def a_table(rows: list[list[int]]) -> tuple[dict[str, int], list[Line]]:
    """A table with its totals, and the sums that a reader knows."""
    cells = {f"r{r}c{c}": count for r, row in enumerate(rows) for c, count in enumerate(row)}
    width = len(rows[0])
    lines: list[Line] = []
    for r in range(len(rows)):
        cells[f"r{r}"] = sum(rows[r])
        lines.append({f"r{r}c{c}": 1 for c in range(width)} | {f"r{r}": -1})
    for c in range(width):
        cells[f"c{c}"] = sum(row[c] for row in rows)
        lines.append({f"r{r}c{c}": 1 for r in range(len(rows))} | {f"c{c}": -1})
    cells["all"] = sum(map(sum, rows))
    lines.append({f"r{r}": 1 for r in range(len(rows))} | {"all": -1})
    lines.append({f"c{c}": 1 for c in range(width)} | {"all": -1})
    return cells, lines


def possible(cells: dict[str, int], lines: list[Line], out: frozenset[str], span: int) -> dict[str, set[int]]:
    """Solves the table as a reader would who knows the rule: every value that each cell left out may have.

    Tries the values within ``span`` of the true ones; a cell left out is not 0.
    """
    order = sorted(out)
    values: dict[str, set[int]] = {cell: set() for cell in order}
    near = {cell: range(max(1, cells[cell] - span), cells[cell] + span + 1) for cell in order}

    def search(number: int, tried: dict[str, int]) -> None:
        for line in lines:
            missing = [cell for cell in line if cell in out and cell not in tried]
            if not missing and sum(times * tried.get(cell, cells[cell]) for cell, times in line.items()):
                return
        if number == len(order):
            for cell, value in tried.items():
                values[cell].add(value)
            return
        cell = order[number]
        for value in near[cell]:
            search(number + 1, {**tried, cell: value})

    search(0, {})
    return values


def test_a_count_of_one_to_ten_is_withheld_and_zero_is_not() -> None:
    cells = {"none": 0, "one": 1, "ten": 10, "eleven": 11}

    assert withheld(cells, []) == {"one", "ten"}


def test_a_second_cell_is_withheld_where_the_first_follows_from_the_total() -> None:
    cells = {"a": 3, "b": 40, "c": 50, "all": 93}

    assert withheld(cells, [{"a": 1, "b": 1, "c": 1, "all": -1}]) == {"a", "b"}


def test_two_small_cells_that_together_are_few_take_a_third_with_them() -> None:
    cells = {"a": 3, "b": 4, "c": 50, "d": 60, "all": 117}

    assert withheld(cells, [dict.fromkeys("abcd", 1) | {"all": -1}]) == {"a", "b", "c"}


def test_where_nothing_else_is_shown_the_total_is_withheld_too() -> None:
    assert withheld({"a": 3, "b": 0, "all": 3}, [{"a": 1, "b": 1, "all": -1}]) == {"a", "all"}


def test_totals_are_kept_as_long_as_they_can_be() -> None:
    cells, lines = a_table([[3, 20, 30], [40, 50, 60], [70, 80, 90]])

    out = withheld(cells, lines, worth=lambda cell: cell[0] != "r" or "c" not in cell)

    assert out == {"r0c0", "r0c1", "r1c0", "r1c1"}


def test_a_cell_between_two_closed_circles_is_found_to_follow() -> None:
    """Each line has two or more cells left out, and yet one of them can be computed."""
    rows = [[1, 1, 0, 0], [1, 1, 1, 0], [0, 0, 1, 1], [0, 0, 1, 1]]
    _, lines = a_table(rows)
    out = {f"r{r}c{c}" for r, row in enumerate(rows) for c, one in enumerate(row) if one}

    assert determined(out, lines) == {"r1c2"}


def test_nothing_is_withheld_where_no_count_is_small() -> None:
    cells, lines = a_table([[11, 20], [30, 0]])

    assert withheld(cells, lines) == frozenset()


TABLES = st.integers(1, 3).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 6), min_size=width, max_size=width), min_size=1, max_size=3
    )
)


@settings(max_examples=tries(150), deadline=None)
@given(TABLES)
def test_no_withheld_cell_has_a_single_possible_value(rows: list[list[int]]) -> None:
    cells, lines = a_table(rows)
    out = withheld(cells, lines, smallest=4)

    if len(out) > 9:
        return  # the solver would take for ever
    for cell, values in possible(cells, lines, out, span=2).items():
        assert len(values) > 1, (cell, rows, sorted(out))


@settings(max_examples=tries(100), deadline=None)
@given(TABLES, st.randoms(use_true_random=False))
def test_order_changes_nothing(rows: list[list[int]], chance: object) -> None:
    cells, lines = a_table(rows)
    mixed = list(cells.items())
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    turned = [dict(reversed(line.items())) for line in reversed(lines)]

    assert withheld(cells, lines, 4) == withheld(dict(mixed), turned, 4)


@settings(max_examples=tries(100), deadline=None)
@given(TABLES)
def test_every_small_cell_is_withheld_and_no_zero(rows: list[list[int]]) -> None:
    cells, lines = a_table(rows)
    out = withheld(cells, lines, smallest=4)

    assert {cell for cell, count in cells.items() if 0 < count < 4} <= out
    assert not any(cells[cell] == 0 for cell in out)


def test_the_solver_of_this_file_finds_what_a_total_gives_away() -> None:
    cells, lines = a_table([[2, 9]])

    assert possible(cells, lines, frozenset({"r0c0"}), span=3) == {"r0c0": {2}}
    assert all(len(values) > 1 for values in possible(cells, lines, frozenset(cells), span=2).values())
