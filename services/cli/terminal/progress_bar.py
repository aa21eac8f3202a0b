"""What a long command shows at a terminal while it works; nothing elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

BAR_AFTER_S = 2.0


@contextmanager
def progress_bar() -> Iterator[Callable[[str, float], None]]:
    """A function to be told what is being done and which share of it is done, from 0 to 1.

    It is drawn when told, and not by a thread: processes may be copies of this one meanwhile.
    """
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=console, auto_refresh=False, transient=True, disable=not console.is_terminal
    ) as bar:
        tasks: dict[str, TaskID] = {}

        def told(step: str, share: float) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step, total=1.0)
            bar.update(tasks[step], completed=share, refresh=True)

        yield told


@contextmanager
def counting_bar(what: str) -> Iterator[Callable[[int, int | None], None]]:
    """A function to be told how many are done, and of how many (None: not known yet); shown after two seconds."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _, __: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=console, transient=True)
    task = bar.add_task(what, total=None)
    begun = bar.get_time()

    def told(done: int, total: int | None) -> None:
        if bar.get_time() - begun > BAR_AFTER_S:
            bar.start()
        bar.update(task, completed=done, total=total)

    try:
        yield told
    finally:
        if bar.live.is_started:
            bar.stop()


@contextmanager
def step_line(first: str) -> Iterator[Callable[[str], None]]:
    """A function to be told the step that is under way: one line that changes, ``first`` to begin with."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    with console.status(first) as line:
        yield line.update
