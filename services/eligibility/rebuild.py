"""Eligibility's database from histories-v1; its versions from determinations-v1."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from reliefstream_contracts.determinations import DeterminationsChanged
from reliefstream_contracts.histories import HistoryChanged
from reliefstream_contracts.identifiers import SubjectId
from services.chassis.rebuild.tables import Compared
from services.chassis.runtime import erased_numbers
from services.chassis.runtime.clock import Clock
from services.chassis.runtime.service import Service
from services.chassis.runtime.unit_of_work import Database, Received, Work
from services.eligibility import store
from services.eligibility.files.county_files import read_counties
from services.eligibility.files.statute_files import load_statute
from services.eligibility.handlers import Judging, content_of, judge
from services.eligibility.rules import RuleBook
from services.eligibility.sealing import on_erased
from services.eligibility.settings import EligibilitySettings


class Rebuilt:
    """Eligibility's part of a rebuild: histories are judged by the rules in force today."""

    published = (DeterminationsChanged.TOPIC,)
    given = ("forgetting", "sealed_determinations", "persons_counted", "erased_numbers")
    compared: Mapping[str, Compared] = {
        "subjects": Compared("subject_id::text", "history_version, history, version, content")
    }

    def __init__(self, settings: EligibilitySettings, clock: Clock) -> None:
        self.service = Service("eligibility", settings, clock)
        self._book = RuleBook(load_statute(), read_counties(settings.counties_dir), settings.policy)
        self._book.check()
        self._today = clock.today
        judging = Judging(self._book, clock.today, fixed=settings.as_of is not None)
        self.service.consume([HistoryChanged.TOPIC], [HistoryChanged], judging.on_histories, erased=on_erased)

    async def forget(self, work: Work) -> None:
        """Makes the table of what is published, empty."""
        await work.db.execute("DROP TABLE IF EXISTS replay_published")
        await work.db.execute(
            "CREATE TABLE replay_published (subject_id uuid PRIMARY KEY, version int NOT NULL, content bytea NOT NULL)"
        )

    async def adopt(self, work: Work, published: Sequence[Received]) -> None:
        """The version and the content of each snapshot."""
        await work.db.executemany(
            """INSERT INTO replay_published VALUES ($1, $2, $3)
               ON CONFLICT (subject_id) DO UPDATE SET version = excluded.version, content = excluded.content""",
            [
                (
                    snapshot.subject_id,
                    snapshot.version,
                    content_of(each.value, snapshot.version, _day_of(snapshot)),
                )
                for each in published
                if not each.is_tombstone()
                for snapshot in (DeterminationsChanged.from_json(each.value),)
            ],
        )

    async def take_over(self, work: Work, _: Database) -> None:
        """The versions that are published; the old database has nothing else."""
        await work.db.execute(
            """UPDATE subjects SET version = known.version
               FROM (SELECT subject_id, coalesce(out.version, 0) AS version
                     FROM subjects LEFT JOIN replay_published AS out USING (subject_id)) AS known
               WHERE subjects.subject_id = known.subject_id AND subjects.version <> known.version"""
        )

    async def unsettled(self, work: Work) -> list[str]:
        """Subjects on whom something else was found than is published."""
        rows = await work.db.fetch(
            """SELECT subject_id FROM subjects LEFT JOIN replay_published AS out USING (subject_id)
               WHERE subjects.content IS DISTINCT FROM out.content ORDER BY subject_id"""
        )
        return [str(row["subject_id"]) for row in rows]

    async def settle(self, work: Work, keys: Sequence[str]) -> None:
        """Judges these subjects, and counts on from what is published."""
        day = self._today()
        rules = self._book.on(day)
        rows = await work.db.fetch(
            "SELECT subject_id, version, content FROM replay_published WHERE subject_id = ANY($1)",
            [*map(UUID, keys)],
        )
        out = {row["subject_id"]: (row["version"], row["content"]) for row in rows}
        above = await erased_numbers.highest(work.db, DeterminationsChanged.TOPIC)
        judged = []
        for subject in (await store.lock(work.db, [SubjectId(UUID(key)) for key in keys])).values():
            version, content = out.get(subject.subject_id, (0, b""))
            known = subject._replace(version=version, content=content)
            found, made = judge(known, subject.read_history(), rules, day, above)
            judged.append(found)
            if made:
                work.emit(made.snapshot, encoded=made.encoded)
        await store.write(work.db, judged)

    async def finish(self, work: Work) -> None:
        """Drops the table of what is published."""
        await work.db.execute("DROP TABLE replay_published")


def _day_of(snapshot: DeterminationsChanged) -> date:
    """The day of all its determinations."""
    return next((one.as_of for one in snapshot.determinations), date.min)
