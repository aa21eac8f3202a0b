"""Reads ``contracts/topics.yaml``."""

from pathlib import Path

import yaml

import reliefstream_contracts
from reliefstream_contracts.topic_map import TopicMap


def topic_map() -> TopicMap:
    """The map that this installation has: in a clone ``contracts/topics.yaml``, else the wheel's copy.

    Raises pydantic's ValidationError for a key that is unknown or missing.
    """
    package = Path(reliefstream_contracts.__file__).parent
    file = next(p for p in (package / "topics.yaml", package.parent / "topics.yaml") if p.exists())
    return TopicMap.model_validate(yaml.load(file.read_text(), Loader=yaml.CSafeLoader))
