"""The metrics that services export, with their labels, as Prometheus names them."""

from docs.generate.metrics import collectors, labels_of

PROMETHEUS_OWN = frozenset({"job", "instance", "le"})
"""Labels that Prometheus or its histograms add."""

EXPORTED = {name: labels_of(collector) for collector, names in collectors().items() for name in names}
