"""Tables of an old and a new database: copied where no topic has their rows, else compared."""

import io
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from services.chassis.runtime.unit_of_work import Database

PAGE = 2000


@dataclass(frozen=True, slots=True)
class Compared:
    """A table to compare: the key of its rows, and the columns that must be equal. SQL of our own."""

    key: str
    columns: str
    where: str = "true"


@dataclass(slots=True)
class Difference:
    """The comparison of one table; the lists hold keys."""

    equal: int = 0
    differing: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """In the old database only."""
    additional: list[str] = field(default_factory=list)
    """In the new database only."""

    def keys(self) -> set[str]:
        """The keys of all rows that are not equal."""
        return {*self.differing, *self.missing, *self.additional}


async def copy_tables(old: Database, new: Database, tables: Sequence[str]) -> None:
    """Replaces the rows by the old ones, in the transaction of ``new``; sequences continue after them."""
    for table in reversed(tables):
        await new.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own
    for table in tables:
        held = io.BytesIO()
        columns = [
            row["column_name"]
            for row in await new.fetch(
                """SELECT column_name FROM information_schema.columns
                   WHERE table_schema = current_schema() AND table_name = $1 AND is_generated = 'NEVER'
                   ORDER BY ordinal_position""",
                table,
            )
        ]
        quoted = ", ".join(f'"{name}"' for name in columns)
        await old.copy_from_query(f"SELECT {quoted} FROM {table}", output=held, format="binary")  # noqa: S608
        held.seek(0)
        await new.copy_to_table(table, source=held, columns=columns, format="binary")
        for name in columns:
            if await new.fetchval("SELECT pg_get_serial_sequence($1, $2)", table, name):
                await new.execute(
                    f"""SELECT setval(pg_get_serial_sequence('{table}', '{name}'), max("{name}"))
                        FROM {table} HAVING max("{name}") IS NOT NULL"""  # noqa: S608
                )


async def compare(old: Database, new: Database, table: str, compared: Compared) -> Difference:
    """Compares the rows in the order of their keys; each connection must have a transaction open."""
    query = (
        f"SELECT {compared.key} AS key, md5(ROW({compared.columns})::text) AS content "  # noqa: S608
        f'FROM {table} WHERE {compared.where} ORDER BY {compared.key} COLLATE "C"'
    )
    found = Difference()
    ours, theirs = _rows(new, query), _rows(old, query)
    one, other = await anext(ours, None), await anext(theirs, None)
    while one or other:
        if one and (other is None or one[0] < other[0]):
            found.additional.append(one[0])
            one = await anext(ours, None)
        elif other and (one is None or other[0] < one[0]):
            found.missing.append(other[0])
            other = await anext(theirs, None)
        elif one and other:
            if one[1] == other[1]:
                found.equal += 1
            else:
                found.differing.append(one[0])
            one, other = await anext(ours, None), await anext(theirs, None)
    return found


async def _rows(db: Database, query: str) -> AsyncIterator[tuple[str, str]]:
    async for row in db.cursor(query, prefetch=PAGE):
        yield row["key"], row["content"]
