"""What the answers about statements of fact hold."""

from typing import Literal

from pydantic import BaseModel

from reliefstream_contracts.identifiers import StatementId
from reliefstream_contracts.receipts import Problem
from reliefstream_contracts.statements import FactStated


class StatementTaken(BaseModel):
    """What became of one statement; ``problems`` of one that is refused, with the field and what to do."""

    status: Literal["recorded", "repeat", "refused"]
    statement_id: StatementId | None
    revision: int | None
    trace_id: str | None
    problems: tuple[Problem, ...]


class StatementsTaken(BaseModel):
    """One entry a statement, in the order they were sent."""

    received: int
    recorded: int
    repeats: int
    refused: int
    statements: list[StatementTaken]


class Statements(BaseModel):
    """``next``: what ``after`` takes for the next page; null: this is the last."""

    statements: list[FactStated]
    next: str | None


class StatementRevisions(BaseModel):
    """Every revision, the first one first; the last one counts."""

    revisions: list[FactStated]
