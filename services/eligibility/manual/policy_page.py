"""A policy as a page: its table, with a link to each rule that a row asks."""

from services.chassis.settings.located_yaml import read_yaml
from services.eligibility.explain.policy_table import (
    interpretations_cited,
    option_value,
    related_charges,
    table_rows,
)
from services.eligibility.files.interpretations import interpretations
from services.eligibility.files.policy_files import load_policy
from services.eligibility.files.policy_titles import POLICIES
from services.eligibility.manual.rule_page import asked_in
from services.eligibility.manual.statute_page import ROOT


def policy_page(name: str) -> str:
    """The page of one policy, as its options are by default."""
    policy = load_policy(name)
    link = f"{ROOT}/services/eligibility/policies/{name}.yaml"
    lines = [f"# {policy.title}", "", f"File: [`policies/{name}.yaml`]({link})."]
    lines += [f"Law: {policy.law.title} (`{policy.law.name}`).", "", policy.source, ""]
    lines += [
        "| Row | If | Then | Who acts | The county's words | Interpretations |",
        "|---|---|---|---|---|---|",
    ]
    for row in table_rows(policy):
        cells = (row.number, row.says, row.outcome, row.who_acts, row.in_countys_words, row.interpretations)
        lines.append(f"| {' | '.join(cells)} |")
    lines.append("")
    if charges := related_charges(policy):
        lines += [f"Related charges that its table is asked about as well: {charges}.", ""]
    if policy.options:
        lines += ["| Option | Means | By default |", "|---|---|---|"]
        lines += [
            f"| `{one.name}` | {one.says} | {option_value(one.default)} |" for one in policy.options
        ] + [""]
    lines += [f"- {remark}" for remark in policy.remarks] + [""]
    asked = sorted(
        {rule for row in read_yaml(POLICIES / f"{name}.yaml")["rows"] for rule in asked_in(row["when"])}
    )
    lines += [f"Rules: {', '.join(f'[{rule}](../rules/{rule}.md)' for rule in asked)}.", ""]
    cited = (one for one in interpretations_cited(policy) if one in interpretations())
    lines += [f"- **{one}** {interpretations()[one].summary}" for one in cited]
    return "\n".join(lines).rstrip() + "\n"
