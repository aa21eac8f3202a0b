"""A YAML file as a pydantic model: an error names file, line, key and remedy."""

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from services.chassis.settings.located_yaml import Located, WrongFile, read_yaml, unknown_key

M = TypeVar("M", bound=BaseModel)
UNKNOWN = "extra_forbidden"
EXPECTED = {
    "date_type": "a date like 2016-11-09 is expected",
    "missing": "is missing",
    "model_type": "a mapping is expected",
    "string_too_short": "text is expected",
    "string_type": "text is expected",
    "too_short": "a list of one or more is expected",
    "tuple_type": "a list is expected",
}
"""In the words of who writes the file, by pydantic's type of error; others have a text of their own."""
Place = tuple[int | str, ...]


def read_model(path: Path, model: type[M]) -> M:
    """The model that a file holds. Its validation context has the name of the file's folder (``folder``).

    Raises WrongFile with the first error; a value of the file is quoted only by the model's own validators.
    """
    source = read_yaml(path)
    try:
        return model.model_validate(source, context={"folder": path.absolute().parent.name})
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)
        # A misspelt key before what is missing because of it.
        line, _, first = min(
            ((_line(source, one["loc"]), one["type"] != UNKNOWN, one) for one in found), key=itemgetter(0, 1)
        )
        raise WrongFile(f"{path}, line {line}: {_what(model, first)}") from None


def _line(source: Located, place: Place) -> int:
    """The line of a key; for a missing key, the first line of the mapping that should have it."""
    line, within = source.line, source  # type: tuple[int, Any]
    for part in place:
        if isinstance(within, Located):
            line = within.lines.get(str(part), within.line)
        try:
            within = within[part]
        except (LookupError, TypeError):
            break
    return line


def _what(model: type[BaseModel], error: Mapping[str, Any]) -> str:
    *above, last = error["loc"]
    kind = error["type"]
    if kind == UNKNOWN:
        return unknown_key(str(last), _keys(model, above))
    told = str(error["ctx"]["error"]) if kind == "value_error" else EXPECTED.get(kind, error["msg"])
    return f"{'.'.join(part for part in error['loc'] if isinstance(part, str))}: {told}"


def _keys(model: type[BaseModel], place: Sequence[int | str]) -> frozenset[str]:
    """The keys that are known at that place."""
    for name in (part for part in place if isinstance(part, str)):
        field = next(each for key, each in model.model_fields.items() if (each.alias or key) == name)
        model = next(_models(field.annotation))
    return frozenset(each.alias or key for key, each in model.model_fields.items())


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
