"""The end of a proof that fails."""


class NotProven(AssertionError):
    """What the proof found otherwise; it names kinds and stores, and no value."""
