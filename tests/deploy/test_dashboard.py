"""The dashboard shows metrics that the services have, and Prometheus asks every service."""

import importlib
import json
import pkgutil
import re
from pathlib import Path

import yaml
from prometheus_client import REGISTRY

import services
from services import CONSOLE, SERVICES

MONITORING = Path(__file__).resolve().parents[2] / "deploy" / "monitoring"
DASHBOARD = json.loads((MONITORING / "grafana" / "reliefstream.json").read_text())
QUERIES = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]


def test_prometheus_asks_every_service() -> None:
    jobs = yaml.safe_load((MONITORING / "prometheus.yml").read_text())["scrape_configs"]
    assert {job["job_name"]: job["static_configs"][0]["targets"] for job in jobs} == {
        name: [f"{name}:8080"] for name in (*SERVICES, CONSOLE)
    }


def test_every_metric_of_the_dashboard_is_one_that_a_service_has() -> None:
    for name in (*SERVICES, CONSOLE):
        importlib.import_module(f"services.{name}.app")
    names = {metric.name for metric in REGISTRY.collect()}
    shown = {name for query in QUERIES for name in re.findall(r"(?:reliefstream|process)_\w+", query)}
    assert {re.sub(r"_(total|bucket)$", "", name) for name in shown} <= names


def test_every_metric_of_ours_is_on_the_dashboard() -> None:
    for module in pkgutil.walk_packages(services.__path__, "services."):
        if module.name.split(".")[1] in (*SERVICES, CONSOLE, "chassis"):
            importlib.import_module(module.name)
    names = {metric.name for metric in REGISTRY.collect() if metric.name.startswith("reliefstream_")}
    text = " ".join(QUERIES)
    assert {name for name in names if name not in text} == set()


def test_every_panel_has_a_place_of_its_own() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert not cells & taken
        taken |= cells
