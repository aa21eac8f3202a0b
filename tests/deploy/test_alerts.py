"""Alerts use metrics that services have, and each leads to an entry of the runbook."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.metrics import EXPORTED, PROMETHEUS_OWN

ROOT = Path(__file__).resolve().parents[2]
MONITORING = ROOT / "deploy" / "monitoring"
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((MONITORING / "alerts.yml").read_text())["groups"]
    for rule in group["rules"]
]
RUNBOOK = (ROOT / "docs" / "guides" / "on-call.md").read_text()
ENTRIES = re.findall(r"^### (\w+)$", RUNBOOK.split("## Alerts")[1].split("\n## ")[0], re.MULTILINE)
ANCHORS = {
    re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")
    for heading in re.findall(r"^#+ (.+)$", RUNBOOK, re.MULTILINE)
}
promtool = pytest.mark.skipif(
    not shutil.which("promtool"), reason="promtool is not here (Debian: prometheus)"
)
named = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])


def test_each_alert_has_an_entry_in_the_runbook_and_each_entry_an_alert() -> None:
    assert [rule["alert"] for rule in RULES] == ENTRIES


@named
def test_an_alert_says_how_bad_what_and_where_to_read_on(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert rule["annotations"]["summary"]
    assert rule["annotations"]["runbook_url"] == f"docs/guides/on-call.md#{rule['alert'].lower()}"
    entry = RUNBOOK.split(f"### {rule['alert']}\n")[1]
    assert entry.startswith(f"*{rule['labels']['severity']}.*")
    # A rate over a quarter of an hour has its patience in itself.
    assert "for" in rule or re.search(r"increase\(.*\[(15m|1h)\]", rule["expr"])


@named
def test_an_alert_asks_for_metrics_and_labels_that_services_have(rule: dict[str, Any]) -> None:
    expression = re.sub(r'"[^"]*"', '""', rule["expr"])
    metrics = set(re.findall(r"\b(?:reliefstream|process)_\w+", expression))
    assert metrics or "up" in expression
    for metric in metrics:
        assert metric in EXPORTED, metric
    labels = set(re.findall(r"(\w+)=~?\"\"", expression))
    for grouped in re.findall(r"by \(([^)]*)\)", expression):
        labels |= {label.strip() for label in grouped.split(",")}
    known = {label for metric in metrics for label in EXPORTED[metric]} | PROMETHEUS_OWN
    assert labels <= known, f"{labels - known} of {metrics}"


@named
def test_a_summary_uses_labels_that_the_expression_leaves(rule: dict[str, Any]) -> None:
    shown = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
    grouped = {label.strip() for by in re.findall(r"by \(([^)]*)\)", rule["expr"]) for label in by.split(",")}
    assert shown <= (grouped or PROMETHEUS_OWN)


def test_the_links_within_the_runbook_lead_somewhere() -> None:
    links = set(re.findall(r"\]\(#([\w-]+)\)", RUNBOOK))
    assert links and links <= ANCHORS


def test_prometheus_gets_the_rules_in_compose() -> None:
    config = yaml.safe_load((MONITORING / "prometheus.yml").read_text())
    mounts = yaml.safe_load((ROOT / "deploy/compose/monitoring.yml").read_text())["services"]["prometheus"][
        "volumes"
    ]
    assert config["rule_files"] == ["alerts.yml"]
    assert "./deploy/monitoring/alerts.yml:/etc/prometheus/alerts.yml:ro" in mounts


@promtool
@pytest.mark.parametrize("check", [("check", "rules", "alerts.yml"), ("test", "rules", "alerts_test.yml")])
def test_promtool_takes_the_rules_and_they_fire_when_they_should(check: tuple[str, ...]) -> None:
    done = subprocess.run(["promtool", *check], cwd=MONITORING, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
