"""Options of the commands that read a county's files without a server."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from services.cli.terminal.exit import WrongUsage, ends_as

if TYPE_CHECKING:
    from services.evaluation.county import OfflineCounty
    from services.evaluation.histories import OfflineHistories

Progress = Callable[[str, float], None]


@Parameter(name="*")
@dataclass(frozen=True)
class FileOptions:
    """How to read the files."""

    extract: Annotated[
        str | None,
        Parameter(
            help="DOJ: date (YYYY-MM-DD) or number of the extract; a later extract replaces an earlier one"
        ),
    ] = None
    encoding: Annotated[str | None, Parameter(help="DOJ: utf-8 (if not given) or latin-1")] = None
    profile: Annotated[
        str | None,
        Parameter(
            help="court: which of the county's profiles describes the files (else county.yaml's); "
            "none: our JSON lines"
        ),
    ] = None
    workers: Annotated[int | None, Parameter(help="how many processes; one for each core if not given")] = (
        None
    )

    statements: Annotated[
        Path | None, Parameter(help="what offices stated, as `export statements` writes it")
    ] = None

    def histories_of(
        self, files: Sequence[Path], known: "OfflineCounty", progress: Progress
    ) -> "OfflineHistories":
        """The histories of everyone in the files. Raises WrongUsage."""
        from services.chassis.runtime.clock import SystemClock
        from services.evaluation.county import UnknownProfile, profile_named
        from services.evaluation.histories import OfflineHistories
        from services.evaluation.statements import NOTHING_STATED, WrongStatements, read_statements
        from services.ingest.core.doj.parse_rows import row_options
        from services.ingest.core.message import Metadata
        from services.ingest.core.parsed import Unparseable

        if self.workers is not None and self.workers < 1:
            raise WrongUsage(f"--workers {self.workers}: at least 1")
        with ends_as(WrongUsage, UnknownProfile, WrongStatements, OSError):
            court = profile_named(known.source, self.profile)
            stated = (
                NOTHING_STATED
                if self.statements is None
                else read_statements(self.statements, known.source.intake.county)
            )
        today = known.source.day(SystemClock().now())
        metadata = Metadata(extract=self.extract or "", encoding=self.encoding or "")
        said = row_options(metadata, today)
        if isinstance(said, Unparseable):
            (problem,) = said.problems
            raise WrongUsage(f"--{problem.where.removeprefix('header ')}: {problem.what}; {problem.remedy}")
        return OfflineHistories(
            files,
            known.source.intake,
            today,
            metadata,
            profile=court,
            workers=self.workers,
            progress=progress,
            statements=stated,
        )


AS_THEY_ARE = FileOptions()
"""No option is given."""
