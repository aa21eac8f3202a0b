"""The committed weights of the linkage model: ``weights/VERSION.yaml``, written by an estimation and never by hand."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from services.reconciliation.linkage.resemblance.comparison import FIELDS
from services.reconciliation.linkage.resemblance.description import Description
from services.reconciliation.linkage.resemblance.weights import Frequencies, Model, Weights

FOLDER = Path(__file__).parent / "weights"
CURRENT = "fabricated-county-1"
"""The version in use. Another one links anew whatever is recomputed under it, so change it with a replay."""


@cache
def load_model(version: str = CURRENT) -> Model[Description]:
    """The model with the weights of one version. ValueError when there is no such file or a level lacks weights."""
    file = FOLDER / f"{version}.yaml"
    if not file.is_file():
        known = ", ".join(sorted(path.stem for path in FOLDER.glob("*.yaml")))
        raise ValueError(f"No weights {version!r}; there are {known}")
    weights = weights_of(version, yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
    for field in FIELDS:
        missing = set(field.levels) ^ set(weights.agreement.get(field.name, ()))
        if missing:
            raise ValueError(
                f"{file.name}: {field.name}: levels {sorted(missing)} are not those of the model"
            )
    return Model(FIELDS, weights)


def weights_of(version: str, read: Mapping[str, Any]) -> Weights:
    """Weights as a file has them."""
    return Weights(
        version=version,
        persons=read["persons"],
        link_at=read["link_at"],
        review_at=read["review_at"],
        agreement={
            name: {level: (it["m"], it["u"]) for level, it in levels.items()}
            for name, levels in read["agreement"].items()
        },
        frequencies={
            name: Frequencies(it["listed"], it["other"]) for name, it in read["frequencies"].items()
        },
    )


def as_text(weights: Weights, estimated_from: str) -> str:
    """A weights file's content."""
    return yaml.safe_dump(
        {
            "estimated_from": estimated_from,
            "persons": weights.persons,
            "link_at": weights.link_at,
            "review_at": weights.review_at,
            "agreement": {
                name: {level: {"m": _short(m), "u": _short(u)} for level, (m, u) in levels.items()}
                for name, levels in weights.agreement.items()
            },
            "frequencies": {
                name: {
                    "other": _short(it.other),
                    "listed": {value: _short(share) for value, share in sorted(it.listed.items())},
                }
                for name, it in weights.frequencies.items()
            },
        },
        sort_keys=False,
        width=110,
        allow_unicode=True,
    )


def _short(number: float) -> float:
    return float(f"{number:.4g}")
