"""What a proof says while one of its steps takes long."""

import time
from collections.abc import Callable

Say = Callable[[str], None]
EVERY_S = 30.0


def now_and_then(say: Say, every_s: float = EVERY_S) -> Say:
    """A function to be told often how far a step is; it says so once in so many seconds."""
    said = time.monotonic()

    def told(text: str) -> None:
        nonlocal said
        if time.monotonic() - said >= every_s:
            said = time.monotonic()
            say(text)

    return told
