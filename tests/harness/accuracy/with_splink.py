"""The same data and fields through splink 5, trained on one half and asked about the other."""

import logging
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

Pair = tuple[float, str, str]
"""The probability that two records, by id, are one person's."""


@dataclass(frozen=True)
class Setup:
    """What splink is told: as its manual advises for such columns."""

    id_column: str
    names: Sequence[str]
    """Columns compared by Jaro-Winkler at 0.92 and 0.8, with term frequencies."""
    numbers: Sequence[str]
    """Columns compared by Damerau-Levenshtein at 1 and 2."""
    exact: Sequence[str]
    """Columns that are equal or not, with term frequencies."""
    arrays: Sequence[str]
    """Columns of lists that have something in common or not."""
    blocking: Sequence[str]
    """Conditions in SQL over ``l`` and ``r``."""
    training: Sequence[Sequence[str]]
    """Columns to block on while EM estimates the others."""
    certain: Sequence[Sequence[str]]
    """Columns that make it all but certain when all agree."""
    certain_finds: float
    """The share of all matches that these find."""

    def without(self, columns: Sequence[str]) -> "Setup":
        """The same where these columns are not there."""

        def left(names: Sequence[str]) -> tuple[str, ...]:
            return tuple(name for name in names if name not in columns)

        return replace(
            self,
            names=left(self.names),
            numbers=left(self.numbers),
            exact=left(self.exact),
            arrays=left(self.arrays),
            blocking=tuple(rule for rule in self.blocking if not any(f".{name}" in rule for name in columns)),
        )


def pairs(setup: Setup, train: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]]) -> list[Pair]:
    """Every blocked pair of ``rows`` by its probability under a model estimated on ``train``."""
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    from splink import comparison_library as compare
    from splink.internals.blocking_rule_library import CustomRule

    logging.getLogger("splink").setLevel(logging.ERROR)
    warnings.simplefilter("ignore")
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name=setup.id_column,
        comparisons=[
            *(
                compare.JaroWinklerAtThresholds(name, [0.92, 0.8]).configure(term_frequency_adjustments=True)
                for name in setup.names
            ),
            *(compare.DamerauLevenshteinAtThresholds(name, [1, 2]) for name in setup.numbers),
            *(compare.ArrayIntersectAtSizes(name, [1]) for name in setup.arrays),
            *(compare.ExactMatch(name).configure(term_frequency_adjustments=True) for name in setup.exact),
        ],
        blocking_rules_to_generate_predictions=[CustomRule(rule) for rule in setup.blocking],
        retain_matching_columns=False,
        em_convergence=0.0001,
    )
    api = DuckDBAPI()
    learning = Linker(api.register(list(train), table_name="train"), settings, log_level=logging.ERROR)
    learning.training.estimate_probability_two_random_records_match(
        [block_on(*columns) for columns in setup.certain], recall=setup.certain_finds
    )
    learning.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for columns in setup.training:
        learning.training.estimate_parameters_using_expectation_maximisation(block_on(*columns))
    learned = learning.misc.save_model_to_json(None)
    api = DuckDBAPI()
    asked = Linker(api.register(list(rows), table_name="rows"), learned, log_level=logging.ERROR)
    found = asked.inference.predict(threshold_match_probability=0.001).as_record_list()
    return [
        (row["match_probability"], row[f"{setup.id_column}_l"], row[f"{setup.id_column}_r"]) for row in found
    ]
