"""Jobs, the archive of the journal, and the age of backups, for Prometheus."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from app.models import Withdrawal
from app.operations.backups import dated_ahead, last_backup, rehearsed_at
from app.operations.journal_disk import WAITING, free_beside_the_database
from app.platform.backup.errors import PlaceUnreadable
from app.platform.database.engines import make_engine
from app.platform.database.origin import is_restored
from app.platform.database.sessions import read
from app.platform.queue.reading import age_of_oldest, count_by_state
from app.settings import Settings

# States of the library, by what they are called here.
STATES = {"todo": "queued", "doing": "running", "failed": "failed"}
_ARCHIVE = text(
    "SELECT coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false)"
    " FROM pg_stat_archiver WHERE current_setting('archive_mode') <> 'off'"
)
_UNREGISTERED = select(func.count()).select_from(Withdrawal).where(~Withdrawal.noted)
_AT_MOST = text("SET LOCAL statement_timeout = '2s'")


class OfDatabase(Collector):
    """Asks by one connection of its own until it is closed: a full pool hides not what fills it.

    staff: the engine of the login of staff.
    """

    def __init__(self, staff: Engine) -> None:
        url = staff.url.render_as_string(hide_password=False)
        self._engine = make_engine(url, pool_size=1, application="mesure23 metrics")

    def close(self) -> None:
        self._engine.dispose()

    def collect(self) -> Iterator[Metric]:
        """Yield whether the database answers, jobs by state, and whether the archive fails."""
        try:
            measured = list(self._measure())
        except SQLAlchemyError:
            self._engine.dispose()
            measured = []
        yield GaugeMetricFamily(
            "mesure23_database_up", "Whether the database answers.", value=bool(measured)
        )
        yield from measured

    def _measure(self) -> Iterator[Metric]:
        with read(self._engine) as session:
            session.execute(_AT_MOST)
            counts, oldest = count_by_state(session), age_of_oldest(session)
            failing = session.scalar(_ARCHIVE)
            waiting = session.scalar(WAITING)
            unregistered = session.scalar(_UNREGISTERED) or 0
            restored = is_restored(session.connection())
        jobs = GaugeMetricFamily("mesure23_jobs", "Jobs by state.", labels=["state"])
        for state, name in STATES.items():
            jobs.add_metric([name], counts.get(state, 0))
        yield jobs
        yield GaugeMetricFamily(
            "mesure23_jobs_oldest_seconds", "Since the oldest job waits that is due.", value=oldest
        )
        yield GaugeMetricFamily(
            "mesure23_withdrawals_unregistered",
            "Of what was hidden, what the register beside the backups lacks still.",
            value=unregistered,
        )
        yield GaugeMetricFamily(
            "mesure23_database_restored",
            "Whether the database was restored or promoted, and is not shown yet.",
            value=restored,
        )
        if failing is not None:
            yield GaugeMetricFamily(
                "mesure23_archive_failing",
                "Whether the last segment of the journal could not be archived.",
                value=failing,
            )
        if waiting is not None:
            yield GaugeMetricFamily(
                "mesure23_archive_waiting_bytes",
                "Of the journal, full segments that are not archived.",
                value=waiting,
            )


class OfDisk(Collector):
    """Looks how full the disk of the embedded database is."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def collect(self) -> Iterator[Metric]:
        """Yield the bytes that are free; nothing where the server is another one's."""
        free = free_beside_the_database(self._settings)
        if free is not None:
            yield GaugeMetricFamily(
                "mesure23_database_disk_free_bytes",
                "Free on the disk of the embedded database.",
                value=free,
            )


class OfBackups(Collector):
    """Looks when the last backup was made and when one was last tried, in their folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterator[Metric]:
        """Yield both moments; nothing of what there never was, or cannot be read, which an alert
        waits for as well.
        """
        with suppress(PlaceUnreadable):
            now = datetime.now(UTC)
            last = last_backup(self._folder, now)
            yield from _moment("backup", "When the last backup ended, of none ahead of now.", last)
            yield GaugeMetricFamily(
                "mesure23_backups_dated_ahead",
                "Backups dated ahead of the clock of this machine.",
                value=len(dated_ahead(self._folder, now)),
            )
        what = "When a backup was last restored and the same."
        yield from _moment("rehearsal", what, rehearsed_at(self._folder))


def _moment(name: str, what: str, at: datetime | None) -> Iterator[Metric]:
    if at is not None:
        yield GaugeMetricFamily(f"mesure23_{name}_timestamp_seconds", what, value=at.timestamp())
