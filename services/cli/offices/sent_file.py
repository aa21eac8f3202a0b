"""A file of an office, sent to a service as it is."""

from pathlib import Path
from typing import Any, Final

from services.cli.client.addresses import addresses
from services.cli.terminal.exit import Refused, WrongUsage
from services.table_files import XLSX

KINDS: Final = {".json": "application/json", ".xlsx": XLSX}
"""Content type by the end of a file's name; of any other, CSV."""


def sent_file(service: str, path: str, file: Path) -> Any:
    """The service's answer to the file. Raises WrongUsage, Refused with its reason."""
    try:
        body = file.read_bytes()
    except OSError as error:
        raise WrongUsage(f"{file}: {error.strerror}") from None
    kind = KINDS.get(file.suffix.lower(), "text/csv")
    with addresses().client(service) as client:
        answer = client.post(path, content=body, headers={"Content-Type": kind})
    if not answer.is_success:
        raise Refused(f"{service}: {answer.json().get('detail')}")
    return answer.json()
