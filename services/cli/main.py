"""The ``reliefstream`` command: each subcommand is a function of its own module."""

import logging
import os
import sys
from collections.abc import Callable
from typing import Any

import httpx
from cyclopts import App

from services.cli import (
    county,
    dead_letters,
    evaluate,
    export,
    order,
    policy,
    prepare,
    profile,
    quarantine,
    replay,
    run,
    servers,
    settle,
    submit,
    subscription,
)
from services.cli.demo.command import demo
from services.cli.exit import Ending
from services.cli.sample.command import sample
from services.cli.status.command import status as show_status
from services.cli.subject import subject
from services.cli.trace import trace

app = App(
    name="reliefstream",
    help="Streams court and DOJ dispositions through the law and into dismissal events.",
    version_flags=["--version"],
    result_action="return_value",
)
for command in (
    demo,
    servers.up,
    servers.down,
    show_status,
    trace,
    sample,
    submit.submit,
    settle.settle,
    evaluate.evaluate,
    policy.policy,
    profile.app,
    county.app,
    order.order,
    subject,
    export.export,
    quarantine.app,
    dead_letters.app,
    subscription.app,
    replay.app,
    run.run,
    prepare.prepare,
):
    app.command(command)
app.command(settle.counts_command, name="counts")


def main() -> None:
    """Exit status 0 done, 1 input was refused, 2 wrong usage, 3 a server is missing, 4 a process was killed."""
    sys.exit(status(app))


def status(command: Callable[[], Any]) -> int:
    """Runs the command and gives its exit status; a user sees sentences, never a stack trace."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # a command says itself what is wrong
    try:
        result = command()
    except Ending as ending:
        sys.stdout.flush()  # what was printed comes before the ending, in a pipe too
        print(ending, file=sys.stderr)
        return ending.status
    except (httpx.InvalidURL, UnicodeEncodeError):
        print("An argument has characters that no identifier has.", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of our output has seen enough
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - so that closing says nothing either
        return 0
    except OSError as error:  # a file that cannot be read or written: its name is too long, the disk is full
        print(f"{str(error.filename or 'A file')[:200]}: {error.strerror or error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    except SystemExit as end:
        # cyclopts ends with 1 on a wrong call; here 1 means refused input
        return 2 if end.code == 1 else int(end.code or 0)
    return result if isinstance(result, int) else 0


if __name__ == "__main__":
    main()
