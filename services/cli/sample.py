"""``reliefstream sample``: a fabricated county, with the truth about it."""

from fractions import Fraction
from itertools import count
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from deploy.sample.files.court.layouts import CourtLayout
from services.cli.terminal.exit import WrongUsage

SMALLEST, LARGEST = Fraction(1, 1000), Fraction(20)


def sample(
    *,
    county: Annotated[
        str, Parameter(help="A county of California: los-angeles, sacramento, …")
    ] = "los-angeles",
    scale: Annotated[str, Parameter(help="1 is 124,000 convictions; also 1/100 or 0.01")] = "1/100",
    seed: Annotated[int, Parameter(help="The same seed gives the same files, byte for byte")] = 1,
    court_layout: Annotated[
        CourtLayout,
        Parameter(
            help="The court's feed: the strict JSON lines, or as a profile of Sacramento's describes it"
        ),
    ] = "strict",
    out: Annotated[
        Path,
        Parameter(help="Directory for doj.csv, court.jsonl (.csv, .json, .txt), truth.jsonl and truth.json"),
    ],
) -> None:
    """Write a fabricated DOJ file and court feed of one county, shaped as Los Angeles' two waves, and the truth.

    No person in it exists. truth.json holds what must come of it under the policy los-angeles-2021.
    """
    from deploy.sample.files.court.layouts import LAYOUTS
    from deploy.sample.files.files import Sample
    from deploy.sample.population.places import county_named
    from deploy.sample.population.shape import shape_at
    from services.cli.terminal.progress_bar import counting_bar

    place = county_named(county)
    shape = shape_at(_scale(scale))
    if seed < 0:
        raise WrongUsage("--seed must be 0 or more")
    try:
        out.mkdir(parents=True, exist_ok=True)
        people, numbers = sum(shape.persons.values()), count(1)
        with counting_bar("people") as told:
            totals = Sample(shape, place, seed, court_layout).write(out, lambda: told(next(numbers), people))
    except OSError as error:
        raise WrongUsage(f"Cannot write to {out}: {error.strerror}. Choose another --out") from None
    relief, feed = totals["relief"], LAYOUTS[court_layout].file
    print(
        f"{out}: {totals['doj.csv']['rows']:,} rows of {totals['doj.csv']['units']:,} rap sheets in doj.csv, "
        f"{totals[feed]['units']:,} {'lines' if court_layout == 'strict' else 'cases'} in {feed}; relief is due on "
        f"{relief['convictions']:,} convictions of {relief['persons']:,} people (truth.json)"
    )


def _scale(text: str) -> Fraction:
    try:
        scale = Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise WrongUsage(f"--scale {text!r} is no number: write 1, 0.01 or 1/100") from None
    if scale < SMALLEST:
        raise WrongUsage(f"--scale must be at least {SMALLEST}: below that no shape is left")
    if scale > LARGEST:
        raise WrongUsage(f"--scale must be at most {LARGEST}: a county has fewer people")
    return scale
