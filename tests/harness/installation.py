"""The whole product in a folder of its own, begun empty: for a measurement, a harness or a test."""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from deploy.demo.first_county import enter_standing_order
from deploy.local.layout import Layout
from deploy.local.plan import reliefstream_plan
from deploy.local.supervision import control
from services.cli.client.addresses import addresses

LOCAL = (Path(__file__).parents[2] / ".local").resolve()
JARS = LOCAL / "kafka" / "libs"
"""Kafka's jars, shared by all installations."""


@contextmanager
def empty_installation(
    name: str,
    *,
    as_of: date | None = None,
    standing_order: bool = True,
    ingest: Sequence[str] = (),
    postgres: Mapping[str, str] | None = None,
    kafka: Mapping[str, str] | None = None,
) -> Iterator[Layout]:
    """Servers and services below ``.local/NAME`` without any data; stopped afterwards, their files stay until the next.

    ``as_of``: the day for which the law is applied, None: today. ``standing_order``: whether the demo's is entered.
    ``ingest``: settings of intake as NAME=VALUE. ``postgres``, ``kafka``: settings in place of an installation's.
    Raises ServerMissingError.
    """
    layout = Layout(LOCAL / name)
    if layout.root.exists():
        control.down(layout, lambda _: None)
        shutil.rmtree(layout.root)
    up(layout, as_of, ingest, postgres, kafka)
    try:
        if standing_order:
            enter_standing_order(addresses({}, layout.root))
        yield layout
    finally:
        control.down(layout, lambda _: None)


def up(
    layout: Layout,
    as_of: date | None,
    ingest: Sequence[str] = (),
    postgres: Mapping[str, str] | None = None,
    kafka: Mapping[str, str] | None = None,
) -> None:
    """Starts what of the installation does not run. Raises ServerMissingError."""
    plan = reliefstream_plan(layout, as_of, {})
    services = (
        {**plan.services, "ingest": ("env", *ingest, *plan.services["ingest"])} if ingest else plan.services
    )
    changed = {"jars": JARS, "services": services, "postgres": postgres or {}, "kafka": kafka or {}}
    control.up(layout, plan.model_copy(update=changed), os.environ, lambda _: None)
