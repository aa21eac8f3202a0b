"""``reliefstream balance``: what became of the convictions on DOJ's list."""

import json
from typing import Annotated

from cyclopts import Parameter

from services.cli.client.known_county import OneCounty
from services.cli.client.services import ask

WORDS = {
    "moved": "moved: the court ordered relief",
    "challenged": "challenged: the court has it, or sustained it",
    "answered": "answered otherwise",
    "unaccounted": "unaccounted for",
}


def balance(
    *,
    county: OneCounty,
    as_json: Annotated[bool, Parameter("--json", negative="", help="the service's answer, as JSON")] = False,
) -> None:
    """Show what became of each conviction that a DOJ record shows. The lines: reliefstream export balance."""
    found = ask("relief", "GET", f"/v1/counties/{county}/balance")
    if as_json:
        print(json.dumps(found))
        return
    print(f"{found['listed']:>9,}  on DOJ's list in {county}, as of {found['as_of']}")
    for part, words in WORDS.items():
        whys = found["parts"][part]
        print(f"{sum(whys.values()):>9,}  {words}")
        for why, number in whys.items():
            print(f"{number:>15,}  {why}")
