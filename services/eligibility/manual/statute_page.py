"""A statute's file as a page: what it says of itself, its dates and amounts, its lists of sections."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from services.chassis.settings.located_yaml import Located, read_yaml

ROOT = "../../../.."
"""The repository, from a page of docs/law/manual/rules, statute or policies."""


LISTED = frozenset(
    {"section", "through", "but_not", "attempts", "citation", "elements", "felonies_only"}
    | {"committed_from", "committed_before"}
)
"""What an entry of a list of sections may say."""


def statute_page(path: Path, used_by: tuple[str, ...]) -> str:
    """The page of one file; ``used_by``: the rules that rest on it."""
    link = f"{ROOT}/services/eligibility/statute_data/{path.name}"
    lines = [f"# {path.stem}", "", f"File: [`statute_data/{path.name}`]({link}).", ""]
    if intro := introduction(path):
        lines += [intro, ""]
    lines += [*data(path), ""]
    if used_by:
        links = ", ".join(f"[{rule}](../rules/{rule}.md)" for rule in used_by)
        lines += [f"Rules that rest on it: {links}.", ""]
    return "\n".join(lines)


def introduction(path: Path) -> str:
    """The comment that a file begins with."""
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("# "))
    return " ".join(lines)


def data(path: Path) -> Iterator[str]:
    """All that the file says, as a list in Markdown."""
    yield from _data(read_yaml(path), "")


def _data(value: Located, indent: str) -> Iterator[str]:
    for key, part in value.items():
        name = key.replace("_", " ")
        if isinstance(part, Located):
            yield f"{indent}- {name}:"
            yield from _data(part, f"{indent}  ")
        elif isinstance(part, list) and any(isinstance(one, Located) for one in part):
            yield from _list(part, name, indent)
        else:
            yield f"{indent}- {name}: {_plain(part)}"


def _list(parts: list[Any], name: str, indent: str) -> Iterator[str]:
    if all(set(one) <= LISTED for one in parts):
        yield f"{indent}- {name}: {', '.join(map(_section, parts))}"
        return
    yield f"{indent}- {name}:"
    for one in parts:
        nested = any(
            isinstance(part, list) and part and isinstance(part[0], Located) for part in one.values()
        )
        if nested:
            first, *rest = _data(one, f"{indent}    ")
            yield f"{indent}  - {first.strip().removeprefix('- ')}"
            yield from rest
        else:
            facts = "; ".join(f"{key.replace('_', ' ')}: {_plain(part)}" for key, part in one.items())
            yield f"{indent}  - {facts}"


def _section(entry: Located) -> str:
    text = str(entry["section"])
    if "through" in entry:
        text += f" to {entry['through']}"
    if "but_not" in entry:
        text += f" but not {', '.join(entry['but_not'])}"
    text += " with attempts" if entry.get("attempts") else ""
    text += " (felonies only)" if entry.get("felonies_only") else ""
    text += f" committed from {entry['committed_from']}" if "committed_from" in entry else ""
    text += f" committed before {entry['committed_before']}" if "committed_before" in entry else ""
    if "elements" in entry:
        text += f" if {' and '.join(entry['elements'])}".replace("_", " ")
    return f"{text} [{entry['citation']}]" if "citation" in entry else text


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    return {None: "none", True: "yes", False: "no"}.get(value, str(value)) if _is_flag(value) else str(value)


def _is_flag(value: Any) -> bool:
    return value is None or isinstance(value, bool)
