"""All pages of the manual, by their path below docs/law/manual."""

from collections.abc import Callable
from difflib import get_close_matches
from functools import partial
from pathlib import Path

from services.eligibility.files.currency import STATUTE
from services.eligibility.files.policy_files import load_policy
from services.eligibility.files.policy_titles import policy_names
from services.eligibility.law.engine.laws import LAWS
from services.eligibility.manual.policy_page import policy_page
from services.eligibility.manual.rule_functions import function, rules
from services.eligibility.manual.rule_page import rule_page
from services.eligibility.manual.statute_page import introduction, statute_page


def _makers() -> dict[Path, Callable[[], str]]:
    """What makes each page, by its path below the manual."""
    made: dict[Path, Callable[[], str]] = {
        Path("rules") / f"{rule}.md": partial(rule_page, rule) for rule in rules()
    }
    for path in _statutes():
        made[Path("statute") / f"{path.stem}.md"] = partial(_statute_page, path)
    for name in policy_names():
        made[Path("policies") / f"{name}.md"] = partial(policy_page, name)
    return {**made, Path("README.md"): _contents}


def pages() -> dict[Path, str]:
    """The text of every page by its path below the manual."""
    return {path: make() for path, make in _makers().items()}


def _statutes() -> list[Path]:
    return sorted(STATUTE.glob("*.yaml"))


def _statute_page(path: Path) -> str:
    of_the_file = (rule for rule in rules() if function(rule).__module__.endswith(f".{path.stem}"))
    return statute_page(path, tuple(of_the_file))


class UnknownPage(ValueError):
    """The manual has no page of that name; the text says which are near."""


def page(name: str) -> str:
    """The page of a rule, a statute's file or a policy. Raises UnknownPage."""
    by_name = {path.stem: make for path, make in _makers().items()}
    if name not in by_name:
        near = get_close_matches(name, by_name, n=5, cutoff=0.4) or sorted(by_name)
        raise UnknownPage(f"the manual has no page {name!r}; there are {', '.join(near)}")
    return by_name[name]()


def _contents() -> str:
    lines = [
        "# The law, page by page",
        "",
        "Made by `make docs` from the statutes' files, the policies and the law's own code: change those, not this.",
        "In a terminal: `reliefstream policy rule NAME`.",
        "",
        "## Laws",
        "",
        *(f"- `{law.name}`: {law.title}" for law in LAWS.values()),
        "",
        "## Policies",
        "",
        *(f"- [{name}](policies/{name}.md): {load_policy(name).title}" for name in policy_names()),
        "",
        "## Statutes' lists, dates and amounts",
        "",
        *(f"- [{path.stem}](statute/{path.stem}.md): {introduction(path)}" for path in _statutes()),
        "",
        "## Rules",
        "",
        *(f"- [{rule}](rules/{rule}.md): {_first(rule)}" for rule in rules()),
    ]
    return "\n".join(lines) + "\n"


def _first(rule: str) -> str:
    """The first sentence of what a rule says of itself."""
    text = " ".join((function(rule).__doc__ or "").split()).replace("``", "`")
    return text.split(". ")[0].split("; ")[0].rstrip(".")
