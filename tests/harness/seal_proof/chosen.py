"""Which reliefs are sealed, and which texts must go with them."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deploy.proof.texts import Text
from tests.harness.seal_proof.county import Fate, Known


@dataclass(frozen=True)
class Chosen:
    """The reliefs to seal, their counts, and the texts that must go and that must stay."""

    reliefs: tuple[str, ...]
    counts: frozenset[str]
    persons: tuple[Known, ...]
    gone: tuple[Text, ...]
    stays: tuple[Text, ...]
    beside: frozenset[Text]
    """Of those that stay, the ones that nobody has but persons of whom something is sealed: on topics of what was found
    about a person only the sealed conviction may have named them."""

    @property
    def wholly(self) -> int:
        """Of how many persons nothing is left."""
        return sum(one.wholly for one in self.persons)


def choose(
    known: Sequence[Known], lines: Sequence[Mapping[str, Any]], determined: Iterable[Mapping[str, Any]]
) -> Chosen:
    """Every second person with relief in each case that is to have it, and in no other, as in one that its court
    withdrew later; of who is not chosen, all stays but what a court withdrew.

    ``lines``: relief as it is exported; ``determined``: determinations.
    """
    of_record = {each.record: number for number, one in enumerate(known) for each in one.pieces}
    reliefs: dict[int, list[Mapping[str, Any]]] = {}
    for line in lines:
        if line["state"] == "ordered" and line["relief"] == "dismissal":
            owner = of_record[line["counts"][0].rpartition("/")[0]]
            reliefs.setdefault(owner, []).append(line)
    sealed = set(
        [number for number in sorted(reliefs) if len(reliefs[number]) == known[number].relieved][::2]
    )
    with_relief = {count.rpartition("/")[0] for line in lines for count in line["counts"]}
    texts: dict[Fate, set[Text]] = {"sealed": set(), "stays": set(), "unclear": set(), "withdrawn": set()}
    others: set[Text] = set()
    for number, one in enumerate(known):
        for each in one.pieces:
            if each.fate == "withdrawn":
                fate: Fate = "unclear" if each.record in with_relief else "withdrawn"
            else:
                fate = each.fate if number in sealed else "stays"
            texts[fate].update(each.texts)
            others.update(each.texts if number not in sealed else ())
    texts["stays"] -= (other := _computed_days(determined))
    own = [line for number in sorted(sealed) for line in reliefs[number]]
    return Chosen(
        tuple(line["relief_id"] for line in own),
        frozenset(count for line in own for count in line["counts"]),
        tuple(known[number] for number in sorted(sealed)),
        tuple(sorted((texts["sealed"] | texts["withdrawn"]) - texts["stays"] - texts["unclear"] - other)),
        tuple(sorted(texts["stays"])),
        frozenset(texts["stays"] - others),
    )


def _computed_days(determined: Iterable[Mapping[str, Any]]) -> set[Text]:
    """Days that nobody wrote, such as ends of sentences and from when on an answer decides. Determinations say no birth
    date: of one that is such a day nothing can be told."""
    said = (json.dumps([line["grounds"], line["open_questions"]]) for line in determined)
    return {Text("birth date", day) for line in said for day in re.findall(r"\d{4}-\d\d-\d\d", line)}
