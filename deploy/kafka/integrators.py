"""Reads ``integrators.yaml``: the integrators of an installation, and the counties granted to each."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import RootModel, StringConstraints

from reliefstream_contracts.identifiers import CountyName
from services.chassis.settings.yaml_model import read_model

INTEGRATORS = Path(__file__).resolve().parents[1] / "integrators.yaml"
"""As a clone and the image have it."""

Integrators = Mapping[str, tuple[str, ...]]
"""Name to counties."""
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]


class IntegratorsFile(RootModel[dict[Name, tuple[CountyName, ...]]]):
    """Name to counties. The name is in kebab-case; it is part of a user's name at Kafka."""


def read_integrators(path: Path) -> Integrators:
    """The counties granted to each integrator, by name. Raises WrongFile."""
    return read_model(path, IntegratorsFile).root
