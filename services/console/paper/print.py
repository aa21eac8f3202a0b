"""Papers as files: PDF/UA by Typst, in a process of its own; the attachment as XLSX."""

import asyncio
import io
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from starlette.responses import Response

from services.console.paper.characters import displayable
from services.console.web.not_done import NotDone

HERE: Final = Path(__file__).parent
SECONDS: Final = 600
"""After which a paper is given up: 12,000 lines take some 20 s of one core."""
MOST_WAITING: Final = 4
"""Papers that wait for the one that is printed."""


class Busy(NotDone):
    """More papers wait already than would be printed soon, or this one took too long."""

    def __init__(self) -> None:
        super().__init__(
            "Other papers are being printed, or this one takes too long: try again in a few minutes.", 503
        )


class Printer:
    """Prints one paper at a time, in a process that neither keeps the pages waiting nor takes the console with it."""

    def __init__(self) -> None:
        self._one = asyncio.Semaphore(1)
        self._waiting = 0

    async def pdf(self, paper: str, said: Mapping[str, Any]) -> bytes:
        """The paper: tagged (PDF/UA-1), its text can be searched. Raises Busy."""
        if self._waiting > MOST_WAITING:
            raise Busy
        self._waiting += 1
        try:
            async with self._one:
                return await _printed(json.dumps({"paper": paper, "said": said}).encode())
        finally:
            self._waiting -= 1


PRINTER: Final = Printer()
"""The console's one."""


def pdf_file(made: bytes, name: str) -> Response:
    """The paper as a file to save."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return Response(made, media_type="application/pdf", headers=headers)


async def _printed(asked: bytes) -> bytes:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", __name__),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # a compiler's words may hold a text of the list
        env={"PYTHONPATH": str(HERE.parents[2])},  # no key of the console's
    )
    try:
        out, _ = await asyncio.wait_for(process.communicate(asked), SECONDS)
    except TimeoutError:
        raise Busy from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise RuntimeError(f"a paper was not printed: exit status {process.returncode}")
    return out


def print_paper(paper: str, said: Mapping[str, Any]) -> bytes:
    """The paper as PDF; a character that its fonts lack stands there by its number."""
    return _compiled(HERE / f"{paper}.typ", displayable(said, _displays))


def _displays(text: str) -> bool:
    import typst

    try:
        _compiled(HERE / "characters.typ", {"text": text})
    except (typst.TypstError, UnicodeEncodeError):  # the second: half of a pair of UTF-16
        return False
    return True


def _compiled(source: Path, said: Mapping[str, Any]) -> bytes:
    import typst  # not above: 80 MB that only the printing process needs

    made: bytes = typst.compile(
        str(source),
        format="pdf",
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        sys_inputs={"said": json.dumps(said, ensure_ascii=False)},
    )
    return made


def xlsx(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """One sheet; every cell is text, none a formula or a link."""
    import xlsxwriter

    out = io.BytesIO()
    plain = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, plain) as book:
        sheet = book.add_worksheet("Attachment A")
        for number, row in enumerate((columns, *rows)):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)
        sheet.freeze_panes(1, 0)
    return out.getvalue()


if __name__ == "__main__":
    os.nice(5)
    given = json.load(sys.stdin)
    sys.stdout.buffer.write(print_paper(given["paper"], given["said"]))
