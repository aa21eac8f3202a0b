"""``make accuracy``: how well persons are linked, beside splink 5 on the same data and fields, as tables in Markdown.

Nothing is scored on what it was estimated on: on FEBRL each half of the people is scored with weights of the other
half, on the county another county with other dirt (estimate.py) gave the weights.
"""

import argparse
from fractions import Fraction

from tests.harness.accuracy import on_county, on_febrl
from tests.harness.accuracy.febrl import FILES


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--only", choices=("febrl", "county"))
    asked.add_argument("--scale", type=Fraction, default=Fraction(1, 20), help="of the county")
    asked.add_argument("--seed", type=int, default=3, help="of the county and its dirt")
    asked.add_argument("--febrl", nargs="+", choices=tuple(FILES), default=tuple(FILES), help="which of them")
    asked.add_argument("--without-splink", action="store_true", help="by our own linkage only")
    given = asked.parse_args()
    if given.only != "county":
        print("FEBRL: each half of the people by weights of the other half\n")
        for line in on_febrl.table(given.febrl, not given.without_splink):
            print(line, flush=True)
    if given.only != "febrl":
        print("\nThe fabricated county, made dirtier\n")
        for line in on_county.table(given.scale, given.seed, not given.without_splink):
            print(line, flush=True)


if __name__ == "__main__":
    main()
