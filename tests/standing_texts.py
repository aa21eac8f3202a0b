"""Where a text still stands in a service's database: for tests of what is forgotten."""

from asyncpg import Pool


async def tables_with(pool: "Pool", *texts: str) -> list[str]:
    """The tables, sorted, in which one of these texts stands, the outbox aside; binary columns are searched as text."""
    columns = await pool.fetch(
        """SELECT table_name AS name, column_name AS part, data_type AS kind FROM information_schema.columns
           JOIN information_schema.tables USING (table_schema, table_name)
           WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> 'outbox'"""
    )
    found = set()
    for each in columns:
        text = (
            f"encode(\"{each['part']}\", 'escape')" if each["kind"] == "bytea" else f'"{each["part"]}"::text'
        )
        if await pool.fetchval(
            f"SELECT EXISTS (SELECT FROM {each['name']} WHERE {text} ~ $1)", "|".join(texts)
        ):
            found.add(each["name"])
    return sorted(found)
