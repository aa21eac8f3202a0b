"""What became of a file that was sent, for a person to read."""

from pathlib import Path

from services.cli.submission.submission import Outcome


def report(path: Path, county: str, outcome: Outcome) -> str:
    """What became of a file, in lines; the reasons by kind, the most frequent first."""
    lines = [
        f"{path}: received {outcome.received:,} records = recorded {outcome.recorded:,} + repeats {outcome.repeats:,}"
        f" + quarantined {outcome.quarantined:,}"
    ]
    if outcome.repeats == outcome.received and outcome.received:
        lines.append("  Everything was known already: nothing changed.")
    if outcome.refused > outcome.quarantined:
        of = "recorded" if outcome.recorded else "repeats"
        lines.append(f"  Of the {of}, {outcome.refused - outcome.quarantined:,} had rows that were refused:")
    for (code, _), reason in sorted(outcome.reasons.items(), key=lambda item: (-item[1].count, item[0])):
        more = ", ..." if reason.count > len(reason.first) else ""
        lines.append(f"  {reason.count:,} x {code}: {reason.what}")
        lines.append(f"      where: {'; '.join(reason.first)}{more}")
        lines.append(f"      to do: {reason.remedy}")
    if outcome.refused:
        lines.append(f"  All of it: reliefstream quarantine list --county {county}")
    return "\n".join(lines)
