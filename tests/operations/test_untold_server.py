"""On a server that tells nobody which one it is, what was complete elsewhere is not shown."""

import pytest
from sqlalchemy import text

from app.commands.support.replaying import Replaying
from app.platform.database.engines import make_engine
from app.platform.database.lag import TooFarBehind, read_nothing_old, seconds_behind
from app.platform.database.origin import RestoredNotReplayed, refuse_restored
from app.runtime.staff import Runtime
from tests.operations.restoring import as_owner, replayed
from tests.operations.test_withdrawals import protect, public

TELLING = ("pg_control_system", "pg_control_checkpoint", "pg_control_recovery")


@pytest.fixture
def untold(noting: Runtime) -> Runtime:
    """A database of its own, so that nothing has to be given back."""
    as_owner(noting, *(f"REVOKE EXECUTE ON FUNCTION {each}() FROM PUBLIC" for each in TELLING))
    return noting


def count_shown(runtime: Runtime) -> int:
    """Return how many actors a new process of public pages shows; raise TooFarBehind."""
    engine = make_engine(runtime.databases.public.url.render_as_string(hide_password=False))
    read_nothing_old(engine, 10)
    try:
        with engine.connect() as connection:
            shown: int = connection.execute(text("SELECT count(*) FROM open.actor")).scalar_one()
            return shown
    finally:
        engine.dispose()


def behind(runtime: Runtime) -> float:
    with runtime.databases.public.begin() as connection:
        return seconds_behind(connection)


def test_it_shows_nothing_until_the_registers_were_replayed(untold: Runtime) -> None:
    with pytest.raises(TooFarBehind):
        count_shown(untold)
    with pytest.raises(RestoredNotReplayed):
        refuse_restored(untold.databases.public)
    assert behind(untold) == float("inf")
    # Nothing says that it is a copy of the same server.
    Replaying(untold).look()
    assert behind(untold) == float("inf")
    assert replayed(untold).was_restored
    refuse_restored(untold.databases.public)
    assert behind(untold) == 0
    assert count_shown(untold) == 2


def test_it_goes_on_as_any_other_then(untold: Runtime) -> None:
    replayed(untold)
    protect(untold, "ASE d'exemple")
    assert not replayed(untold).was_restored
    assert "ASE d'exemple" not in public(untold)


def test_one_that_tells_again_is_shown_as_before(untold: Runtime) -> None:
    replayed(untold)
    as_owner(untold, *(f"GRANT EXECUTE ON FUNCTION {each}() TO PUBLIC" for each in TELLING))
    refuse_restored(untold.databases.public)
    assert behind(untold) == 0
