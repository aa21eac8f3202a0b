"""Orders in the console: the list, the paper for the court, and the order as the court made it."""

import csv
import hashlib
import io
import zipfile

import pypdf
import pytest
import xlsxwriter

from tests.console.conftest import Browser, World
from tests.console.services import a_line

ORDERS = "/counties/los-angeles/orders"
ATTORNEY = {
    "paper": "proposed_order",
    "attorney": "Ana Ruiz",
    "bar_number": "123456",
    "office": "District Attorney, County of Los Angeles",
    "address": "211 West Temple Street, Los Angeles",
    "telephone": "(213) 555-0100",
    "people": "request",
    "defender": "joins",
}


@pytest.fixture
async def at_the_list(world: World, browser: Browser) -> Browser:
    """A list of three lines that was just made, one of them with a text that a spreadsheet would take for a formula."""
    world.services.lines = [
        a_line(1),
        a_line(2, relief="redesignation", redesignated_to="misdemeanor", counts=["court/los-angeles/2/1"]),
        a_line(3, case_number='=HYPERLINK("x") <script> #eval("x")', level=None, conviction_date=None),
    ]
    await browser.sign_in("dana", ORDERS)
    await browser.send("/orders/propose")
    return browser


async def test_what_waits_becomes_a_list(at_the_list: Browser) -> None:
    assert at_the_list.page.url.path == f"{ORDERS}/los-angeles-1"
    assert "3 convictions stand on this list." in at_the_list.page.text
    text = at_the_list.page.text
    assert 'data-label="Relief">redesignated as misdemeanor</td>' in text
    assert 'data-label="Authority">11361.8(e), (f)</td>' in text
    page = await at_the_list.open(ORDERS)
    assert "before the court" in page.text


async def test_where_nothing_waits_no_list_is_made(world: World, browser: Browser) -> None:
    await browser.sign_in("dana", ORDERS)
    page = await browser.send("/orders/propose")
    assert "Nothing waits for an order." in page.text


async def test_the_paper_is_tagged_searchable_and_reads_back_as_the_attachment(at_the_list: Browser) -> None:
    page = at_the_list.page
    answer = await at_the_list.send("/pdf", **ATTORNEY)
    assert answer.headers["content-type"] == "application/pdf"
    paper = pypdf.PdfReader(io.BytesIO(answer.content))
    root = paper.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-US"
    assert "pdfuaid:part" in root["/Metadata"].get_data().decode()
    first, text = paper.pages[0].extract_text(), "\n".join(each.extract_text() for each in paper.pages)
    assert "Ana Ruiz (State Bar No. 123456)" in first
    assert "SUPERIOR COURT OF CALIFORNIA, COUNTY OF LOS ANGELES" in first
    assert "28" in first.split("\n")
    at_the_list.page = page
    attached = (await at_the_list.open(f"{ORDERS}/los-angeles-1/attachment.csv")).text
    assert hashlib.sha256(attached.encode()).hexdigest() in text
    words = " ".join(text.split())
    for row in list(csv.reader(io.StringIO(attached)))[1:]:
        cells = " ".join(cell.removeprefix("'") for cell in row)
        assert cells in words, cells


async def test_the_list_names_persons_and_their_numbers_for_the_court_and_no_page_does(
    world: World, at_the_list: Browser
) -> None:
    assert "DOE, JANE" not in at_the_list.page.text
    attached = (await at_the_list.open(f"{ORDERS}/los-angeles-1/attachment.csv")).text
    first = next(csv.DictReader(io.StringIO(attached)))
    assert (first["Name"], first["Other names"], first["CII number"]) == (
        "DOE, JANE 1",
        "ROE, JANE",
        "01234567",
    )
    assert (first["Sentence"], first["Count"]) == ("completed", "1")
    tori = world.browser()
    await tori.sign_in("tori", f"{ORDERS}/los-angeles-1")
    attached = (await tori.open(f"{ORDERS}/los-angeles-1/attachment.csv")).text
    assert "DOE" not in attached
    assert "not shown to your office" in attached


@pytest.mark.parametrize(("allowed", "shown"), [({}, False), ({"case_numbers": "yes"}, True)])
async def test_the_public_list_names_nobody_and_cases_only_where_the_judge_allows(
    at_the_list: Browser, allowed: dict[str, str], shown: bool
) -> None:
    text = await printed(at_the_list, paper="public_list", **allowed)
    assert "DOE" not in text
    assert "01234567" not in text
    assert ("BA-000001" in text) is shown
    assert "dismissed and sealed" in text


