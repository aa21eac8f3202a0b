"""What relief needs to know of each county: how its court orders, and where its day begins."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from reliefstream_contracts.event import Frozen
from reliefstream_contracts.identifiers import CountyName
from services.chassis.settings.located_yaml import read_yaml


class County(Frozen):
    """A county of ``deploy/counties``. ``order_mode`` left out is ``batch``: nothing is ordered by itself."""

    county: CountyName
    timezone: str = "America/Los_Angeles"
    order_mode: Literal["batch", "standing"] = "batch"


Counties = Mapping[CountyName, County]


def counties(folder: Path) -> Counties:
    """Every county that has a ``county.yaml`` below the folder. ValueError names the file that is wrong."""
    found = [county_in(path) for path in sorted(folder.glob("*/county.yaml"))]
    return {county.county: county for county in found}


def county_in(path: Path) -> County:
    """What relief reads of one ``county.yaml``. ValueError names the file and what is wrong."""
    try:
        return County.model_validate(read_yaml(path))
    except ValidationError as error:
        wrong = error.errors()[0]
        raise ValueError(f"{path}: {'.'.join(map(str, wrong['loc']))}: {wrong['msg']}") from None
