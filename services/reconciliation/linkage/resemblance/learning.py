"""Weights of this county's model, learnt from descriptions of its records."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date
from itertools import islice

from services.reconciliation.linkage.identity.identifiers import MOST_HOLDERS
from services.reconciliation.linkage.resemblance.blocking import candidates
from services.reconciliation.linkage.resemblance.comparison import FIELDS
from services.reconciliation.linkage.resemblance.description import Description
from services.reconciliation.linkage.resemblance.estimation import Drawn, estimate, frequencies_of
from services.reconciliation.linkage.resemblance.weights import Weights

LINK_AT, REVIEW_AT = 0.999, 0.5
"""A link without a person is wrong in fewer than one of a thousand; a person looks at what is likelier than not."""
STRANGERS = 400_000
RAREST = 0.001
"""No name that was not met counts as rarer: what is rare in the records learnt from may be frequent elsewhere."""


def learn(descriptions: Mapping[str, Description], place: Callable[[int], int], version: str) -> Weights:
    """Weights of ``FIELDS`` from descriptions of records, by key; two at least.

    ``place`` draws a whole number below the given one; the same draws give the same weights.
    """
    keys = sorted(descriptions)
    named = [
        each for each in descriptions.values() if each.evidence.name.surname and each.evidence.name.given
    ]
    alike = (*_alike(descriptions, _identifiers), *_alike(descriptions, _born))
    found = sorted({(min(pair), max(pair)) for pair in candidates(descriptions, alike, frozenset())})
    strangers = ((keys[place(len(keys))], keys[place(len(keys))]) for _ in range(STRANGERS * 2))
    drawn = Drawn(
        records=len(keys),
        candidates=[(descriptions[one], descriptions[other]) for one, other in found],
        strangers=list(
            islice(
                ((descriptions[one], descriptions[other]) for one, other in strangers if one != other),
                STRANGERS,
            )
        ),
        frequencies={
            "surname": frequencies_of(("".join(each.evidence.name.surname) for each in named), RAREST),
            "given_name": frequencies_of(("".join(each.evidence.name.given) for each in named), RAREST),
        },
    )
    return estimate(FIELDS, drawn, version=version, link_at=LINK_AT, review_at=REVIEW_AT)


def _alike(
    descriptions: Mapping[str, Description], keys_of: Callable[[Description], Iterable[Hashable]]
) -> list[list[str]]:
    groups: dict[Hashable, list[str]] = {}
    for key, description in descriptions.items():
        for value in keys_of(description):
            groups.setdefault(value, []).append(key)
    return [keys for keys in groups.values() if 1 < len(keys) <= MOST_HOLDERS]


def _identifiers(description: Description) -> Iterable[Hashable]:
    yield from description.cii_numbers
    if description.source_key:
        yield description.source, description.county, description.source_key


def _born(description: Description) -> Iterable[date]:
    """How often strangers have the same birth date is counted, as it is rare among random pairs."""
    born = description.evidence.birth_date
    return [born] if born and (born.month, born.day) != (1, 1) else []
