"""Prometheus and Grafana beside the product."""

import json
import time

import httpx

from services import CONSOLE, SERVICES
from tests.harness.compose.engine import MONITORING, REPOSITORY, Missing, Stack, require_image


def monitored(stack: Stack) -> str:
    """Prometheus reaches every service and answers each query of the dashboard; Grafana where its image is here."""
    everything = Stack(
        stack.project, (*stack.files, MONITORING), stack.ports | {"PROMETHEUS": 29090, "GRAFANA": 29300}
    )
    images = json.loads(everything.compose("config", "--format", "json"))["services"]
    require_image(images["prometheus"]["image"])
    try:
        require_image(images["grafana"]["image"])
        everything.up()
        shown = "Grafana is healthy"
    except Missing:
        everything.compose("up", "--wait", "--wait-timeout", "600", "prometheus")
        shown = "Grafana's image is not here: not started"
    with httpx.Client(base_url="http://127.0.0.1:29090/api/v1", timeout=30) as prometheus:
        deadline = time.monotonic() + 90
        while (scraped := _by_job(prometheus, "up")) != dict.fromkeys((*SERVICES, CONSOLE), "1"):
            assert time.monotonic() < deadline, f"Prometheus reaches {scraped}"
            time.sleep(2)
        dashboard = json.loads((REPOSITORY / "deploy/monitoring/grafana/reliefstream.json").read_text())
        queries = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
        for query in queries:
            plain = query.replace("$service", ".+").replace("$__rate_interval", "1m")
            answer = prometheus.get("query", params={"query": plain}).json()
            assert answer["status"] == "success", f"{query}: {answer}"
        groups = prometheus.get("rules").json()["data"]["groups"]
        rules = [rule for group in groups for rule in group["rules"]]
        assert rules and not [rule for rule in rules if rule["health"] == "err"], rules
    return (
        f"metrics of {len(scraped)} services, {len(queries)} queries of the dashboard answered, {len(rules)} alert "
        f"rules taken; {shown}"
    )


def _by_job(prometheus: httpx.Client, query: str) -> dict[str, str]:
    found = prometheus.get("query", params={"query": query}).json()["data"]["result"]
    return {each["metric"]["job"]: each["value"][1] for each in found}
