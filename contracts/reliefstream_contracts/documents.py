"""The JSON Schemas and the AsyncAPI 3.0 document, generated from the events.

``python -m reliefstream_contracts.documents contracts`` writes them; a test fails when they are stale.
JSON is written, which is YAML too.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from reliefstream_contracts.catalogue import EVENTS
from reliefstream_contracts.court_case import CourtCase
from reliefstream_contracts.dismissals import DismissalMessage, SealedMessage
from reliefstream_contracts.event import Event
from reliefstream_contracts.frozen import Frozen
from reliefstream_contracts.topic_map import COUNTY, SERVICE, Topic, TopicMap

DRAFT = "https://json-schema.org/draft/2020-12/schema"
CLOUDEVENTS_HEADERS = {
    "type": "object",
    "required": ["ce_specversion", "ce_id", "ce_type", "ce_source", "ce_time", "content-type"],
    "properties": {
        "ce_specversion": {"const": "1.0"},
        "ce_id": {"type": "string", "description": "Deduplicate by it."},
        "ce_type": {"type": "string"},
        "ce_source": {"type": "string"},
        "ce_time": {"type": "string", "format": "date-time"},
        "ce_traceparent": {"type": "string", "description": "W3C trace context."},
        "ce_arrivedat": {
            "type": "string",
            "format": "date-time",
            "description": "When the county's record came that this event follows from.",
        },
        "content-type": {"const": "application/json"},
    },
}


def kebab(name: str) -> str:
    """``ReliefOrdered`` to ``relief-ordered``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()


def schema_files() -> dict[str, dict[str, Any]]:
    """File name to JSON Schema: every event, the court case that a county sends, and the body of a webhook."""
    models: dict[str, type[Frozen | CourtCase]] = {kebab(event.__name__): event for event in EVENTS}
    models |= {kebab(other.__name__): other for other in (CourtCase, DismissalMessage, SealedMessage)}
    return {
        f"{name}.json": {"$schema": DRAFT, **TypeAdapter(model).json_schema(mode=_mode(model))}
        for name, model in sorted(models.items())
    }


def _mode(model: type[Frozen | CourtCase]) -> JsonSchemaMode:
    """What we write has the schema of its JSON, computed fields included; a case has that of its input."""
    return "validation" if model is CourtCase else "serialization"


def asyncapi(topic_map: TopicMap) -> dict[str, Any]:
    """The AsyncAPI 3.0 document of the topic map."""
    by_name = {event.__name__: event for event in EVENTS}
    channels, operations = {}, {}
    for address, topic in topic_map.topics.items():
        name = address.replace(COUNTY, "county").replace(SERVICE, "service")
        events = [by_name[event] for event in topic.events]
        channel: dict[str, Any] = {
            "address": address,
            "description": topic.what,
            "messages": {e.__name__: {"$ref": f"#/components/messages/{e.__name__}"} for e in events},
            "bindings": {"kafka": _binding(topic)},
        }
        if "source-records" in address:
            channel["messages"] = {"CourtCase": {"$ref": "#/components/messages/CourtCase"}}
        if COUNTY in address:
            channel["parameters"] = {"county": {"description": "kebab-case, such as los-angeles"}}
        if SERVICE in address:
            channel["parameters"] = {"service": {"description": "such as ingest"}}
        channels[name] = channel
        action = "receive" if "source-records" in address else "send"
        operations[f"{action}-{name}"] = {"action": action, "channel": {"$ref": f"#/channels/{name}"}}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "reliefstream",
            "version": "1.0.0",
            "description": "Court dispositions in, dismissal events out. CloudEvents 1.0, Kafka binary mode.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": {e.__name__: _message(e) for e in EVENTS} | {"CourtCase": _court_case()}},
    }


def _binding(topic: Topic) -> dict[str, Any]:
    """What an integrator must know of the broker's settings, in the terms of AsyncAPI's Kafka binding."""
    settings = topic.settings
    configuration: dict[str, Any] = {
        "cleanup.policy": [settings.cleanup_policy],
        "max.message.bytes": settings.max_message_bytes,
    }
    if settings.retention_ms is not None:
        configuration["retention.ms"] = settings.retention_ms
    return {"partitions": topic.partitions, "topicConfiguration": configuration, "bindingVersion": "0.5.0"}


def _message(event: type[Event]) -> dict[str, Any]:
    return {
        "name": event.TYPE,
        "summary": (event.__doc__ or "").strip().splitlines()[0],
        "contentType": "application/json",
        "headers": CLOUDEVENTS_HEADERS,
        "payload": {"$ref": f"schemas/{kebab(event.__name__)}.json"},
    }


def _court_case() -> dict[str, Any]:
    return {
        "name": "court-case",
        "summary": "One court case, as the county's court sends it",
        "contentType": "application/json",
        "headers": {
            "type": "object",
            "required": ["format"],
            "properties": {
                "format": {"enum": ["court", "doj"]},
                "profile": {
                    "type": "string",
                    "description": "court: which of the county's own feeds it is of; left out: this schema's JSON",
                },
            },
        },
        "payload": {"$ref": "schemas/court-case.json"},
    }


def write(folder: Path, topic_map: TopicMap) -> None:
    """Writes ``schemas/*.json`` and ``asyncapi.json`` below the folder; removes schemas of no event."""
    (folder / "schemas").mkdir(exist_ok=True)
    wanted = schema_files()
    for stale in (folder / "schemas").glob("*.json"):
        if stale.name not in wanted:
            stale.unlink()
    for name, schema in wanted.items():
        (folder / "schemas" / name).write_text(text(schema))
    (folder / "asyncapi.json").write_text(text(asyncapi(topic_map)))


def text(document: dict[str, Any]) -> str:
    """As committed: indented, with a newline at the end."""
    return json.dumps(document, indent=2) + "\n"


if __name__ == "__main__":
    import yaml  # only where the documents are generated; the package itself needs no YAML

    target = Path(sys.argv[1])
    write(target, TopicMap.model_validate(yaml.safe_load((target / "topics.yaml").read_text())))
