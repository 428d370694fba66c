"""The tasks of the worker: as thin as commands, and each may run twice without harm."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from procrastinate import App, JobContext
from procrastinate.connector import BaseConnector

from app.accounts.people import BY_SERVICE
from app.announcing.writing import note_taken
from app.errors import Mesure23Error
from app.geocoding import batch
from app.jobs import (
    alerting,
    answering,
    asking,
    cataloguing,
    comparing,
    confirming,
    depositing,
    dispatching,
    linking,
    receiving,
    telling,
    undoing,
    welcoming,
)
from app.jobs.log import say
from app.jobs.retrying import Patience
from app.models.job import Job
from app.operations import coverage, erasure, forgetting, past_period, retention
from app.operations.erasure import OwnerMissing, RightsMissing, WalRetained
from app.operations.spare_page import write_spare_page
from app.platform.database.lag import TooFarBehind
from app.platform.database.origin import RestoredNotReplayed
from app.platform.database.sessions import write
from app.records.hiding_by_code import write_hiding
from app.runtime.staff import Runtime
from app.statistics.folding import fold
from app.vault.withdrawals import sign, withdrawals_path
from geo.zones import paris_day

WHO = BY_SERVICE
# At night, when nobody waits for the database: minutes apart, in universal time.
AT_NIGHT = {
    Job.COMPARE: "7 2 * * *",
    Job.RETAIN: "17 2 * * *",
    Job.GEOCODE: "27 2 * * *",
    Job.TIDY: "37 2 * * *",
    Job.PURGE: "47 2 * * *",
    Job.CONFIRM: "57 2 * * *",
    Job.COUNT: "7 3 * * *",
    Job.ASK: "17 3 * * *",
    Job.LOOK: "27 3 * * *",
    Job.TELL: "37 3 * * *",
}
# A number that is withdrawn stays for an hour at most on a page that nobody asks the service for.
EACH_HOUR = "41 * * * *"
OFTEN = "*/5 * * * *"
# Who asks for an account, the letter or a place sits before their mailbox.
EACH_MINUTE = "* * * * *"


class GeocoderSilent(Mesure23Error):
    """Le géocodeur ne répond pas : les adresses seront demandées de nouveau."""


def make_queue(runtime: Runtime, connector: BaseConnector) -> App:
    """Return the library's application, with every task of ours."""
    app = App(connector=connector)
    patience = Patience()
    _add_lists(app, runtime, patience)
    _add_by_date(app, runtime, patience)
    _add_letters(app, runtime, patience)

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
        """Take what is past its period; the register says that it has all until now."""
        now = datetime.now(UTC)
        forgetting.forget_ended(runtime.staff, now)
        receiving.receive_and_forget(runtime, now)
        with write(runtime.staff) as session:
            sign(session, withdrawals_path(runtime.settings), now)
        try:
            past_period.purge_due(runtime.owner_url, past_period.find_due(runtime.staff))
        except OwnerMissing as error:
            say("owed", job=Job.RETAIN.value, why=type(error).__name__)

    @app.task(name=Job.ANSWER.value, lock=Job.ANSWER.value, retry=patience)
    def answer(ids: Sequence[str]) -> None:
        """Answer who reported an error that somebody decided."""
        answering.answer_all(runtime, map(UUID, ids), datetime.now(UTC))

    @app.periodic(cron=AT_NIGHT[Job.TIDY])
    @app.task(name=Job.TIDY.value, pass_context=True, retry=patience)
    async def tidy(context: JobContext, timestamp: int = 0) -> None:
        """Forget jobs that are done; one that failed stays until somebody looks at it."""
        hours = retention.JOBS_DAYS * 24
        await context.app.job_manager.delete_old_jobs(
            hours, include_cancelled=True, include_aborted=True
        )

    return app


