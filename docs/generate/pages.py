"""All generated pages, by their path below docs/."""

from collections.abc import Callable
from pathlib import Path

from docs.generate.commands import commands_page
from docs.generate.decisions import decisions_page
from docs.generate.facts import facts_page
from docs.generate.grants import grants_page
from docs.generate.http import http_page
from docs.generate.metrics import metrics_page
from docs.generate.settings import settings_page
from docs.generate.topics import topics_page
from services.eligibility.manual.pages import pages as manual_pages

DOCS = Path(__file__).parents[1]
GENERATED = (Path("law/manual"), Path("reference"))
"""Folders that hold generated pages and nothing else."""
REFERENCES: dict[str, Callable[[], str]] = {
    "commands": commands_page,
    "decisions": decisions_page,
    "facts": facts_page,
    "grants": grants_page,
    "http": http_page,
    "metrics": metrics_page,
    "settings": settings_page,
    "topics": topics_page,
}


def pages() -> dict[Path, str]:
    """The text of every generated page by its path below docs/."""
    references = {Path("reference") / f"{name}.md": page() for name, page in REFERENCES.items()}
    manual = {Path("law/manual") / path: text for path, text in manual_pages().items()}
    return {**references, **manual}


def stale() -> list[Path]:
    """Pages that are missing, differ from what they should be, or should not be there."""
    made, there = pages(), _there()
    wrong = {path for path, text in made.items() if path not in there or (DOCS / path).read_text() != text}
    return sorted(wrong | (there - set(made)))


def write() -> None:
    """Writes every page anew and removes those that are no page any more."""
    made = pages()
    for path in _there() - set(made):
        (DOCS / path).unlink()
    for path, text in made.items():
        (DOCS / path).parent.mkdir(parents=True, exist_ok=True)
        (DOCS / path).write_text(text, encoding="utf-8")


def _there() -> set[Path]:
    return {path.relative_to(DOCS) for folder in GENERATED for path in (DOCS / folder).rglob("*.md")}
