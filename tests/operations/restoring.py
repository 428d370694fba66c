"""A database as a restoration leaves it, and the replay of its registers."""

from sqlalchemy import text

from app.operations.withdrawn_again import Replay, replay
from app.platform.database.engines import make_engine
from app.platform.database.sessions import write
from app.runtime.staff import Runtime
from app.vault.sealing import Vault
from tests.databases import Copy

ELSEWHERE = "UPDATE database_origin SET system = 'ailleurs'"


def as_owner(runtime: Runtime, *statements: str) -> None:
    owner = make_engine(runtime.owner_url)
    with write(owner) as session:
        for each in statements:
            session.execute(text(each))
    owner.dispose()


def forget(runtime: Runtime, *more: str) -> None:
    """Have a database know nothing of what it noted, and lie in another server."""
    as_owner(runtime, ELSEWHERE, "DELETE FROM withdrawal", *more)


def restored(runtime: Runtime, copy_of: Copy) -> Runtime:
    """Return a copy as it is now, in another server."""
    copy = copy_of(runtime)
    as_owner(copy, ELSEWHERE)
    return copy


def replayed(runtime: Runtime, vault: Vault | None = None) -> Replay:
    with write(runtime.staff) as session:
        return replay(session, vault or runtime.vault, runtime.settings, "os:essai")


def again(runtime: Runtime) -> int:
    """Hide again what a restored database shows, by registers that lack nothing; say how much."""
    done = replayed(runtime)
    assert (done.was_restored, done.why_not) == (True, "")
    return done.again
