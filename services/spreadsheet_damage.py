"""What a spreadsheet writes in the place of a number that it took for another value: then the number is lost."""

import re

_MONTH = "(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)"
_DAMAGE = (
    (
        "a number in scientific notation",
        re.compile(r"[+-]?[0-9](?:[.,][0-9]+)?E[+-]?[0-9]{1,3}", re.IGNORECASE),
    ),
    ("a number with a decimal fraction", re.compile(r"[0-9]{4,}[.,][0-9]+")),
    ("a number with separators of thousands", re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")),
    (
        "an error",
        re.compile(r"#(?:REF!|N/A|VALUE!|NAME\?|NUM!|DIV/0!|NULL!|SPILL!|CALC!)|#{3,}", re.IGNORECASE),
    ),
    (
        "a date or a time",
        re.compile(
            r"[0-9]{1,2}/[0-9]{1,2}/(?:[0-9]{2}|[0-9]{4})(?: [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?(?: [AP]M)?"
            r"|[0-9]{1,2}\.[0-9]{1,2}\.(?:[0-9]{2}|[0-9]{4})|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?"
            r"|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?"
            rf"|(?:[0-9]{{1,2}}-)?{_MONTH}-(?:[0-9]{{2}}|[0-9]{{4}})|[0-9]{{1,2}}-{_MONTH}",
            re.IGNORECASE,
        ),
    ),
    ("a formula", re.compile(r"=.+")),
)
_TRUTH_VALUES = frozenset({"TRUE", "FALSE"})


def spreadsheet_damage(text: str) -> str | None:
    """What stands in the place of a number: ``an error``, ``a date or a time``, ...; None: none of these.

    ``5E01`` may be a court's number; a spreadsheet writes the exponent with a sign (``5.00E+01``). So whatever has
    letters and digits only is no damage.
    """
    plain = text.strip()
    if plain.upper() in _TRUTH_VALUES:
        return "a truth value"
    if plain.isalnum():
        return None
    return next((what for what, pattern in _DAMAGE if pattern.fullmatch(plain)), None)
