"""Which records are worth comparing: those that share a key here. Near linear in the number of records.

A person's records differ by a slip here and there, so each has several keys, and two that differ in one place
still share another:

- birth date with one part of the name (surname, given name, in either place): finds misspelt, swapped,
  changed and double names. Day and month in one order, so that swapped ones meet.
- the sound of surname and given name with the year, and with day and month: finds slips in the birth date.
- the case number within its county: finds a record without birth date.

A key that more than ``LARGEST_BLOCK`` records share finds nothing: so many cannot be one person's, and comparing all
with all would never end. A default birth date finds nobody.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations, product

from services.reconciliation.linkage.identity.identifiers import Identifier
from services.reconciliation.linkage.resemblance.description import Description
from services.reconciliation.linkage.resemblance.names import PARTICLES
from services.reconciliation.linkage.resemblance.negative_evidence import is_default
from services.reconciliation.linkage.resemblance.sounds import sound

LARGEST_BLOCK = 200


@lru_cache(maxsize=2048)
def blocks_of(description: Description) -> tuple[Identifier, ...]:
    """The keys of a record, sorted, each ``like:`` and a digest: no name or date can be read from it."""
    evidence = description.evidence
    if evidence.contradicts_itself:
        return ()
    return tuple(sorted({_digest(key) for key in _keys(description)}))


def is_block(key: Identifier) -> bool:
    """Whether it only says whom to compare; an identifier links by itself."""
    return key.startswith("like:")


def candidates(
    descriptions: Mapping[str, Description], shared: Iterable[Sequence[str]], unusable: Container[Identifier]
) -> Iterator[tuple[str, str]]:
    """Pairs of records that share a block, or an identifier as in ``shared``, but for two rap sheets.

    DOJ tells two persons apart by their fingerprints; nothing in two rap sheets' words could know better. A pair
    comes once per block at most.
    """
    held: dict[Identifier, list[str]] = {}
    for key, description in descriptions.items():
        for block in blocks_of(description):
            held.setdefault(block, []).append(key)
    for block, having in held.items():
        if block not in unusable and 1 < len(having) <= LARGEST_BLOCK:
            yield from pairs(having, descriptions)
    for holders in shared:
        yield from pairs(holders, descriptions)


def pairs(having: Sequence[str], descriptions: Mapping[str, Description]) -> Iterator[tuple[str, str]]:
    """Those of one key, but for two rap sheets."""
    courts = [key for key in having if descriptions[key].source == "court"]
    if courts:
        yield from combinations(courts, 2)
        yield from product((key for key in having if descriptions[key].source == "doj"), courts)


def _keys(description: Description) -> Iterator[str]:
    name, born = description.evidence.name, description.evidence.birth_date
    surnames = [sound(part) for part in name.surname if part not in PARTICLES][:3]
    given = sound(name.given[0]) if name.given else ""
    for case in description.cases:
        yield f"case {case}"
    if born is None:
        return
    day = _in_one_order(born)
    if not is_default(born):
        for part in {*surnames, given} - {""}:
            yield f"born {born.year} {day} {part}"
    if given:
        for part in surnames:
            first, second = sorted((part, given))
            yield f"year {born.year} {first} {second}"
            if not is_default(born):
                yield f"day {day} {first} {second}"


def _in_one_order(born: date) -> str:
    first, second = sorted((born.month, born.day))
    return f"{first}-{second}"


def _digest(key: str) -> Identifier:
    return Identifier("like:" + blake2b(key.encode(), digest_size=9).hexdigest())
