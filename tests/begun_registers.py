"""The registers of what was hidden and erased, as every command begins them."""

from pathlib import Path

from app.operations.erasure_register import register_path
from app.platform.database.sessions import write
from app.runtime.staff import Runtime
from app.vault.digests import mark_of_database
from app.vault.withdrawals import make_register, withdrawals_path


def begin_registers(runtime: Runtime) -> None:
    """Begin both beside a complete database."""
    settings = runtime.settings
    for register in (withdrawals_path(settings), register_path(settings)):
        begin(runtime, register)


def begin(runtime: Runtime, register: Path) -> None:
    """Begin one of a complete database at some place."""
    with write(runtime.staff) as session:
        database = mark_of_database(session, runtime.vault, make=True)
    # As whoever mounts its disk has made it.
    register.parent.mkdir(parents=True, exist_ok=True)
    make_register(register, database)
