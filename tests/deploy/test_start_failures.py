"""A start that cannot succeed says which log has the reason, and leaves nothing running."""

import os
import pwd
import sys
from pathlib import Path

import pytest

from deploy.local.layout import Layout
from deploy.local.plan import Plan
from deploy.local.servers import kafka
from deploy.local.servers.requirements import ServerMissingError
from deploy.local.supervision import control
from deploy.local.supervision.processes import orphans
from tests.deploy.conftest import DUMMY, JARS

pytestmark = pytest.mark.servers


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    kafka.fetch_jars(JARS, os.environ)
    return Layout(tmp_path / "local")


def up(layout: Layout, plan: Plan) -> bool:
    return control.up(layout, plan, os.environ, lambda _: None)


def test_a_failed_preparation_or_a_service_that_never_answers_is_named(layout: Layout) -> None:
    failing = Plan(prepare=((sys.executable, "-c", "raise SystemExit(4)"),), jars=JARS)
    with pytest.raises(
        ServerMissingError, match=r"prepare ended with 4; the reason is in .*logs/prepare\.log"
    ):
        up(layout, failing)
    assert not orphans(layout)

    mute = Plan(
        services={"ingest": (sys.executable, "-c", "raise SystemExit(5)"), "relief": DUMMY}, jars=JARS
    )
    try:
        with pytest.raises(
            ServerMissingError, match=r"ingest ends again and again; the reason is in .*logs/ingest\.log"
        ):
            up(layout, mute)
        assert [each.name for each in control.status(layout) if not each.ready] == ["ingest"]
    finally:
        control.down(layout, lambda _: None)

    (layout.secrets / "postgres-superuser").unlink()
    with pytest.raises(ServerMissingError, match="bring back the secrets"):
        up(layout, Plan(jars=JARS))
    assert not orphans(layout)


def test_state_of_another_user_is_refused_by_name(layout: Layout) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    layout.make()
    layout.state.touch()
    os.chown(layout.state, 65534, -1)
    with pytest.raises(ServerMissingError, match=f"belongs to {pwd.getpwuid(65534).pw_name}"):
        up(layout, Plan(jars=JARS))
