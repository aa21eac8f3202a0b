"""The numbered readings of the law (INTERPRETATIONS.md), each with the line that names it."""

from services.eligibility.files.interpretations import readings as whole


def readings() -> dict[str, str]:
    """What each reading is about, by its number; none where the file did not come with the program."""
    return {number: reading.title for number, reading in whole().items()}
