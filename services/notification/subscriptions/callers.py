"""Who calls: an integrator by its token, or the operator."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from services.chassis.http.edge import same

OPERATOR = "operator"


class TokensUnusable(ValueError):
    """The file of integrators' tokens is not what it must be; the text says how, without a token."""


@dataclass(frozen=True, slots=True)
class Caller:
    """``owner`` is whose subscriptions it makes; ``sees`` whose it sees, None: everybody's."""

    owner: str
    sees: str | None


class Callers:
    """The tokens by name; the operator's is empty when nobody may be operator."""

    def __init__(self, integrators: Mapping[str, str], operator_token: str) -> None:
        self._tokens = {**integrators, OPERATOR: operator_token}

    def who(self, token: str) -> Caller | None:
        """Whose token this is; None: nobody's. Takes as long for a near miss as for any."""
        names = [name for name, expected in self._tokens.items() if same(token, expected)]
        if not names:
            return None
        return Caller(names[0], None if names[0] == OPERATOR else names[0])


def read_tokens(path: Path | None) -> dict[str, str]:
    """The tokens in a JSON object of name to token; empty without a file. TokensUnusable, OSError."""
    if path is None:
        return {}
    try:
        tokens = json.loads(path.read_bytes())
    except ValueError as error:
        raise TokensUnusable(f'{path.name} is not JSON; write {{"name": "token"}}') from error
    if not isinstance(tokens, dict) or not all(isinstance(token, str) and token for token in tokens.values()):
        raise TokensUnusable(f'{path.name} must be a JSON object of texts; write {{"name": "token"}}')
    if OPERATOR in tokens or len(set(tokens.values())) < len(tokens):
        raise TokensUnusable(f"{path.name}: two names share a token, or one is called {OPERATOR!r}")
    return tokens
