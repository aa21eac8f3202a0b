"""Finds which of many byte strings stand in the stores, by ``grep``."""

import os
import subprocess
import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from typing import IO

LINE_END = b"\n"


class SearchFailed(RuntimeError):
    """``grep`` is missing or ended with an error; the text has no value that was searched for."""


def found_in(contents: Iterable[bytes], wanted: Collection[bytes]) -> set[bytes]:
    """Those of ``wanted`` that stand in one of the contents. None of them has a line's end.

    The strings go through a pipe: they are on no command line and in no file. ``grep`` keeps them in memory, a million
    in 1 GB. Raises SearchFailed, and what reading the contents raises.
    """
    if not wanted:
        return set()
    reading, writing = os.pipe()
    try:
        grep = subprocess.Popen(  # noqa: S603 - fixed program, our own arguments
            ["grep", "-aoFf", f"/dev/fd/{reading}"],  # noqa: S607 - on the PATH, as on any system
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            pass_fds=(reading,),
        )
    except OSError as error:
        os.close(writing)
        raise SearchFailed(f"grep does not start: {error.strerror}") from None
    finally:
        os.close(reading)
    if grep.stdin is None or grep.stdout is None:
        raise SearchFailed("grep has no pipes")
    lines: set[bytes] = set()
    threads = [
        threading.Thread(target=_write, args=(os.fdopen(writing, "wb"), sorted(wanted))),
        threading.Thread(target=lines.update, args=(grep.stdout,)),
    ]
    for each in threads:
        each.start()
    try:
        _write(grep.stdin, contents)
    finally:
        for each in threads:
            each.join()
        status = grep.wait()
    if status > 1:
        raise SearchFailed("grep ended with an error")
    return {one for line in lines for one in _parts(line.removesuffix(LINE_END), wanted)}


def _write(pipe: IO[bytes], contents: Iterable[bytes]) -> None:
    # Where grep has ended early, its exit status says so.
    with suppress(BrokenPipeError), pipe:
        for each in contents:
            pipe.write(each)
            pipe.write(LINE_END)


def _parts(line: bytes, wanted: Collection[bytes]) -> Iterator[bytes]:
    """Of what was found, also what stands inside of it: ``grep`` says the longest."""
    for start in range(len(line)):
        for end in range(start + 1, len(line) + 1):
            if line[start:end] in wanted:
                yield line[start:end]
