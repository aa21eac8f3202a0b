"""The ``reliefstream`` command: each subcommand is a function, or a group of them, in a module of its own.

How a command starts at once. Only the module of the subcommand that is called is imported (``COMMANDS``), and at its
top it imports only what its arguments and its help need: the standard library, cyclopts, ``cli/terminal/exit``,
``cli/client`` (addresses, services, filters) and names. What the command runs (the law, Kafka, httpx, tables) is
imported by the first lines of the function's body. ``tests/cli/test_starts_at_once.py`` holds it.
"""

import logging
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from services.cli.terminal.exit import Ending, WrongUsage

if TYPE_CHECKING:
    from cyclopts import App


class Command(NamedTuple):
    """Where a command is (``module:attribute``), and its line in the list of commands."""

    place: str
    line: str


COMMANDS = {
    "demo": Command(
        "deploy.demo.command:demo",
        "Stream the two waves of Los Angeles County as one flow, and compare each figure with the truth file.",
    ),
    "up": Command(
        "services.cli.servers:up",
        "Start Postgres, Kafka and the five services on this machine, in the background.",
    ),
    "down": Command(
        "services.cli.servers:down", "Stop the services, then Kafka, then Postgres; their state is kept."
    ),
    "status": Command(
        "services.cli.status:status",
        "Show what runs, what waits and since when, how fast it goes, and what is open.",
    ),
    "trace": Command(
        "services.cli.trace:trace",
        "Show the way of one record: from the county's message through each topic to the dismissal, with times.",
    ),
    "sample": Command(
        "services.cli.sample:sample",
        "Write a fabricated DOJ file and court feed of one county, shaped as Los Angeles' two waves, and the truth.",
    ),
    "submit": Command(
        "services.cli.submit:submit",
        "Stream files into a county's topic, wait for each receipt, and say what was recorded and what refused.",
    ),
    "settle": Command(
        "services.cli.settle:settle",
        "Wait until everything accepted has passed through every service; print the counts.",
    ),
    "counts": Command("services.cli.settle:counts_command", "Print what each service counts, as JSON."),
    "evaluate": Command(
        "services.cli.evaluate:evaluate",
        "Judge the convictions in DOJ files and court files, told apart by content, without any server.",
    ),
    "data-sheets": Command(
        "services.cli.data_sheets:data_sheets",
        "Print what the court's forms ask (CR-400 to CR-403, JV-744 to JV-746) for a case of a determinations.csv.",
    ),
    "policy": Command(
        "services.cli.policy:policy",
        "The counties' policies: list them, show one as a table to sign, compare several.",
    ),
    "profile": Command(
        "services.cli.profile:app",
        "A county's description of its own court feed: check it, try it on a file, put it in force.",
    ),
    "county": Command(
        "services.cli.county:app", "The counties' folders: what each says, and what is wrong with it."
    ),
    "statement": Command(
        "services.cli.statement:app",
        "What offices state of convictions that no record shows, and what has become of each statement.",
    ),
    "login": Command(
        "services.cli.login:login", "Sign in with the installation's provider; the commands then act as you."
    ),
    "logout": Command("services.cli.login:logout", "Forget who signed in."),
    "whoami": Command("services.cli.login:whoami", "Show the account that acts, and its grants."),
    "access": Command(
        "services.cli.access:app",
        "Machines, their tokens, and persons: who is granted what, kept in the file of grants.",
    ),
    "order": Command(
        "services.cli.order:order",
        "Challenges, proposed and entered court orders, standing orders, acknowledgements.",
    ),
    "review": Command(
        "services.cli.review:review",
        "What waits for a person: the queue of each office, answers, decisions, signatures, challenges.",
    ),
    "seal": Command(
        "services.cli.seal:seal", "Sealing of dismissed convictions: what is due, legal holds, who was told."
    ),
    "referral": Command(
        "services.cli.referral:referral",
        "Persons whom a community group knows of: handed in, answered, followed.",
    ),
    "defender": Command(
        "services.cli.defender:defender",
        "The public defender: challenged relief, answers, contacts, conflicts, and a client who asks.",
    ),
    "balance": Command(
        "services.cli.balance:balance",
        "What became of each conviction on DOJ's list: moved, challenged, answered otherwise, unaccounted for.",
    ),
    "subject": Command(
        "services.cli.subject:subject", "One subject: records, links and why, determinations, relief."
    ),
    "export": Command("services.cli.export:export", "Write what a service holds to a file."),
    "quarantine": Command(
        "services.cli.quarantine:app",
        "What was refused at intake, and why; it stays until somebody has dealt with it.",
    ),
    "dead-letters": Command(
        "services.cli.dead_letters:app",
        "What a service could not process: a defect of ours, kept until worked on.",
    ),
    "lost-records": Command(
        "services.cli.lost_records:app",
        "What a topic lost before a service consumed it: an alarm until it is acknowledged.",
    ),
    "audit": Command(
        "services.cli.audit:app", "Who did what: the services' audit logs, and whether one was altered."
    ),
    "subscription": Command("services.cli.subscription:app", "Webhooks: who gets dismissals, and where."),
    "replay": Command(
        "services.cli.replay:app",
        "A service's database, built anew from the topics while the old one serves.",
    ),
    "run": Command(
        "services.cli.run:run",
        "Run one service or the console in the foreground, with its settings from the environment.",
    ),
    "console": Command(
        "services.cli.console:console", "Print the address of the pages on which each office works."
    ),
    "digest": Command(
        "services.cli.digest:digest",
        "Mail each office how much is new and due, without a name; cron runs it.",
    ),
    "prepare": Command(
        "services.cli.prepare:prepare",
        "Make databases, topics and rights, and bring each database to its newest schema; may be repeated.",
    ),
}


