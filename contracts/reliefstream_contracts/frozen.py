"""Frozen values: what every event and its parts are, declared once for msgspec and for pydantic.

msgspec reads and writes the messages; to pydantic a value is a field like any other. Building a value checks nothing
but its fields' names, as their types are checked before the program runs; reading one checks its limits.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Self, dataclass_transform

import msgspec
from pydantic import BaseModel, Field, GetCoreSchemaHandler, create_model
from pydantic_core import CoreSchema, core_schema


def at_least(number: int) -> tuple[object, object]:
    """A whole number's least value, for ``Annotated``, as msgspec and pydantic know it."""
    return msgspec.Meta(ge=number), Field(ge=number)


def limits(
    *, min_length: int | None = None, max_length: int | None = None, pattern: str | None = None
) -> tuple[object, object]:
    """The limits of a text or a list, for ``Annotated``, as msgspec and pydantic know them.

    ``pattern`` is a regular expression of JSON Schema; where it ends in ``$`` nothing may follow, no newline either.
    """
    whole = pattern and (f"{pattern[:-1]}\\Z" if pattern.endswith("$") else pattern)
    return (
        msgspec.Meta(min_length=min_length, max_length=max_length, pattern=whole),
        Field(min_length=min_length, max_length=max_length, pattern=pattern),
    )


def derived(what: str) -> object:
    """Of a field that ``__post_init__`` sets from the others, whatever is given: only readers find it in the schema."""
    return Field(description=what, json_schema_extra={"readOnly": True})


class _Values(msgspec.StructMeta):
    # kw_only is the only one of these that msgspec does not inherit. Without a cycle, as none can be made of values
    # that never change, the collector of cycles has nothing to look for.
    def __new__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **config: Any
    ) -> "_Values":
        return super().__new__(
            cls, name, bases, namespace, **{"frozen": True, "kw_only": True, "gc": False, **config}
        )


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(msgspec.field,))
class Frozen(msgspec.Struct, metaclass=_Values, frozen=True):
    """A frozen value. Unknown fields are ignored, so that a producer may add one."""

    def to_json(self) -> bytes:
        """Its JSON: fields in their order, None as null, days and times by RFC 3339."""
        return _ENCODER.encode(self)

    @classmethod
    def from_json(cls, text: bytes | str) -> Self:
        """Raises msgspec's DecodeError, a ValueError whose text may repeat a value (``wrong_part`` does not)."""
        try:
            found: Self = _decoder(cls).decode(text)
        except RecursionError:
            raise msgspec.DecodeError("JSON is malformed: too deep") from None
        return found

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """From parsed JSON, or from a row of a table by its columns' names. Raises as ``from_json`` does."""
        return msgspec.convert(values, cls)

    def to_dict(self) -> dict[str, Any]:
        """What its JSON says, parsed."""
        found: dict[str, Any] = msgspec.json.decode(self.to_json())
        return found

    def replace(self, **changes: Any) -> Self:
        """The same value with other fields."""
        return msgspec.structs.replace(self, **changes)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def read(value: Any, validated: core_schema.ValidatorFunctionWrapHandler) -> Any:
            if isinstance(value, cls):
                return value
            found = validated(value)
            return cls(**{name: getattr(found, name) for name in cls.__struct_fields__})

        return core_schema.no_info_wrap_validator_function(
            read,
            handler(model_of(cls)),
            serialization=core_schema.plain_serializer_function_ser_schema(msgspec.to_builtins),
        )


_ENCODER = msgspec.json.Encoder()


@cache
def _decoder(kind: type[Frozen]) -> "msgspec.json.Decoder[Any]":
    return msgspec.json.Decoder(kind)


@cache
def model_of(kind: type[Frozen]) -> type[BaseModel]:
    """The same fields and limits as a pydantic model: what its JSON Schema is made of."""
    fields: dict[str, Any] = {}
    for each in msgspec.structs.fields(kind):
        if each.default_factory is not msgspec.NODEFAULT:
            fields[each.name] = each.type, Field(default_factory=each.default_factory)
        else:
            extras = (
                getattr(one, "json_schema_extra", None) for one in getattr(each.type, "__metadata__", ())
            )
            required = each.required or {"readOnly": True} in extras
            fields[each.name] = each.type, (... if required else each.default)
    model: type[BaseModel] = create_model(kind.__name__, __doc__=kind.__doc__, **fields)
    return model


_KINDS = {
    "Object missing required field": "missing",
    "Invalid enum value": "literal_error",
    "Invalid UUID": "uuid_parsing",
    "Invalid RFC3339": "datetime_parsing",
    "Input data was truncated": "json_invalid",
    "JSON is malformed": "json_invalid",
    "Invalid UTF-8": "json_invalid",
    "Expected": "type",
}


_PLACE = re.compile(r"`\$\.?([\w.\[\]]*)`\Z")


def wrong_part(error: msgspec.DecodeError) -> str:
    """Where the mistake is and of which kind, never what stands there: ``counts[0].revision: type``."""
    said = str(error)
    kind = next((kind for start, kind in _KINDS.items() if said.startswith(start)), "invalid")
    place = _PLACE.search(said)  # at the end, as a value that is repeated before it may look like one
    return f"{place[1] if place else ''}: {kind}"
