"""What a word of a policy's vocabulary is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reliefstream_contracts.vocabulary.offense import CodeSection
from services.eligibility.law.engine.finding import Answer, CitedTest
from services.eligibility.law.input.judged_conviction import Case

Condition = Callable[[Case, CodeSection], Answer]
"""Asked of a case and its section in today's numbering."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a policy's vocabulary: what it takes, what it says to a reader, and its rule.

    ``most``: the largest number that makes sense, for a word that takes one.
    """

    takes: type
    example: str
    says: Callable[[Any], str]
    test: Callable[[Case, CodeSection, Any], CitedTest | Answer]
    most: int = 120