async def test_a_packet_has_a_page_for_each_case(world: World, at_the_list: Browser) -> None:
    world.services.lines.append(
        a_line(4, case_number="BA-000001", subject_id=world.services.lines[0]["subject_id"])
    )
    page = at_the_list.page
    answer = await at_the_list.send("/pdf", **{**ATTORNEY, "paper": "packet"})
    pages = [one.extract_text() for one in pypdf.PdfReader(io.BytesIO(answer.content)).pages]
    assert [sum("Proposed order in case" in one for one in pages), len(pages)] == [3, 3]
    assert "BA-000001" in pages[0]
    assert "DOE, JANE" in pages[0]
    at_the_list.page = page


async def test_proof_of_service_says_which_list_was_served(at_the_list: Browser) -> None:
    text = await printed(at_the_list, paper="proof_of_service")
    attached = (await at_the_list.open(f"{ORDERS}/los-angeles-1/attachment.csv")).text
    assert "penalty of perjury" in text
    assert hashlib.sha256(attached.encode()).hexdigest() in "".join(text.split())


async def printed(browser: Browser, **typed: str) -> str:
    """The text of a paper of the list."""
    answer = await browser.send("/pdf", **{**ATTORNEY, **typed})
    assert answer.headers["content-type"] == "application/pdf", answer.text
    paper = pypdf.PdfReader(io.BytesIO(answer.content))
    assert "pdfuaid:part" in paper.trailer["/Root"]["/Metadata"].get_data().decode()
    return " ".join("\n".join(each.extract_text() for each in paper.pages).split())


async def test_the_clerk_tells_what_became_of_each_line_and_whom_the_court_told(
    world: World, at_the_list: Browser
) -> None:
    second = await entered_and_confirmed(world)
    assert "by <strong>December 20, 2026</strong>" in second.page.text
    page = await second.send("/outcomes", outcomes="line,outcome\n1,done\n2;Not found\n9\tdestroyed")
    assert "2 lines are kept. 1 are not" in page.text
    assert "Done: 1. Not found: 1. Not told yet: 1." in page.text
    page = await second.send("/told", to="doj", on="2026-11-25")
    assert "Reported on November 25, 2026." in page.text
    page = await second.send("/outcomes", all_done="yes")
    assert "Done: 2. Not found: 1." in page.text


async def test_rows_that_are_no_outcome_are_named_and_nothing_is_kept(
    world: World, at_the_list: Browser
) -> None:
    second = await entered_and_confirmed(world)
    page = await second.send("/outcomes", outcomes="1,done\n2,lost\nx,done")
    assert page.status_code == 422
    assert "Not a line and one of done, not found, destroyed, duplicate: row 2; row 3." in page.text
    assert "2,lost" in page.text, "what was typed stays"
    assert [line["outcome"] for line in world.services.lines] == [None, None, None]


async def test_the_list_itself_comes_back_as_a_file_with_what_became_of_its_lines(
    world: World, at_the_list: Browser
) -> None:
    second = await entered_and_confirmed(world)
    action, hidden = second.form("/outcomes")
    attached = (await second.http.get(f"{ORDERS}/los-angeles-1/attachment.csv")).text.splitlines()
    told = ("Outcome", "done", "", "Not found")
    table = "\n".join(f"{row},{outcome}" for row, outcome in zip(attached, told, strict=True))
    for name, content in (("list.csv", table.encode()), ("list.xlsx", a_workbook(table))):
        for line in world.services.lines:
            line["outcome"] = None
        answer = await second.http.post(
            action, data=hidden, files={"file": (name, content)}, follow_redirects=True
        )
        assert "2 lines are kept." in answer.text
        assert [line["outcome"] for line in world.services.lines] == ["done", None, "not_found"]


async def test_a_file_that_is_no_table_is_told_on_its_page(world: World, at_the_list: Browser) -> None:
    second = await entered_and_confirmed(world)
    action, hidden = second.form("/outcomes")
    answer = await second.http.post(action, data=hidden, files={"file": ("list.xlsx", b"PK\x03\x04 torn")})
    assert answer.status_code == 422
    assert "no XLSX workbook that can be read" in answer.text


async def test_a_file_that_is_too_large_is_refused_before_it_is_read_whole(
    world: World, at_the_list: Browser
) -> None:
    second = await entered_and_confirmed(world)
    action, hidden = second.form("/outcomes")
    file = ("list.csv", b"1,done\n" * 700_000)
    answer = await second.http.post(action, data=hidden, files={"file": file})
    assert answer.status_code == 413


