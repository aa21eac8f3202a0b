"""A command that is called wrongly ends with status 2, and says in a sentence what is missing or unknown."""

from typing import Any

import pytest

from services.cli.main import run

WRONG = {
    "evaluate": "--county is missing. reliefstream evaluate --help says how to call it.",
    "evaluate --frob": "Unknown option: --frob. reliefstream evaluate --help says how to call it.",
    "policy frob": 'Unknown command "frob".',
    "frob": 'Unknown command "frob".',
    "sample --county": "--county requires an argument. reliefstream sample --help says how to call it.",
    "submit --county los-angeles --format xml x": "reliefstream submit --help says how to call it.",
}


@pytest.mark.parametrize("call", WRONG)
def test_a_wrong_call_says_what_is_wrong_and_where_the_help_is(call: str, capsys: Any) -> None:
    assert run(call.split()) == 2
    said = capsys.readouterr()
    assert WRONG[call] in said.err
    assert said.out == ""
