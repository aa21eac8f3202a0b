"""Which of the words after ``policy compare`` are policies and which are files."""

from collections.abc import Collection, Sequence
from pathlib import Path

from services.cli.terminal.exit import WrongUsage

POLICY_FILE = ".yaml"


def policies_and_files(
    words: Sequence[str], known: Collection[str]
) -> tuple[tuple[str, ...], tuple[Path, ...]]:
    """Policies are known names and ``*.yaml``; all else is a file (one named as a policy: ``./name``).

    Raises WrongUsage: fewer than two policies, one twice, or a word that is neither.
    """
    policies = tuple(word for word in words if word in known or word.endswith(POLICY_FILE))
    files = tuple(Path(word) for word in words if word not in policies)
    missing = [
        path for path in (*files, *(Path(one) for one in policies if one not in known)) if not path.is_file()
    ]
    if missing:
        raise WrongUsage(
            f"{missing[0]} is neither a policy nor a file. Policies are {', '.join(sorted(known))}, "
            "or a .yaml file of your own."
        )
    if len(policies) < 2:
        raise WrongUsage(
            f"Name two policies or more, the one to compare with first. There are {', '.join(sorted(known))}."
        )
    twice = next((one for number, one in enumerate(policies) if one in policies[:number]), None)
    if twice:
        raise WrongUsage(f"{twice} is named twice: name each policy once.")
    return policies, files


def names(policies: Sequence[str]) -> tuple[str, ...]:
    """What to call each policy: its name, or the file as it was given where two would be called the same."""
    stems = [Path(word).stem if word.endswith(POLICY_FILE) else word for word in policies]
    return tuple(stem if stems.count(stem) == 1 else word for stem, word in zip(stems, policies, strict=True))
