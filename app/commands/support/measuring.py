"""What a process shows to Prometheus for as long as it serves, where MESURE23_METRICS says so."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from app.runtime.staff import Runtime
from app.settings import Settings

if TYPE_CHECKING:
    from app.platform.web.metrics import Metrics


@contextmanager
def measured(settings: Settings) -> Iterator["Metrics | None"]:
    """Show metrics while the block lasts, and yield them; None where no address is set."""
    if settings.metrics is None:
        yield None
        return
    # Its library takes a tenth of a second to load.
    from app.platform.web.metrics import Metrics

    metrics = Metrics()
    with metrics.served(settings.metrics):
        yield metrics


@contextmanager
def measured_of_staff(runtime: Runtime) -> Iterator["Metrics | None"]:
    """Show as well jobs, the archive of the journal and backups, which are none of visitors'."""
    with measured(runtime.settings) as metrics:
        if metrics is None:
            yield None
            return
        from app.operations.metrics import OfBackups, OfDatabase, OfDisk

        metrics.add(OfDisk(runtime.settings))
        if runtime.settings.backup_dir is not None:
            metrics.add(OfBackups(runtime.settings.backup_dir))
        with closing(OfDatabase(runtime.staff)) as database:
            metrics.add(database)
            yield metrics
