"""Which reported counts of one subject are one conviction.

Two mistakes are weighed. Joining two convictions hides a prior; leaving one conviction in two counts it twice
and can deny relief. So counts are joined only on the evidence below, and whatever the joined counts say
differently becomes unknown (agreement.py), which sends the conviction to review. Relief is keyed by the
counts, so a joined conviction covers every one of them.

**One event reported twice by one source** (``_repeated``): same county, same case number, same charge, same
known conviction date, same level, in two reports: two steps of a rap sheet, or two records. Counts of one
report are never joined (two counts of HS 11359 in one case happen), so of two reports with two such counts
each the first goes with the first and the second with the second. Where neither report has a case number the
county must be known. Different known offense dates are different events.

**One count in DOJ's and in the court's record** (``_across``): same county and case number, and the same
charge; the nearest conviction dates go together, however far apart they are, since in one case number a
charge that both report is the same charge. What is left over is joined when it is one on each side with
the same conviction date: a plea to an amended charge.

**A case number with a defendant's suffix** (``_under_a_suffix``): one source writes ``SF1234567-02``, the other
``SF1234567``, or one of them ``SF1234567-02-01`` or ``SF123456702``. The person is the same, so the number is too where
county, charge, known conviction date and level are; each with its nearest, and none twice.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from services.disjoint_sets import DisjointSets
from services.reconciliation.linkage.conviction.reported_count import Reported

Conviction = tuple[Reported, ...]


def same_convictions(counts: Iterable[Reported]) -> list[Conviction]:
    """The counts of one subject in groups, one per conviction, each sorted by key."""
    given = sorted(counts, key=lambda reported: reported.key)
    if len(given) < 2:
        return [tuple(given)] if given else []
    repeated = list(_repeated(given))
    of_both = len({reported.source for reported in given}) > 1
    if not (repeated or of_both):
        return [(reported,) for reported in given]
    by_key = {reported.key: reported for reported in given}
    same = DisjointSets(by_key)
    for first, second in repeated:
        same.join(first.key, second.key)
    if of_both:
        once = [tuple(by_key[key] for key in group) for group in same.groups()]
        for doj, court in (*_across(once), *_under_a_suffix(once)):
            same.join(doj[0].key, court[0].key)
    return [tuple(by_key[key] for key in group) for group in same.groups()]


def _repeated(counts: Sequence[Reported]) -> Iterable[tuple[Reported, Reported]]:
    alike: dict[object, list[Reported]] = {}
    for one in counts:
        count = one.count
        if one.charge is None or count.conviction_date is None or not (one.case or count.county):
            continue
        if count.doubts and any(doubt.field == "case_number" for doubt in count.doubts):
            continue  # two numbers that could not be read are not one number
        what = (one.source, count.county, one.case, one.charge, count.conviction_date, count.level_convicted)
        alike.setdefault(what, []).append(one)
    for group in alike.values():
        for event in _by_offense_date(group) if len(group) > 1 else ():
            place_in_report: dict[str, int] = {}
            nth: dict[int, Reported] = {}
            for one in event:
                place = place_in_report[one.report] = place_in_report.get(one.report, 0) + 1
                yield nth.setdefault(place, one), one


def _by_offense_date(group: list[Reported]) -> list[list[Reported]]:
    dates = {one.count.offense_date for one in group}
    if len(dates - {None}) < 2:
        return [group]
    return [[one for one in group if one.count.offense_date == on] for on in dates if on is not None]


def _across(once: Sequence[Conviction]) -> Iterable[tuple[Conviction, Conviction]]:
    cases: dict[tuple[str, str], tuple[list[Conviction], list[Conviction]]] = {}
    for conviction in once:
        first = conviction[0]
        if first.case and first.count.county:
            sides = cases.setdefault((first.count.county, first.case), ([], []))
            sides[first.source == "court"].append(conviction)
    for doj, court in cases.values():
        if doj and court:
            yield from _in_one_case(doj, court)


def _under_a_suffix(once: Sequence[Conviction]) -> Iterable[tuple[Conviction, Conviction]]:
    alike: dict[object, tuple[list[Conviction], list[Conviction]]] = {}
    numbers = {(one[0].source, one[0].count.county, one[0].case) for one in once}
    for conviction in once:
        first = conviction[0]
        other = "doj" if first.source == "court" else "court"
        if (other, first.count.county, first.case) in numbers:
            continue  # the other source has this very number
        if not (first.case and first.count.county and first.charge and first.count.conviction_date):
            continue
        what = (first.count.county, first.charge, first.count.conviction_date, first.count.level_convicted)
        alike.setdefault(what, ([], []))[first.source == "court"].append(conviction)
    for doj, court in alike.values():
        for one in doj:
            its = next((other for other in court if one[0].has_suffix_beside(other[0])), None)
            if its is not None:
                court.remove(its)
                yield one, its


def _in_one_case(doj: list[Conviction], court: list[Conviction]) -> Iterable[tuple[Conviction, Conviction]]:
    alike = [
        (_days_apart(one, other), at, other_at)
        for at, one in enumerate(doj)
        for other_at, other in enumerate(court)
        if one[0].charge and one[0].charge == other[0].charge
    ]
    doj_left, court_left = dict(enumerate(doj)), dict(enumerate(court))
    for _, at, other_at in sorted(alike):
        if at in doj_left and other_at in court_left:
            yield doj_left.pop(at), court_left.pop(other_at)
    if len(doj_left) == len(court_left) == 1:
        (one,), (other,) = doj_left.values(), court_left.values()
        if _days_apart(one, other) == 0:
            yield one, other


def _days_apart(one: Conviction, other: Conviction) -> int:
    """Between conviction dates, which all counts of one repeated event share; unknown is furthest."""
    on, other_on = one[0].count.conviction_date, other[0].count.conviction_date
    return abs((on - other_on).days) if on and other_on else date.max.toordinal()
