"""One file sent to its county's topic, with a bar, until each of its messages has a receipt."""

import asyncio
from pathlib import Path

from reliefstream_contracts.identifiers import derived
from services.cli.client.addresses import Addresses
from services.cli.client.local_root import local_root
from services.cli.client.services import is_ready
from services.cli.submission.file_messages import Format, submitted_file
from services.cli.submission.submission import Outcome, Progress, Silent, Submission
from services.cli.terminal.exit import ServerMissing
from services.cli.terminal.progress_bar import counting_bar
from services.ingest.core.profile.profile import Profile

FULL = (
    "Kafka and ingest answer, but no receipt comes: the flow behind ingest is full, or a service behind it stands, "
    "and ingest waits for it. Which one: reliefstream status (`ready no` or `?`, or much that waits). "
    "The same command goes on where this one stopped."
)


def submit_file(
    found: Addresses,
    path: Path,
    county: str,
    form: Format,
    *,
    extract: str | None = None,
    encoding: str = "utf-8",
    profile: Profile | None = None,
) -> Outcome:
    """Sends one file and waits for its receipts. Raises UnreadableFile, ServerMissing, OSError."""
    file = submitted_file(path, form, profile)
    with file.open(), counting_bar(f"{path.name}: answered") as moved:
        said = (extract or "", encoding, *((profile.name, profile.fingerprint) if profile else ()))
        submission_id = str(derived("submission", county, form, file.sha256, *said))
        submission = Submission(county, file, submission_id, extract or "", encoding)
        progress = Progress(local_root() / "submissions" / f"{submission_id}.json")
        try:
            return asyncio.run(submission.run(found.kafka.client_options(), progress, moved))
        except Silent:
            if not is_ready("ingest", found):
                raise
            raise ServerMissing(FULL) from None
