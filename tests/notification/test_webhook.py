import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from services.notification.dismissal import dismissal
from services.notification.webhooks.pairwise import pairwise_id
from services.notification.webhooks.webhook import body_of_dismissal, body_of_test, secret, signed_headers
from tests.notification.builders import SECRET, START, ordered

EVENT_ID = UUID(int=7)


def test_a_body_has_type_timestamp_and_data_and_of_a_person_a_pairwise_id_alone() -> None:
    event = dismissal(ordered(1), START)
    body = json.loads(body_of_dismissal(event.to_json().decode(), "a-person"))
    assert body["type"] == "reliefstream.conviction.dismissed.v1"
    assert datetime.fromisoformat(body["timestamp"]) == START
    assert body["data"] == {**event.to_dict(), "subject_id": "a-person"}
    assert body["data"].keys() == {
        "dismissal_id", "subject_id", "county", "court", "case_number", "source_case_numbers", "code_section",
        "relief", "redesignated_to", "conviction_date", "disposition_date", "ordered_on", "order_number",
        "published_at",
    }  # fmt: skip


def test_a_person_has_one_id_for_an_integrator_and_another_for_each_other_one() -> None:
    people = [UUID(int=number) for number in range(20)]
    ids = {(who, one): pairwise_id("x" * 32, who, one) for who in ("case-system", "clinic") for one in people}
    assert len(set(ids.values())) == 40
    assert ids["clinic", people[3]] == pairwise_id("x" * 32, "clinic", people[3])
    assert ids["clinic", people[3]] != pairwise_id("y" * 32, "clinic", people[3])


def test_the_standard_library_verifies_what_we_sign() -> None:
    now = datetime.now(UTC)
    body = body_of_test(EVENT_ID, now)
    headers = signed_headers([SECRET], EVENT_ID, now, body)
    assert Webhook(SECRET).verify(body, headers)["type"] == "reliefstream.test.v1"
    for broken in (
        (SECRET, body + " ", headers),
        (secret(b"other" * 6), body, headers),
        (SECRET, body, {**headers, "webhook-id": str(UUID(int=8))}),
        (SECRET, body, signed_headers([SECRET], EVENT_ID, now - timedelta(minutes=6), body)),
    ):
        with pytest.raises(WebhookVerificationError):
            Webhook(broken[0]).verify(broken[1], broken[2])
