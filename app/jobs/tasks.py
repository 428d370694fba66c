"""The tasks of the worker: as thin as commands, and each may run twice without harm."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from procrastinate import App, JobContext
from procrastinate.connector import BaseConnector

from app.accounts.people import BY_SERVICE
from app.errors import Mesure23Error
from app.geocoding import batch
from app.jobs import confirming, depositing, undoing
from app.jobs.log import say
from app.jobs.retrying import Patience
from app.models.job import Job
from app.operations import erasure, retention
from app.operations.erasure import OwnerMissing, RightsMissing, WalRetained
from app.runtime.staff import Runtime

WHO = BY_SERVICE
# At night, when nobody waits for the database: minutes apart, in universal time.
AT_NIGHT = {
    Job.RETAIN: "17 2 * * *",
    Job.GEOCODE: "27 2 * * *",
    Job.TIDY: "37 2 * * *",
    Job.PURGE: "47 2 * * *",
    Job.CONFIRM: "57 2 * * *",
}


class GeocoderSilent(Mesure23Error):
    """Le géocodeur ne répond pas : les adresses seront demandées de nouveau."""


def make_queue(runtime: Runtime, connector: BaseConnector) -> App:
    """Return the library's application, with every task of ours."""
    app = App(connector=connector)
    patience = Patience()
    _add_lists(app, runtime, patience)

    @app.periodic(cron=AT_NIGHT[Job.GEOCODE])
    @app.task(name=Job.GEOCODE.value, lock=Job.GEOCODE.value, retry=patience)
    def geocode(timestamp: int = 0, ids: Sequence[str] = ()) -> None:
        """Ask for the addresses of some actors, or for all that have no answer."""
        only = [UUID(each) for each in ids] or None
        done = batch.geocode(runtime.staff, runtime.vault, runtime.settings, WHO, only=only)
        # At night the next one asks again.
        if done.failed and not timestamp:
            raise GeocoderSilent

    @app.periodic(cron=AT_NIGHT[Job.PURGE])
    @app.task(name=Job.PURGE.value, lock=Job.PURGE.value, retry=patience)
    def purge(timestamp: int = 0) -> None:
        """Erase from the files what was public before a protection, where the owner is there."""
        try:
            erasure.purge(runtime.staff, runtime.owner_url, runtime.vault, who=WHO)
        except (OwnerMissing, RightsMissing, WalRetained) as error:
            # The debt stays, and who looks at what waits sees it.
            say("owed", job=Job.PURGE.value, why=type(error).__name__)

    @app.periodic(cron=AT_NIGHT[Job.RETAIN])
    @app.task(name=Job.RETAIN.value, lock=Job.RETAIN.value, retry=patience)
    def retain(timestamp: int = 0) -> None:
        """Take what is past its period."""
        retention.forget_ended(runtime.staff, datetime.now(UTC))
        try:
            retention.purge_due(runtime.owner_url, retention.find_due(runtime.staff))
        except OwnerMissing as error:
            say("owed", job=Job.RETAIN.value, why=type(error).__name__)

    @app.periodic(cron=AT_NIGHT[Job.CONFIRM])
    @app.task(name=Job.CONFIRM.value, lock=Job.CONFIRM.value, retry=patience)
    def confirm(timestamp: int = 0) -> None:
        """Ask whether people still have their office; disable accounts that nobody confirms."""
        confirming.confirm_accounts(runtime, datetime.now(UTC))

    @app.periodic(cron=AT_NIGHT[Job.TIDY])
    @app.task(name=Job.TIDY.value, pass_context=True, retry=patience)
    async def tidy(context: JobContext, timestamp: int = 0) -> None:
        """Forget jobs that are done; one that failed stays until somebody looks at it."""
        hours = retention.JOBS_DAYS * 24
        await context.app.job_manager.delete_old_jobs(
            hours, include_cancelled=True, include_aborted=True
        )

    return app


def _add_lists(app: App, runtime: Runtime, patience: Patience) -> None:
    """Add what is done to lists that were deposited at the desk."""

    @app.task(name=Job.CHECK.value, lock=Job.CHECK.value, retry=patience)
    def check(ids: Sequence[str]) -> None:
        """Read lists, and say what they would change."""
        for each in ids:
            depositing.check(runtime, UUID(each))

    @app.task(name=Job.APPLY.value, lock=Job.APPLY.value, retry=patience)
    def apply(ids: Sequence[str]) -> None:
        """Apply lists that a curateur has read."""
        for each in ids:
            depositing.apply(runtime, UUID(each))

    @app.task(name=Job.UNDO.value, lock=Job.UNDO.value, retry=patience)
    def undo(ids: Sequence[str]) -> None:
        """Undo lists that were applied."""
        for each in ids:
            undoing.undo(runtime, UUID(each))
