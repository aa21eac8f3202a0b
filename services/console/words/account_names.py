"""The names of accounts: a file of the installation that the console alone reads. No service learns them."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.settings.yaml_model import read_model

Name = Annotated[str, Field(min_length=1, max_length=100)]


class NamesFile(BaseModel):
    """``names``: by account, as ``reliefstream whoami`` and the foot of each page show it."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    names: dict[str, Name]


class AccountNames:
    """Says whose an account is. ``names``: by account."""

    def __init__(self, names: dict[str, str]) -> None:
        self._names = names

    def said(self, account: str | None, own: str) -> str:
        """``you``, the name, or where the file has none the beginning of the account's id."""
        if not account:
            return "nobody"
        if account == own:
            return "you"
        return self._names.get(account) or f"another person ({account[:15]})"


def read_names(path: Path | None) -> AccountNames:
    """The file's names; without a file none. Raises WrongFile, OSError."""
    return AccountNames(read_model(path, NamesFile).names if path else {})
