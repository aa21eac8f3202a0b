"""Breaks of an HTTP interface: what a client that was written for the old OpenAPI document meets."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.contracts.compatibility.schemas import Schema, breaks_readers, breaks_writers
from tests.contracts.compatibility.versions import raised

Document = Mapping[str, Any]
COMPONENTS = "#/components/schemas/"
METHODS = ("get", "put", "post", "delete", "patch", "head", "options")


def http_breaks(old: Document, new: Document) -> Iterator[str]:
    """Each change that breaks a client, as a sentence."""
    for path, item in old["paths"].items():
        for method in METHODS:
            if method not in item:
                continue
            after = new["paths"].get(path, {}).get(method)
            if after is None:
                others = [p for p, there in new["paths"].items() if method in there]
                if not raised(path, others):
                    yield f"{method.upper()} {path} is gone"
                continue
            operation = Operation(old, item[method]), Operation(new, after)
            yield from (f"{method.upper()} {path}: {said}" for said in _operation_breaks(*operation))


class Operation:
    """One operation with its document's components in reach."""

    def __init__(self, document: Document, operation: Document) -> None:
        self._document, self._operation = document, operation

    def parameters(self) -> dict[tuple[str, str], Document]:
        """By place and name."""
        found = [self._resolved(each) for each in self._operation.get("parameters", [])]
        return {(each["in"], each["name"]): each for each in found}

    def body(self) -> Document:
        """The request's body; empty where it takes none."""
        return self._resolved(self._operation.get("requestBody", {}))

    def responses(self) -> dict[str, Document]:
        """By status."""
        return {status: self._resolved(r) for status, r in self._operation.get("responses", {}).items()}

    def schema(self, holder: Document) -> Schema:
        """The schema of a parameter or media type, with all that it refers to; a missing one admits everything."""
        schema = holder.get("schema", {})
        components = self._document.get("components", {}).get("schemas", {})
        used: dict[str, Any] = {}
        waiting = _references(schema)
        while waiting:
            name = waiting.pop()
            if name not in used:
                used[name] = _local(components[name])
                waiting |= _references(components[name])
        return {**_local(schema), "$defs": dict(sorted(used.items()))}

    def _resolved(self, part: Document) -> Document:
        if "$ref" not in part:
            return part
        found: Any = self._document
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return self._resolved(found)


def _operation_breaks(old: Operation, new: Operation) -> Iterator[str]:
    before, after = old.parameters(), new.parameters()
    for key, parameter in after.items():
        if parameter.get("required") and not before.get(key, {}).get("required"):
            yield f"{key[0]} parameter {key[1]} is required now"
        if key in before and breaks_writers(old.schema(before[key]), new.schema(parameter)):
            yield f"{key[0]} parameter {key[1]} does not admit all that it did"
    yield from _body_breaks(old, new)
    answers = new.responses()
    for status, response in old.responses().items():
        if status not in answers:
            yield f"the answer {status} is gone"
            continue
        content = answers[status].get("content", {})
        for media, holder in response.get("content", {}).items():
            if media not in content:
                yield f"the answer {status} as {media} is gone"
            elif breaks_readers(old.schema(holder), new.schema(content[media])):
                yield f"the answer {status} may hold what clients do not expect"


def _body_breaks(old: Operation, new: Operation) -> Iterator[str]:
    before, after = old.body(), new.body()
    if after.get("required") and not before.get("required"):
        yield "a body is required now"
    for media, holder in before.get("content", {}).items():
        if media not in after.get("content", {}):
            yield f"a body as {media} is not taken any more"
        elif breaks_writers(old.schema(holder), new.schema(after["content"][media])):
            yield f"a body as {media} is refused that was taken before"


def _references(schema: Any) -> set[str]:
    """The names of the document's components that a schema refers to."""
    if isinstance(schema, list):
        return {name for each in schema for name in _references(each)}
    if not isinstance(schema, dict):
        return set()
    found = {name for value in schema.values() for name in _references(value)}
    if isinstance(reference := schema.get("$ref"), str):
        found.add(reference.removeprefix(COMPONENTS))
    return found


def _local(schema: Any) -> Any:
    """With references to the document's components made references to ``$defs``."""
    if isinstance(schema, list):
        return [_local(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: value.replace(COMPONENTS, "#/$defs/")
        if name == "$ref" and isinstance(value, str)
        else _local(value)
        for name, value in schema.items()
    }
