"""A file of an office, sent to a service as it is."""

from pathlib import Path
from typing import Any, Final

from services.cli.client.services import send_file
from services.cli.terminal.exit import WrongUsage
from services.table_files import XLSX

KINDS: Final = {".json": "application/json", ".xlsx": XLSX}
"""Content type by the end of a file's name; of any other, CSV."""


def sent_file(service: str, path: str, file: Path) -> Any:
    """The service's answer to the file. Raises WrongUsage, Refused with its reason, ServerMissing."""
    try:
        body = file.read_bytes()
    except OSError as error:
        raise WrongUsage(f"{file}: {error.strerror}") from None
    kind = KINDS.get(file.suffix.lower(), "text/csv")
    return send_file(service, path, body, kind)
