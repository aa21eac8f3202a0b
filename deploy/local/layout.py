"""Where the local servers keep their state: one folder, `.local` by default."""

from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Layout:
    """The paths below one folder; nothing of the local servers lies outside it."""

    root: Path

    @property
    def kafka(self) -> Path:
        """The broker's configuration and data."""
        return self.root / "kafka"

    @property
    def jars(self) -> Path:
        """The broker's jars, fetched once."""
        return self.kafka / "libs"

    @property
    def postgres(self) -> Path:
        """The database server's data; owned by the account that the server runs as."""
        return self.root / "postgres"

    @property
    def logs(self) -> Path:
        """One NAME.log for each process, and one older NAME.log.1."""
        return self.root / "logs"

    @property
    def run(self) -> Path:
        """What runs at present: NAME.pid, the supervisor's lock and its progress."""
        return self.root / "run"

    @property
    def secrets(self) -> Path:
        """Passwords and tokens, each file readable by its owner only."""
        return self.root / "secrets"

    @property
    def grants(self) -> Path:
        """The file of grants: who may do what, with hashes of tokens."""
        return self.root / "grants.yaml"

    @property
    def account_names(self) -> Path:
        """The names of the trial's accounts, for the console's pages."""
        return self.root / "account-names.yaml"

    @property
    def state(self) -> Path:
        """The ports in use, kept over restarts."""
        return self.root / "state.json"

    @property
    def databases(self) -> Path:
        """JSON, service to database name, for services whose first database was replaced."""
        return self.root / "databases.json"

    def make(self) -> None:
        """Creates the folders. Secrets, pids and logs are their owner's alone, whatever the umask; the others keep
        their permissions, as Postgres' account has to pass through them."""
        for folder in (self.root, self.kafka, self.postgres, self.logs, self.run, self.secrets):
            folder.mkdir(parents=True, exist_ok=True)
        for private in (self.secrets, self.run, self.logs):
            private.chmod(0o700)

    def log(self, name: str) -> Path:
        """The log of the process `name`."""
        return self.logs / f"{name}.log"
