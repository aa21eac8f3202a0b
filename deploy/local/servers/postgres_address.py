"""The addresses and the roles of the local Postgres' databases, by name. Needs no client of Postgres."""

from dataclasses import dataclass, field

SUPERUSER = "postgres"


@dataclass(frozen=True, slots=True)
class Passwords:
    """Of a service's two roles."""

    owner: str = field(repr=False)
    service: str = field(repr=False)


def dsn(port: int, user: str, password: str, database: str) -> str:
    """The address of `database` for `user`, as asyncpg and dbmate read it."""
    return f"postgresql://{user}:{password}@127.0.0.1:{port}/{database}"


def owner(service: str) -> str:
    """The name of the role that owns a service's databases and migrates them."""
    return f"{service}_owner"
