"""Our engine and splink on FEBRL: each estimates on one half of the people and is scored on the other, both ways."""

from collections.abc import Iterator, Sequence

from deploy.sample.chance.dice import Dice
from services.reconciliation.linkage.resemblance.estimation import Drawn, estimate, frequencies_of
from services.reconciliation.linkage.resemblance.weights import Field, Model, Weights, probability_of
from tests.harness.accuracy import with_splink
from tests.harness.accuracy.febrl import FIELDS, FREQUENT, Febrl, candidates, rows
from tests.harness.accuracy.scores import Score, joined, of_groups

WITHOUT = {
    "all ten": (),
    "no social security number": ("soc_sec_id",),
    "name, birth date, suburb": (
        "soc_sec_id",
        "street_number",
        "address_1",
        "address_2",
        "postcode",
        "state",
    ),
}
LINKED, LIKELY = 0.999, 0.5
STRANGERS = 200_000

SPLINK = with_splink.Setup(
    id_column="rec_id",
    names=("given_name", "surname", "address_1", "address_2", "suburb"),
    numbers=("street_number", "postcode", "date_of_birth", "soc_sec_id"),
    exact=("state",),
    arrays=(),
    blocking=(
        "l.soc_sec_id = r.soc_sec_id",
        "l.date_of_birth = r.date_of_birth",
        "substr(l.given_name, 1, 4) = substr(r.given_name, 1, 4) AND substr(l.surname, 1, 4) = substr(r.surname, 1, 4)",
        "substr(l.given_name, 1, 4) = substr(r.surname, 1, 4) AND substr(l.surname, 1, 4) = substr(r.given_name, 1, 4)",
        "l.postcode = r.postcode AND substr(l.surname, 1, 3) = substr(r.surname, 1, 3)",
        "l.postcode = r.postcode AND substr(l.given_name, 1, 3) = substr(r.given_name, 1, 3)",
        "substr(l.address_1, 1, 8) = substr(r.address_1, 1, 8)"
        " AND substr(l.street_number, 1, 1) = substr(r.street_number, 1, 1)",
        "substr(l.surname, 1, 3) = substr(r.surname, 1, 3) AND substr(l.suburb, 1, 5) = substr(r.suburb, 1, 5)",
    ),
    training=(("given_name", "surname"), ("date_of_birth",)),
    certain=(("given_name", "surname", "date_of_birth"),),
    certain_finds=0.6,
)


def table(names: Sequence[str], beside_splink: bool) -> Iterator[str]:
    """Lines of a table in Markdown, of these of ``FILES``."""
    yield "| data | fields | linkage | at | precision | recall | F1 | wrong pairs | missed pairs |"
    yield "|---|---|---|---|---|---|---|---|---|"
    linkages = {"ours": _ours} | ({"splink": _splinks} if beside_splink else {})
    for name in names:
        given = rows(name)
        halves = [[row for row in given if _half(row) == half] for half in (0, 1)]
        for fields, without in WITHOUT.items():
            totals: dict[tuple[str, float], Score] = {}
            for train, asked in (halves, halves[::-1]):
                truth = {row.rec_id: row.entity for row in asked}
                for who, linked in linkages.items():
                    pairs = linked(train, asked, without)
                    for at in (LINKED, LIKELY):
                        score = of_groups(joined(truth, pairs, at), truth)
                        totals[who, at] = totals.get((who, at), Score()).add(score)
            for (who, at), score in totals.items():
                yield f"| {name} | {fields} | {who} | {at} | {score.cells()} |"


def _half(row: Febrl) -> int:
    return row.entity * 2654435761 >> 7 & 1


def _blank(given: Sequence[Febrl], without: Sequence[str]) -> list[Febrl]:
    return [row._replace(**dict.fromkeys(without, "")) for row in given]


def _ours(train: Sequence[Febrl], asked: Sequence[Febrl], without: Sequence[str]) -> list[with_splink.Pair]:
    fields = [field for field in FIELDS if field.name not in without]
    model = Model(fields, learnt(_blank(train, without), fields))
    return [
        (probability_of(model.bits(model.evidence([one], [other]))), one.rec_id, other.rec_id)
        for one, other in candidates(_blank(asked, without))
    ]


def learnt(given: Sequence[Febrl], fields: Sequence[Field[Febrl]]) -> Weights:
    """Weights of rows whose truth is not looked at."""
    dice = Dice(7)
    drawn = ((dice.one_of(given), dice.one_of(given)) for _ in range(STRANGERS))
    return estimate(
        fields,
        Drawn(
            records=len(given),
            candidates=candidates(given),
            strangers=[(one, other) for one, other in drawn if one is not other],
            frequencies={
                field.name: frequencies_of(
                    row[FREQUENT[field.name]] for row in given if row[FREQUENT[field.name]]
                )
                for field in fields
                if field.name in FREQUENT
            },
        ),
        version="febrl",
        link_at=LINKED,
        review_at=LIKELY,
    )


def _splinks(
    train: Sequence[Febrl], asked: Sequence[Febrl], without: Sequence[str]
) -> list[with_splink.Pair]:
    def told(given: Sequence[Febrl]) -> list[dict[str, str | None]]:
        return [
            {name: value or None for name, value in row._asdict().items() if name not in without}
            for row in given
        ]

    return with_splink.pairs(SPLINK.without(without), told(train), told(asked))