def command_line(called: str | None) -> "App":
    """The command. Only the subcommand that is called is imported; the others are listed by their help line."""
    from cyclopts import App  # not above: worker processes load this module, and parse nothing

    from services.cli.terminal.help_text import FilledParagraphs

    def version() -> str:
        from services.cli.terminal.version import version

        return version()

    app = App(
        name="reliefstream",
        help="Streams court and DOJ dispositions through the law and into dismissal events.",
        help_format="plaintext",
        help_formatter=FilledParagraphs(),
        version=version,
        version_flags=["--version"],
        result_action="return_value",
    )
    for name, (place, line) in COMMANDS.items():
        app.command(place, name=name, help=None if name == called else line)
    return app


def main() -> None:
    """Exit status 0 done, 1 input was refused, 2 wrong usage, 3 a server is missing, 4 a process was killed."""
    sys.exit(run(sys.argv[1:]))


def run(words: Sequence[str]) -> int:
    """Runs the command of these arguments and returns its exit status."""
    return status(lambda: _called(words))


def _called(words: Sequence[str]) -> Any:
    from cyclopts import CycloptsError, MissingArgumentError

    try:
        return command_line(words[0] if words else None)(words, exit_on_error=False, print_error=False)
    except CycloptsError as error:
        said = str(error)
        if isinstance(error, MissingArgumentError) and error.argument and error.keyword is None:
            said = f"{error.argument.name} is missing."
        chain = " ".join(("reliefstream", *(error.command_chain or ())))
        raise WrongUsage(f"{said.rstrip('. ')}. {chain} --help says how to call it.") from None


def status(command: Callable[[], Any]) -> int:
    """Runs the command and gives its exit status; a user sees sentences, never a stack trace."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # a command says itself what is wrong
    try:
        result = command()
    except Ending as ending:
        sys.stdout.flush()  # what was printed comes before the ending, in a pipe too
        print(ending, file=sys.stderr)
        return ending.status
    except UnicodeEncodeError:
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
