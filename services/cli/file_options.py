"""Options of the commands that read a county's files without a server."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from services.cli.terminal.exit import WrongUsage, ends_as

if TYPE_CHECKING:
    from services.evaluation.county import OfflineCounty
    from services.evaluation.histories import OfflineHistories

Extract = Annotated[
    str | None,
    Parameter(
        help="DOJ: date (YYYY-MM-DD) or number of the extract; a later extract replaces an earlier one"
    ),
]
Encoding = Annotated[str | None, Parameter(help="DOJ: utf-8 (if not given) or latin-1")]
ProfileName = Annotated[
    str | None,
    Parameter(
        help="court: which of the county's profiles describes the files (else county.yaml's); none: our JSON lines"
    ),
]
Workers = Annotated[int | None, Parameter(help="how many processes; one for each core if not given")]
Progress = Callable[[str, float], None]


def histories_of(
    files: Sequence[Path],
    known: "OfflineCounty",
    *,
    extract: str | None,
    encoding: str | None,
    profile: str | None,
    workers: int | None,
    progress: Progress,
) -> "OfflineHistories":
    """The histories of everyone in the files, as the options say how to read them. Raises WrongUsage."""
    from services.chassis.runtime.clock import SystemClock
    from services.evaluation.county import UnknownProfile, profile_named
    from services.evaluation.histories import OfflineHistories
    from services.ingest.core.message import Metadata

    with ends_as(WrongUsage, UnknownProfile):
        court = profile_named(known.source, profile)
    return OfflineHistories(
        files,
        known.source.intake,
        known.source.day(SystemClock().now()),
        Metadata(extract=extract or "", encoding=encoding or ""),
        profile=court,
        workers=workers,
        progress=progress,
    )
