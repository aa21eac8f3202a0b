"""``status`` at a terminal: the summary anew each second until somebody ends it."""

import os
import select
import sys
import termios
import tty
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

from rich.console import Console, Group
from rich.live import Live

from services.cli.client.addresses import Addresses
from services.cli.monitoring.scrape import Look, look
from services.cli.monitoring.summary import summary
from services.cli.printed.status_screen import shown

EVERY_S = 1.0
WINDOW = 300
"""Looks that are kept: latency is of the last five minutes."""


def live(found: Addresses, where: Mapping[str, str]) -> list[Look]:
    """Shows the summary until q or Ctrl-C; returns the looks, none when it was ended before the first."""
    looks = deque[Look](maxlen=WINDOW)
    with (
        suppress(KeyboardInterrupt),
        _keys() as pressed,
        Live(console=Console(), screen=True, auto_refresh=False) as screen,
    ):
        while True:
            looks.append(look(found))
            clock = f"{looks[-1].at.astimezone():%Y-%m-%d %H:%M:%S}   q ends"
            screen.update(Group(clock, "", shown(summary(looks), where)), refresh=True)
            if pressed("q", EVERY_S):
                break
    return list(looks)


@contextmanager
def _keys() -> Iterator[Callable[[str, float], bool]]:
    """A function that waits some seconds for a key of the terminal and says whether it was that one."""
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)

    def pressed(key: str, seconds: float) -> bool:
        there, _, _ = select.select([terminal], [], [], seconds)
        return bool(there) and key.encode() in os.read(terminal, 64)

    try:
        tty.setcbreak(terminal)
        yield pressed
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
