"""Paper as files: PDF/UA by Typst, the attachment as XLSX."""

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

TEMPLATE: Final = Path(__file__).with_name("proposed_order.typ")


def pdf(said: Mapping[str, Any]) -> bytes:
    """The proposed order: tagged (PDF/UA-1), its text can be searched. Takes seconds for thousands of lines."""
    import typst  # not above: 80 MB that only this page needs

    made: bytes = typst.compile(
        str(TEMPLATE),
        format="pdf",
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        sys_inputs={"said": json.dumps(said)},
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
