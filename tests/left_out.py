"""A value but for some of its fields, to compare by."""

import json
from collections.abc import Collection

from reliefstream_contracts.frozen import Frozen


def without(value: Frozen, names: Collection[str]) -> str:
    """The JSON of a value without these fields."""
    return json.dumps({name: said for name, said in value.to_dict().items() if name not in names})
