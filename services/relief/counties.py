"""What relief needs to know of each county: how its court orders, and where its day begins."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import yaml

from reliefstream_contracts.event import Frozen
from reliefstream_contracts.identifiers import CountyName


class County(Frozen):
    """A county of ``deploy/counties``. ``order_mode`` left out is ``batch``: nothing is ordered by itself."""

    county: CountyName
    timezone: str = "America/Los_Angeles"
    order_mode: Literal["batch", "standing"] = "batch"


Counties = Mapping[CountyName, County]


def counties(folder: Path) -> Counties:
    """Every county that has a ``county.yaml`` below the folder. ValueError names the file that is wrong."""
    found: dict[CountyName, County] = {}
    for path in sorted(folder.glob("*/county.yaml")):
        try:
            county = County.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        except (ValueError, yaml.YAMLError) as error:
            raise ValueError(f"{path}: {error}") from error
        found[county.county] = county
    return found
