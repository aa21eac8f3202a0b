"""Bearer tokens by name, as a file holds them."""

import json
from pathlib import Path

OPERATOR = "operator"


class TokensUnusable(ValueError):
    """A token file is invalid; the text says why and quotes no token."""


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
