"""The metrics that services export, with their labels, as Prometheus names them."""

import importlib
import pkgutil
from collections.abc import Iterator

from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase

import services
from services import SERVICES
from services.chassis.runtime.histogram import Durations

PROMETHEUS_OWN = frozenset({"job", "instance", "le"})
"""Labels that Prometheus or its histograms add."""


def _exported() -> Iterator[tuple[str, tuple[str, ...]]]:
    for module in pkgutil.walk_packages(services.__path__, "services."):
        if module.name.split(".")[1] in (*SERVICES, "chassis") and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for collector in REGISTRY._collector_to_names:
        labels: tuple[str, ...] = ()
        if isinstance(collector, MetricWrapperBase):
            labels = tuple(collector._labelnames)
        elif isinstance(collector, Durations):
            labels = (collector.label,)
        for name in REGISTRY._collector_to_names[collector]:
            yield name, labels


EXPORTED = dict(_exported())
