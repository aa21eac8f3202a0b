"""What a county may set in a policy without changing its rows: what there is to set, what is set, and where it is used.

A policy writes ``$name`` for a value within a row's condition and ``{name}`` for it within the county's words.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.chassis.settings.located_yaml import Located, WrongFile, at, only, read_yaml
from services.eligibility.files.file_fields import text
from services.eligibility.law.engine.policy import Option
from services.eligibility.law.input.section_list import read_section

Value = bool | int | tuple[str, ...]
MOST = 150
"""No number that a policy asks for (years, priors) is larger."""


@dataclass(frozen=True, slots=True)
class GivenOptions:
    """Options as a file or a county gives them: names, values and lines. A name may be that of another program."""

    path: Path
    values: tuple[tuple[str, Any, int], ...]


def read_options(path: Path) -> GivenOptions:
    """The options that a YAML or JSON file holds. Raises WrongFile."""
    return options_in(path, read_yaml(path))


def options_in(path: Path, mapping: Located) -> GivenOptions:
    """Options written as a mapping; a mapping within it joins names by a dot."""
    return GivenOptions(path, tuple(_flat(mapping)))


def _flat(mapping: Located, above: str = "") -> list[tuple[str, Any, int]]:
    found: list[tuple[str, Any, int]] = []
    for name, value in mapping.items():
        if isinstance(value, Located):
            found += _flat(value, f"{above}{name}.")
        else:
            kept = tuple(map(_entry, value)) if isinstance(value, list) else value
            found.append((f"{above}{name}", kept, mapping.lines[name]))
    return found


def _entry(value: Any) -> str:
    return value if isinstance(value, str) else repr(value)


@dataclass(frozen=True, slots=True)
class _Place:
    """The place of a value, for an error's text."""

    path: Path
    line: int
    name: str

    def wrong(self, what: str) -> WrongFile:
        within = Located()
        within.line = self.line
        return at(self.path, within, None, what)


@dataclass(frozen=True, slots=True)
class _Spec:
    """An option as a policy declares it: its type is that of its default; a number lies in the bounds, or is 0."""

    says: str
    default: Value
    between: tuple[int, int]

    def read(self, place: _Place, value: Any) -> Value:
        """The value as given; ``null`` is off."""
        if isinstance(self.default, tuple):
            if value is None or isinstance(value, list | tuple):
                return tuple(_section(place, one) for one in value or ())
            raise place.wrong(f"{place.name}: a list of sections like 'HS 11357' is expected, not {value!r}")
        if value is not None and type(value) is not type(self.default):
            kind = "true or false" if isinstance(self.default, bool) else "a whole number, 0 for off,"
            raise place.wrong(f"{place.name}: {kind} is expected, not {value!r}")
        least, most = self.between
        if value and type(value) is int and not least <= value <= most:
            raise place.wrong(f"{place.name}: from {least} to {most}, or 0 for off, not {value}")
        return type(self.default)(value or 0)


def settle(path: Path, specs: Any, policy: str, given: GivenOptions | None) -> tuple[Option, ...]:
    """Each option of a policy with its effective value. Raises WrongFile, placed in the policy or the given options."""
    if not isinstance(specs, Located):
        raise at(path, specs, None, "options: a mapping of names to {says, default} is expected")
    read: dict[str, _Spec] = {}
    written: dict[str, str] = {}
    for name in specs:
        if not name.isidentifier() or name in {"each", "charge"}:
            raise at(path, specs, name, f"{name!r} cannot be the name of an option: letters, digits and _")
        source = only(path, specs[name], {"says", "default"}, frozenset({"from", "between"}))
        read[name] = _spec(path, name, source)
        written[name] = name
        written[text(path, source, "from") if "from" in source else name] = name
    values: dict[str, Value] = {}
    if given is not None:
        for word, value, line in given.values:
            place, known = _Place(given.path, line, word), written.get(word)
            if known is None:
                raise place.wrong(f"{policy} has no option {word!r}; it has {', '.join(read) or 'none'}")
            if known in values:
                raise place.wrong(f"option {known} stands twice")
            values[known] = read[known].read(place, value)
    return tuple(
        Option(name, spec.says, spec.default, values.get(name, spec.default)) for name, spec in read.items()
    )


def _spec(path: Path, name: str, source: Located) -> _Spec:
    between = source.get("between", [1, MOST])
    if (
        not isinstance(between, list)
        or [type(one) for one in between] != [int, int]
        or not 1 <= between[0] <= between[1] <= MOST
    ):
        raise at(
            path, source, "between", f"between: two numbers from 1 to {MOST} are expected, not {between!r}"
        )
    default = source["default"]
    place = _Place(path, source.lines["default"], name)
    if isinstance(default, list):
        default = tuple(_section(place, one) for one in default)
    elif type(default) not in {bool, int}:
        raise place.wrong(
            f"{name}: true or false, a number or a list of sections is expected, not {default!r}"
        )
    spec = _Spec(text(path, source, "says"), default, (between[0], between[1]))
    spec.read(place, default)
    return spec


def _section(place: _Place, written: Any) -> str:
    """In small letters or capitals. A number alone is one of the cannabis article's: no other code has such
    crimes (I-03)."""
    spelt = _entry(written)
    code, _, number = spelt.rpartition(" ")
    try:
        return str(read_section(f"{code.upper() or 'HS'} {number.lower()}"))
    except ValueError as error:
        raise place.wrong(f"{place.name}: {error}") from None


def filled_in(path: Path, within: Located, value: Any, values: dict[str, Value]) -> Any:
    """A condition with the options' values for ``$name``; None when one of them is off. Raises WrongFile.

    ``any`` loses the parts that are off, and is off when all are.
    """
    if isinstance(value, str) and value.startswith("$"):
        if value[1:] not in values:
            known = ", ".join(f"${name}" for name in values) or "none"
            raise at(path, within, None, f"unknown option {value!r}; this policy has {known}")
        filled = values[value[1:]]
        return (list(filled) if isinstance(filled, tuple) else filled) or None
    if isinstance(value, Located):
        copy = Located()
        copy.line, copy.lines = value.line, value.lines
        for key, part in value.items():
            filled = filled_in(path, value, part, values)
            if filled is None and part is not None:
                return None
            copy[key] = filled
        only_any = list(copy) == ["any"] and isinstance(copy["any"], list) and len(copy["any"]) == 1
        return copy["any"][0] if only_any and len(value["any"]) > 1 else copy
    if isinstance(value, list):
        parts = [filled_in(path, within, part, values) for part in value]
        any_of = within.get("any") is value
        on = [part for part, was in zip(parts, value, strict=True) if part is not None or was is None]
        if len(on) < len(parts) and (not any_of or not on):
            return None
        return on
    return value


def in_words(label: str, values: dict[str, Value]) -> str:
    """The county's words with the options' values for ``{name}``."""
    for name, value in values.items():
        label = label.replace(f"{{{name}}}", ", ".join(value) if isinstance(value, tuple) else str(value))
    return label
