"""A command starts at once: what only its run needs is not loaded to parse its arguments or to print its help.

Counted are modules, not seconds: a busy machine does not change them.
"""

import json
import subprocess
import sys
from pathlib import Path

from services import SERVICES
from services.cli.main import COMMANDS

HEAVY = (
    "aiokafka",
    "asyncpg",
    "confluent_kafka",
    "faststream",
    "httpx",
    "pydantic",
    "rapidfuzz",
    "yaml",
    "uvloop",
)
CALLS = """
import json, sys
from services.cli.main import run
for call in json.loads(sys.argv[1]):
    ended = run(call)
    loaded = sorted({name.partition(".")[0] for name in sys.modules} & set(json.loads(sys.argv[2])))
    print(json.dumps([" ".join(call), ended, loaded]), file=sys.stderr)
"""
GROUPS = {
    "policy": ("list", "show", "rule", "compare"),
    "quarantine": ("summary", "list", "show", "resubmit", "discard"),
    "dead-letters": ("summary", "list", "show", "process", "discard"),
    "lost-records": ("list", "acknowledge"),
    "replay": ("rebuild", "compare", "switch"),
    "order": (
        "propose",
        "enter",
        "confirm",
        "list",
        "discard-entry",
        "discard",
        "challenge",
        "resolve",
        "acknowledge",
        "standing",
    ),
    "profile": ("check", "try", "reload"),
    "county": ("check",),
    "statement": ("list", "show", "withdraw", "import"),
    "subject": ("show", "link"),
    "subscription": ("create", "list", "delete", "test"),
}


def after(calls: list[list[str]], local: Path, **environ: str) -> dict[str, tuple[int, list[str]]]:
    """Each call with its exit status, and which heavy packages one process has loaded once it has ended."""
    command = [sys.executable, "-c", CALLS, json.dumps(calls), json.dumps(HEAVY)]
    ended = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
        env={"RELIEFSTREAM_LOCAL": str(local / "none"), **environ},
    )
    told = [json.loads(line) for line in ended.stderr.splitlines() if line.startswith("[")]
    return {call: (status, loaded) for call, status, loaded in told}


def test_help_loads_nothing_that_only_a_run_needs(tmp_path: Path) -> None:
    named = [[], *([name] for name in COMMANDS), *([name, one] for name in GROUPS for one in GROUPS[name])]
    told = after([[*call, "--help"] for call in named], tmp_path)
    assert len(told) == len(named)
    assert {call: said for call, said in told.items() if said != (0, [])} == {}


def test_status_before_the_first_start_loads_no_client(tmp_path: Path) -> None:
    assert after([["status"]], tmp_path) == {"status": (3, [])}


def test_status_asks_servers_without_any_client_of_them(tmp_path: Path) -> None:
    nobody = {f"RELIEFSTREAM_{name.upper()}_URL": "http://127.0.0.1:1" for name in SERVICES}
    told = after([["status"]], tmp_path, RELIEFSTREAM_KAFKA_BOOTSTRAP="127.0.0.1:1", **nobody)
    assert told == {"status": (3, [])}


def test_the_list_of_policies_does_not_load_the_law(tmp_path: Path) -> None:
    assert after([["policy", "list"]], tmp_path) == {"policy list": (0, ["yaml"])}
