"""The worker's sending in a process of its own, which a test kills."""

from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from pathlib import Path

from app.jobs.dispatching import dispatch
from app.jobs.mailing import MailSilent
from app.platform.database.engines import Databases, make_engine
from app.runtime.staff import Runtime
from app.vault.sealing import Vault
from tests.forking import CONTEXT
from tests.makers_letters import with_post
from tests.serving import offline_settings

CONTEXT.set_forkserver_preload(["app.jobs.dispatching", "tests.makers_letters"])


def started(runtime: Runtime, port: int) -> BaseProcess:
    """Start to send what was approved."""
    keys = (runtime.vault.primary, dict(runtime.vault.keys))
    engines = (runtime.databases.staff, runtime.databases.public)
    urls = tuple(each.url.render_as_string(hide_password=False) for each in engines)
    given = (urls, keys, runtime.settings.data_dir, port)
    process = CONTEXT.Process(target=_send, args=given, daemon=True)
    process.start()
    return process


def _send(
    urls: tuple[str, str], keys: tuple[str, dict[str, bytes]], folder: Path, port: int
) -> None:
    staff, public = (make_engine(url) for url in urls)
    runtime = Runtime(offline_settings(folder), Databases(staff, public), Vault(*keys), "", None)
    try:
        dispatch(with_post(runtime, port), lambda: datetime.now(UTC))
    except MailSilent:
        raise SystemExit(1) from None