def _add_by_date(app: App, runtime: Runtime, patience: Patience) -> None:
    """Add what is due on a day of its own, and is looked for each night."""

    @app.periodic(cron=EACH_HOUR)
    @app.task(name=Job.SPARE.value, lock=Job.SPARE.value, retry=patience)
    def spare(timestamp: int = 0) -> None:
        """Write the page that a proxy shows when nothing of the service answers."""
        try:
            write_spare_page(runtime.databases.public, runtime.settings, datetime.now(UTC))
        except (RestoredNotReplayed, TooFarBehind) as error:
            say("former page stays", job=Job.SPARE.value, why=type(error).__name__)

    @app.periodic(cron=EACH_MINUTE)
    @app.task(name=Job.WELCOME.value, lock=Job.WELCOME.value, retry=patience)
    def welcome(timestamp: int = 0) -> None:
        """Ask who wants an account of a professional whether they asked."""
        welcoming.welcome(runtime, datetime.now(UTC))

    @app.periodic(cron=OFTEN)
    @app.task(name=Job.ALERT.value, lock=Job.ALERT.value, retry=patience)
    def alert(timestamp: int = 0) -> None:
        """Tell members what is new of their searches."""
        alerting.tell_all(runtime, datetime.now(UTC))

    @app.periodic(cron=AT_NIGHT[Job.TELL])
    @app.task(name=Job.TELL.value, lock=Job.TELL.value, retry=patience)
    def tell(timestamp: int = 0) -> None:
        """Tell who decides that requests wait for them, and operators who had their contact."""
        telling.tell(runtime, datetime.now(UTC))
        telling.tell_operators(runtime, datetime.now(UTC))

    @app.periodic(cron=AT_NIGHT[Job.ASK])
    @app.task(name=Job.ASK.value, lock=Job.ASK.value, retry=patience)
    def ask(timestamp: int = 0) -> None:
        """Ask actors whether their sheet is still right."""
        asking.ask_actors(runtime, datetime.now(UTC))

    @app.periodic(cron=AT_NIGHT[Job.CONFIRM])
    @app.task(name=Job.CONFIRM.value, lock=Job.CONFIRM.value, retry=patience)
    def confirm(timestamp: int = 0) -> None:
        """Ask whether people still have their office; disable accounts that nobody confirms."""
        confirming.confirm_accounts(runtime, datetime.now(UTC))

    @app.periodic(cron=AT_NIGHT[Job.LOOK])
    @app.task(name=Job.LOOK.value, lock=Job.LOOK.value, retry=patience)
    def look(timestamp: int = 0) -> None:
        """Look whether the addresses that resources lead to are alive."""
        linking.look(runtime, datetime.now(UTC))

    @app.periodic(cron=AT_NIGHT[Job.COUNT])
    @app.task(name=Job.COUNT.value, lock=Job.COUNT.value, retry=patience)
    def count(timestamp: int = 0) -> None:
        """Count what is public once a month, and put days of few views into their month."""
        today = paris_day(datetime.now(UTC))
        with write(runtime.staff) as session:
            coverage.count_month(session, today)
            fold(session, today)


def _add_lists(app: App, runtime: Runtime, patience: Patience) -> None:
    """Add what is done to lists that were deposited at the desk, and what compares all actors."""

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

    @app.task(name=Job.HIDE.value, lock=Job.HIDE.value, retry=patience)
    def hide(ids: Sequence[str]) -> None:
        """Write why actors are hidden, whose operators asked for it while a list was written."""
        for each in ids:
            with write(runtime.staff) as session:
                write_hiding(session, runtime.vault, UUID(each))

    @app.task(name=Job.NOTE.value, lock=Job.NOTE.value, retry=patience)
    def note(ids: Sequence[str]) -> None:
        """Note which events were taken from readers as somebody was hidden."""
        with write(runtime.staff) as session:
            note_taken(session, runtime.vault, map(UUID, ids))

    @app.task(name=Job.UNDO.value, lock=Job.UNDO.value, retry=patience)
    def undo(ids: Sequence[str]) -> None:
        """Undo lists that were applied."""
        for each in ids:
            undoing.undo(runtime, UUID(each))

    @app.task(name=Job.CATALOGUE.value, lock=Job.CATALOGUE.value, retry=patience)
    def catalogue(ids: Sequence[str]) -> None:
        """Write or undo catalogues of resources, as a curateur asked."""
        for each in ids:
            cataloguing.carry_out(runtime, UUID(each), datetime.now(UTC))

    @app.periodic(cron=AT_NIGHT[Job.COMPARE])
    @app.task(name=Job.COMPARE.value, lock=Job.COMPARE.value, retry=patience)
    def compare(timestamp: int = 0) -> None:
        """Compare who changed since the last time with all others."""
        comparing.compare(runtime)


def _add_letters(app: App, runtime: Runtime, patience: Patience) -> None:
    """Add what sends letters."""

    @app.periodic(cron=OFTEN)
    @app.task(name=Job.LETTER.value, lock=Job.LETTER.value, retry=patience)
    def letter(timestamp: int = 0) -> None:
        """Send the letters that were approved."""
        dispatching.dispatch(runtime, lambda: datetime.now(UTC))

    @app.task(name=Job.LETTER_TEST.value, lock=Job.LETTER_TEST.value, retry=patience)
    def letter_test(ids: Sequence[str]) -> None:
        """Send a letter that is written to who wants to see it."""
        number, account = ids
        dispatching.try_out(runtime, UUID(number), UUID(account))
