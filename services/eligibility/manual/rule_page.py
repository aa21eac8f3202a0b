"""A rule as a page: what it asks, what it cites, what it rests on, what may be missing, and who uses it."""

import inspect
import re
import sys
from collections.abc import Iterator
from functools import cache

import yaml

from reliefstream_contracts.vocabulary.offense import CodeSection
from services.chassis.settings.located_yaml import Located, read_yaml
from services.eligibility.explain.nothing_known import nothing_known
from services.eligibility.files.currency import STATUTE
from services.eligibility.files.interpretations import interpretations
from services.eligibility.files.policy_files import load_policy
from services.eligibility.files.policy_titles import POLICIES, policy_names
from services.eligibility.law.conditions.conditions import read_condition
from services.eligibility.law.conditions.vocabulary import VOCABULARY
from services.eligibility.law.engine.laws import LAWS
from services.eligibility.law.questions.missing_facts import MISSING_FACTS
from services.eligibility.manual.rule_functions import function, may_miss
from services.eligibility.manual.statute_page import ROOT, data, introduction

NUMBERS = re.compile(r"I-(\d+)(?: to I-(\d+))?")
_SECTION = CodeSection(code="HS", section="11358")
_CASE = nothing_known(_SECTION)
"""Asked of it, a rule shows what it cites."""


def rule_page(rule: str) -> str:
    """The page of one rule. KeyError: there is no such rule."""
    decides = function(rule)
    module = sys.modules[decides.__module__]
    file = decides.__module__.rpartition(".")[2]
    code = decides.__module__.replace(".", "/") + ".py"
    lines = [f"# {rule}", "", *_asked(rule)]
    lines += _prose(decides.__doc__ or module.__doc__ or "")
    lines += [f"Decided in [`{code}`]({ROOT}/{code}): {(module.__doc__ or '').strip()}", ""]
    used = uses().get(rule, ())
    sources = [inspect.getsource(decides), module.__doc__ or ""]
    statute = STATUTE / f"{file}.yaml"
    if statute.is_file():
        sources.append(statute.read_text(encoding="utf-8"))
        lines += [
            f"## Its data: [`statute_data/{statute.name}`]({ROOT}/services/eligibility/statute_data/{statute.name})",
            "",
        ]
        lines += [introduction(statute), "", *data(statute), ""]
    if missing := may_miss(rule):
        lines += ["## Unknown where one of these is", ""]
        lines += [f"- {MISSING_FACTS[fact].label} (`unknown_{fact}`)" for fact in missing] + [""]
    numbers = {number for text in sources for number in _numbers(text)}
    numbers |= {number for _, _, cited in used for number in cited}
    lines += _interpretations(numbers)
    if used:
        lines += ["## Policies that ask it", ""]
        lines += [f"- [{policy}](../policies/{policy}.md), row {row}" for policy, row, _ in used] + [""]
    return "\n".join(lines)


def _asked(rule: str) -> Iterator[str]:
    for words in (VOCABULARY, *(known.words for known in LAWS.values())):
        if rule in words:
            written = f"{{{rule}: {words[rule].example}}}"
            condition, says = read_condition(yaml.safe_load(written), words)
            yield f"A policy writes `{written}`, which reads: {says}."
            yield ""
            cited = sorted({test.citation for test in condition(_CASE, _SECTION).tests} - {""})
            yield (
                f"Cites {'; '.join(cited)}." if cited else "It is a county's own choice: no statute asks it."
            )
            yield ""


def _prose(docstring: str) -> list[str]:
    return [*inspect.cleandoc(docstring).replace("``", "`").splitlines(), ""]


def _numbers(text: str) -> Iterator[str]:
    """The interpretations that a text cites, those between two of them too: I-08 to I-11."""
    for first, last in NUMBERS.findall(text):
        for number in range(int(first), int(last or first) + 1):
            yield f"I-{number:02}"


def _interpretations(numbers: set[str]) -> list[str]:
    known = interpretations()
    cited = sorted(number for number in numbers if number in known)
    if not cited:
        return []
    lines = (f"- {known[number].line}" for number in cited)
    return ["## Interpretations that counsel must confirm", "", *lines, ""]


@cache
def uses() -> dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]]:
    """By rule: the policies that ask it, with the row and the interpretations that the row cites."""
    found: dict[str, list[tuple[str, str, tuple[str, ...]]]] = {}
    for policy in policy_names():
        numbers = {row.number for row in load_policy(policy).rows}
        for row in read_yaml(POLICIES / f"{policy}.yaml")["rows"]:
            number = str(row["row"])
            shown = number if number in numbers else f"{number} (by option)"
            for rule in asked_in(row["when"]):
                found.setdefault(rule, []).append((policy, shown, tuple(row.get("interpretations", ()))))
    return {rule: tuple(rows) for rule, rows in found.items()}


def asked_in(condition: Located) -> set[str]:
    """The rules that a condition asks, as a policy writes it."""
    name, parameter = next(iter(condition.items()))
    if name in {"all", "any"}:
        return {rule for part in parameter for rule in asked_in(part)}
    return {name}