def a_workbook(table: str) -> bytes:
    """The same table as a spreadsheet keeps it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(csv.reader(io.StringIO(table))):
            sheet.write_row(number, 0, row)
    return out.getvalue()


async def entered_and_confirmed(world: World) -> Browser:
    """The browser of the clerk who confirmed, at the list."""
    clerk, second = world.browser(), world.browser()
    await clerk.sign_in("casey", f"{ORDERS}/los-angeles-1")
    await clerk.send("/enter", order_number="BO-8", judge="M. Ortiz", on="2026-11-20")
    await second.sign_in("carla", f"{ORDERS}/los-angeles-1")
    await second.send("/confirm")
    return second


async def test_no_cell_of_the_attachment_is_a_formula(at_the_list: Browser) -> None:
    attached = (await at_the_list.open(f"{ORDERS}/los-angeles-1/attachment.csv")).text
    assert "\"'=HYPERLINK" in attached
    book = (await at_the_list.open(f"{ORDERS}/los-angeles-1/attachment.xlsx")).content
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        texts = parts.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "=HYPERLINK" in texts


async def test_a_paper_without_its_attorney_is_asked_for_and_keeps_what_was_typed(
    at_the_list: Browser,
) -> None:
    page = await at_the_list.send("/pdf", **{**ATTORNEY, "bar_number": " "})
    assert page.status_code == 422
    assert "Look at these fields again: bar number." in page.text
    assert 'value="211 West Temple Street, Los Angeles"' in page.text


async def test_a_clerk_enters_the_order_as_the_court_made_it_and_another_confirms_it(
    world: World, at_the_list: Browser
) -> None:
    clerk = world.browser()
    await clerk.sign_in("casey", f"{ORDERS}/los-angeles-1")
    page = await clerk.send("/enter", order_number="BO-7", judge="", on="2026-11-20")
    assert "Give the order&#39;s number, the judge and the day" in page.text
    page = await clerk.send(
        "/enter",
        order_number="BO-7",
        judge="M. Ortiz",
        on="2026-11-20",
        **{"except": "doj/los-angeles/1/1\n2\n"},
    )
    assert "Nothing is ordered until another clerk confirms it." in page.text
    assert "Confirm the order" not in page.text
    page = await clerk.open(ORDERS)
    assert "to be confirmed" in page.text
    second = world.browser()
    await second.sign_in("carla", f"{ORDERS}/los-angeles-1")
    page = await second.send("/confirm")
    assert "The court made it order BO-7 (M. Ortiz, November 20, 2026)." in page.text
    body = {
        "order_number": "BO-7",
        "judge": "M. Ortiz",
        "on": "2026-11-20",
        "except": ["doj/los-angeles/1/1", a_line(2)["relief_id"]],
    }
    assert world.services.said == [
        ("casey", "enter", body, ""),
        ("carla", "confirm", {"number": "BO-7", "digest": "d" * 64}, ""),
    ]


async def test_an_entry_that_is_wrong_is_discarded_and_the_list_waits_again(
    world: World, at_the_list: Browser
) -> None:
    clerk = world.browser()
    await clerk.sign_in("casey", f"{ORDERS}/los-angeles-1")
    await clerk.send("/enter", order_number="BO-8", judge="M. Ortiz", on="2026-11-20")
    page = await clerk.send("/discard-entry")
    assert "It waits for the court’s order." in page.text
    assert world.services.said[-1] == ("casey", "discard-entry", {"number": "BO-8"}, "")


async def test_an_order_that_the_county_halted_meanwhile_is_not_confirmed_and_the_page_says_so(
    world: World, at_the_list: Browser
) -> None:
    clerk, second = world.browser(), world.browser()
    await clerk.sign_in("casey", f"{ORDERS}/los-angeles-1")
    await clerk.send("/enter", order_number="BO-8", judge="M. Ortiz", on="2026-11-20")
    await second.sign_in("carla", f"{ORDERS}/los-angeles-1")
    world.services.refuse["confirm"] = (409, "ordering_halted", "All ordering in this county is halted.")
    page = await second.send("/confirm")
    assert page.status_code == 409
    assert "All ordering in this county is halted." in page.text


async def test_an_order_that_was_entered_meanwhile_is_told(world: World, at_the_list: Browser) -> None:
    world.services.refuse["discard"] = (409, "not_open", "This proposed order is entered as order BO-7.")
    page = await at_the_list.send("/discard")
    assert page.status_code == 409
    assert "This proposed order is entered as order BO-7." in page.text


async def test_a_list_of_another_county_is_not_here(world: World, at_the_list: Browser) -> None:
    clerk = world.browser()
    page = await clerk.sign_in("casey", "/counties/fresno/orders/los-angeles-1")
    assert page.status_code == 404
