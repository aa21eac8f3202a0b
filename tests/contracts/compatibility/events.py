"""Breaks of the topics and of what stands on them: the AsyncAPI document and the JSON Schemas beside it."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.contracts.compatibility.schemas import breaks_readers, breaks_writers
from tests.contracts.compatibility.versions import raised

Document = Mapping[str, Any]
Schemas = Mapping[str, Document]
"""File name to JSON Schema."""


def event_breaks(old: Document, new: Document, old_schemas: Schemas, new_schemas: Schemas) -> Iterator[str]:
    """Each change that breaks a reader of a topic, or the sender of a county's records, as a sentence."""
    addresses = {channel["address"] for channel in new["channels"].values()}
    channels = {channel["address"]: channel for channel in new["channels"].values()}
    inbound = _inbound(old)
    for name, channel in old["channels"].items():
        address = channel["address"]
        if address not in channels:
            if not raised(address, addresses):
                yield f"topic {address} is gone"
            continue
        for message in sorted(channel["messages"].keys() - channels[address]["messages"].keys()):
            yield f"topic {address} has no {message} any more"
        for message in sorted(channel["messages"].keys() & channels[address]["messages"].keys()):
            before, after = _message(old, message), _message(new, message)
            if raised(before["name"], [after["name"]]):
                continue
            if before["name"] != after["name"]:
                yield f"{message} on {address} is named {after['name']} and was {before['name']}"
            yield from _message_breaks(
                message, before, after, old_schemas, new_schemas, inbound=name in inbound
            )


def _inbound(document: Document) -> set[str]:
    """Channels that others write and we read."""
    return {
        operation["channel"]["$ref"].removeprefix("#/channels/")
        for operation in document["operations"].values()
        if operation["action"] == "receive"
    }


def _message(document: Document, name: str) -> Document:
    message: Document = document["components"]["messages"][name]
    return message


def _message_breaks(
    name: str, old: Document, new: Document, old_schemas: Schemas, new_schemas: Schemas, *, inbound: bool
) -> Iterator[str]:
    file = old["payload"]["$ref"].removeprefix("schemas/")
    payload = new_schemas.get(new["payload"]["$ref"].removeprefix("schemas/"))
    if payload is None:
        yield f"{name} has no schema any more"
        return
    pairs = (("body", old_schemas[file], payload), ("headers", old["headers"], new["headers"]))
    for part, before, after in pairs:
        if not inbound and breaks_readers(before, after):
            yield f"the {part} of {name} may hold what its readers do not expect"
        # What is kept on a topic is read again by a rebuild: what was written before must fit, too.
        if breaks_writers(before, after):
            sender = "a county may send" if inbound else "may stand on its topic"
            yield f"the {part} of {name} does not admit what {sender} by the old schema"
