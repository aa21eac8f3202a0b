"""The generated contracts are those of the code, and every example and topic fits them."""

import json
from pathlib import Path

import pytest
import yaml

from reliefstream_contracts import documents
from reliefstream_contracts.catalogue import EVENTS
from reliefstream_contracts.event import Event
from reliefstream_contracts.topic_map import TopicMap
from tests.contracts.examples import doj_file, examples

CONTRACTS = Path(__file__).parents[2] / "contracts"
MAP = TopicMap.model_validate(yaml.safe_load((CONTRACTS / "topics.yaml").read_text()))
EXAMPLES = sorted((CONTRACTS / "examples").glob("*.json"))


def test_the_committed_schemas_are_what_the_events_give() -> None:
    committed = {p.name: json.loads(p.read_text()) for p in (CONTRACTS / "schemas").glob("*.json")}
    assert committed == documents.schema_files(), "run: make contracts"


def test_the_committed_asyncapi_document_is_what_the_map_gives() -> None:
    committed = json.loads((CONTRACTS / "asyncapi.json").read_text())
    assert committed == documents.asyncapi(MAP), "run: make contracts"


def test_every_schema_has_an_example() -> None:
    assert {p.name for p in EXAMPLES} == set(documents.schema_files())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda p: p.stem)
def test_an_example_validates_against_its_schema(example: Path) -> None:
    import jsonschema  # here: it compiles the grammar of URIs, which every worker would do to collect the tests

    schema = json.loads((CONTRACTS / "schemas" / example.name).read_text())
    jsonschema.validate(json.loads(example.read_text()), schema, cls=jsonschema.Draft202012Validator)


def test_the_examples_are_what_the_services_make_of_one_persons_records() -> None:
    made = examples()
    committed = {name: json.loads((CONTRACTS / "examples" / name).read_text()) for name in made}
    assert committed == made, "run: make contracts"
    assert (CONTRACTS / "examples" / "doj.csv").read_bytes() == doj_file(), "run: make contracts"


def test_the_example_of_determinations_has_relief_and_an_open_question() -> None:
    found = examples()["determinations-changed.json"]["determinations"]
    assert [(each["outcome"], bool(each["open_questions"])) for each in found] == [
        ("dismissal", False),
        ("needs_review", True),
    ]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_an_example_is_read_as_its_event_with_nothing_left_over(event: type[Event]) -> None:
    committed = json.loads((CONTRACTS / "examples" / f"{documents.kebab(event.__name__)}.json").read_text())
    assert event.of(committed).to_dict() == committed


def test_every_event_stands_on_a_topic_and_every_topic_names_events_that_exist() -> None:
    named = {name: topic for topic, entry in MAP.topics.items() for name in entry.events}
    assert named == {event.__name__: event.TOPIC for event in EVENTS}
    raw = [topic for topic, entry in MAP.topics.items() if not entry.events]
    assert raw == ["source-records-v1-{county}", "relay-positions-v1-{service}"]


def test_an_event_names_the_producers_that_the_map_gives_its_topic() -> None:
    assert {e.__name__: set(e.PRODUCERS) for e in EVENTS} == {
        name: set(entry.producers) for entry in MAP.topics.values() for name in entry.events
    }


def test_a_dismissal_event_has_no_field_for_a_person() -> None:
    schema = json.loads((CONTRACTS / "schemas" / "conviction-dismissed.json").read_text())
    assert not {"subject_id", "name", "birth_date", "sex", "race", "cii_number", "challenge"} & set(
        schema["properties"]
    )
