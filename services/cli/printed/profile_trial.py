"""What a profile made of a feed, for a person to look at."""

from rich.console import Console

from services.evaluation.profile_trial import Trial
from services.ingest.core.profile.profile import Csv, Fixed, Profile


def print_trial(trial: Trial, show_names: bool) -> None:
    """Prints the fields with examples, then the refusals, the unknown codes and the unused columns."""
    console = Console(soft_wrap=True, highlight=False, markup=False)
    console.print(
        f"{trial.cases:,} cases read: {trial.cases - trial.refused:,} understood, {trial.refused:,} refused\n"
    )
    table = [("field", "from", "filled", "text -> understood")]
    for seen in trial.fields():
        examples = "; ".join(trial.examples(seen, show_names)) or "(never anything)"
        table.append((seen.name, seen.columns, f"{seen.filled:,} of {seen.times:,}", examples))
    widths = [max(len(row[at]) for row in table) for at in range(3)]
    for row in table:
        console.print("  ".join(text.ljust(width) for text, width in zip(row, [*widths, 0], strict=True)))
    for title, lines in (
        ("Refused, by reason", trial.reasons()),
        ("Codes that no table has", trial.unknown_codes(show_names)),
        ("Columns that nothing is taken from", trial.columns_unused()),
    ):
        if lines:
            console.print(f"\n{title}:")
            for line in lines:
                console.print(f"  {line}")


def layout_name(profile: Profile) -> str:
    """How the feed is laid out: ``CSV``, ``fixed columns``, ``JSON``."""
    if isinstance(profile.layout, Csv):
        return "CSV"
    return "fixed columns" if isinstance(profile.layout, Fixed) else "JSON"
