"""The README's code, run as it stands there."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from deploy.local.addresses import read
from tests.end_to_end.conftest import Product

pytestmark = pytest.mark.servers
README = Path(__file__).parents[2] / "README.md"
BLOCKS = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)


def test_the_consumer_of_the_readme_prints_each_dismissal_once(product: Product, tmp_path: Path) -> None:
    code = next(block for block in BLOCKS if "AIOKafkaConsumer" in block)
    found = read(product.layout.root)
    password = (product.layout.secrets / "kafka-integrator").read_text().strip()
    environment = {**os.environ, "KAFKA": found.kafka_bootstrap, "KAFKA_PASSWORD": password}
    assert product.run("export", "dismissals", "--out", tmp_path / "dismissals.jsonl").returncode == 0
    wanted = {
        json.loads(line)["dismissal_id"] for line in (tmp_path / "dismissals.jsonl").read_text().splitlines()
    }
    assert wanted
    for run in ("first", "again"):  # the second run finds all of them seen
        process = subprocess.Popen(
            [sys.executable, "-c", code], env=environment, cwd=tmp_path, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout
        if run == "first":
            printed = [json.loads(process.stdout.readline())["dismissal_id"] for _ in wanted]
            assert set(printed) == wanted
        process.kill()
        rest = process.stdout.read()
        assert not rest.strip(), "a dismissal was printed twice"
        process.wait()


def test_the_webhook_code_of_the_readme_takes_what_is_signed_and_nothing_else() -> None:
    code = next(block for block in BLOCKS if "Webhook(" in block)
    names: dict[str, object] = {}
    exec(code, names)
    receive = names["receive"]
    assert callable(receive)
    secret, body = "whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0", b'{"type": "t"}'
    now = datetime.now(UTC)
    headers = {
        "webhook-id": "1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign("1", now, body.decode()),
    }
    assert receive(body, headers, secret) == {"type": "t"}
    with pytest.raises(WebhookVerificationError):
        receive(body + b" ", headers, secret)
