"""A policy as a page: its table, with a link to each rule that a row asks."""

from services.chassis.settings.located_yaml import read_yaml
from services.eligibility.files.interpretations import readings
from services.eligibility.files.policy_files import POLICIES, load_policy
from services.eligibility.manual.rule_page import asked_in
from services.eligibility.manual.statute_page import ROOT

ACTS = {"district_attorney": "district attorney", "city_attorney": "city attorney", None: ""}


def policy_page(name: str) -> str:
    """The page of one policy, as its options are by default."""
    policy = load_policy(name)
    link = f"{ROOT}/services/eligibility/policies/{name}.yaml"
    lines = [f"# {policy.title}", "", f"File: [`policies/{name}.yaml`]({link})."]
    lines += [f"Law: {policy.law.title} (`{policy.law.name}`).", "", policy.source, ""]
    lines += ["| Row | If | Then | Who acts | The county's words | Readings |", "|---|---|---|---|---|---|"]
    for row in policy.rows:
        words = ": ".join(part for part in (row.determination_label, row.reason_label) if part)
        outcome = row.outcome.replace("_", " ")
        cells = (row.number, row.says, outcome, ACTS[row.route], words, ", ".join(row.readings))
        lines.append(f"| {' | '.join(cells)} |")
    lines.append("")
    if policy.related_charges is not None:
        charges = ", ".join(str(entry.section) for entry in policy.related_charges.entries)
        lines += [f"Related charges that its table is asked about as well: {charges}.", ""]
    if policy.options:
        lines += ["| Option | Means | By default |", "|---|---|---|"]
        lines += [f"| `{one.name}` | {one.says} | {_default(one.default)} |" for one in policy.options] + [""]
    lines += [f"- {remark}" for remark in policy.remarks] + [""]
    asked = sorted(
        {rule for row in read_yaml(POLICIES / f"{name}.yaml")["rows"] for rule in asked_in(row["when"])}
    )
    lines += [f"Rules: {', '.join(f'[{rule}](../rules/{rule}.md)' for rule in asked)}.", ""]
    cited = sorted({number for row in policy.rows for number in row.readings})
    lines += [f"- **{one}** {readings()[one].title}" for one in cited if one in readings()]
    return "\n".join(lines).rstrip() + "\n"


def _default(value: bool | int | tuple[str, ...]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return (", ".join(value) if isinstance(value, tuple) else str(value)) or "none"
