"""Whether a changed JSON Schema still fits those who were written for the old one."""

import json
from collections.abc import Mapping
from typing import Any, Literal

import jsoncompat

DRAFT = "https://json-schema.org/draft/2020-12/schema"
Schema = Mapping[str, Any]


def breaks_readers(old: Schema, new: Schema) -> bool:
    """Whether something that is written by the new schema does not fit the old one."""
    return _differ(old, new) and not _fits(old, _closed(new), "serializer")


def breaks_writers(old: Schema, new: Schema) -> bool:
    """Whether something that was written by the old schema does not fit the new one."""
    return _differ(old, new) and not _fits(_closed(old), new, "deserializer")


def _differ(old: Schema, new: Schema) -> bool:
    return json.dumps(old, sort_keys=True) != json.dumps(new, sort_keys=True)


def _fits(old: Schema, new: Schema, role: Literal["serializer", "deserializer"]) -> bool:
    try:
        return jsoncompat.check_compat(_text(old), _text(new), role)
    except ValueError:  # a feature that cannot be compared: better a version too many
        return False


def _text(schema: Schema) -> str:
    return json.dumps({"$schema": DRAFT, **schema})


def _closed(schema: Any) -> Any:
    """The schema of what is really written: no field that it does not declare.

    Open as they stand, an optional field that is new would count as a break: it might have been there with another
    type.
    """
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {
        name: {key: _closed(each) for key, each in value.items()}
        if name in {"properties", "$defs"}
        else value
        if name in {"enum", "const", "default", "examples"}
        else _closed(value)
        for name, value in schema.items()
    }
    if "properties" in schema:
        closed.setdefault("additionalProperties", False)
    return closed
