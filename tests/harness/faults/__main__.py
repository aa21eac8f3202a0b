"""``make faults SEEDS=n FIRST=k``: nothing lost, nothing twice, whatever fails.

Prints each seed with its schedule, the differences from an undisturbed run, and how to replay the seed. Exit
status 0: each seed passed; 1: one did not; 3: a server is missing.
"""

import argparse
import asyncio
import logging
import pickle
import shutil
import signal
import tempfile
from pathlib import Path

from deploy.local.plan import Plan
from deploy.local.servers import kafka
from deploy.local.servers.requirements import ServerMissingError
from services import counties
from tests.harness.faults import defects, disk, workload
from tests.harness.faults.caught import caught
from tests.harness.faults.fleet import Zygote
from tests.harness.faults.machine import Template, clean_environment
from tests.harness.faults.observation import Observation
from tests.harness.faults.report import Report
from tests.harness.faults.run import new_folder, run_seed
from tests.harness.faults.schedule import REPLICAS, schedule
from tests.harness.faults.zygote import die_with_parent

LOCAL = Path(__file__).parents[3] / ".local"


async def main(asked: argparse.Namespace, root: Path) -> int:
    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    jars = LOCAL.resolve() / "kafka" / "libs"
    kafka.fetch_jars(jars, clean_environment())
    plan = Plan(counties=counties(), as_of=workload.AS_OF, policy=dict(workload.POLICY), jars=jars)
    report = Report(asked.defect, LOCAL / "faults")
    template = Template(root, jars, plan)
    await template.make()
    zygote = await Zygote.start("", clean_environment())
    try:
        folder = new_folder(root, 0)
        outcome, undisturbed = await run_seed(template, zygote, folder, 0, sealing=asked.sealing)
        report.undisturbed(outcome, folder)
        keep(asked.keep, "undisturbed", undisturbed)
        if undisturbed is None or outcome.differences:
            return 1
        if asked.defects:
            return await all_caught(template, root, undisturbed)
        if asked.defect:
            await zygote.stop()
            zygote = await Zygote.start(asked.defect, clean_environment())
        for seed in range(asked.first, asked.first + asked.seeds):
            folder = new_folder(root, seed)
            faults = schedule(seed, report.provoking(), defects.ON.get(asked.defect, REPLICAS))
            report.begins(seed, faults)
            outcome, seen = await run_seed(
                template, zygote, folder, seed, faults=faults, undisturbed=undisturbed, sealing=asked.sealing
            )
            keep(asked.keep, f"{asked.defect}{seed}", seen)
            report.ended(outcome, folder)
            shutil.rmtree(folder, ignore_errors=True)
            if outcome.differences and asked.until_caught:
                break
    finally:
        await zygote.stop()
        report.summary(asked.summary)
    return int(report.failed > 0)


async def all_caught(template: Template, root: Path, undisturbed: Observation) -> int:
    """Each deliberate defect in turn; 0: each was caught, and nothing else was."""
    convincing = True
    for name in defects.NAMES:
        found = await caught(template, root, name, undisturbed)
        print(found, flush=True)
        convincing = convincing and found.convincing
    return int(not convincing)


def keep(folder: Path | None, name: str, seen: Observation | None) -> None:
    """For whoever works on the checker: what it saw."""
    if folder is not None and seen is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.pickle").write_bytes(pickle.dumps(seen))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.harness.faults", description=__doc__)
    parser.add_argument("--seeds", type=int, default=10, help="how many (default 10)")
    parser.add_argument("--first", type=int, default=1, help="the first of them (default 1)")
    parser.add_argument(
        "--defect", default="", help="break the services in this way first: tests/harness/faults/defects"
    )
    parser.add_argument(
        "--until-caught", action="store_true", help="end at the first seed that does not pass"
    )
    parser.add_argument("--sealing", action="store_true", help="the clerk has convictions sealed, too")
    parser.add_argument("--defects", action="store_true", help="are all deliberate defects caught?")
    parser.add_argument("--summary", type=Path, help="also write the summary to this file")
    parser.add_argument("--keep", type=Path, help="a folder for what each run left, pickled")
    given = parser.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    if not disk.own_mounts():
        print("no mounts of our own here: no disk can be filled, that fault is left out")
    die_with_parent()
    with tempfile.TemporaryDirectory(prefix="reliefstream-faults-", ignore_cleanup_errors=True) as temporary:
        try:
            status = asyncio.run(main(given, Path(temporary)))
        except asyncio.CancelledError:
            status = 130
        except ServerMissingError as missing:
            print(missing)
            status = 3
    raise SystemExit(status)
