"""Whether the keys of a process are those of its database, asked before it serves or writes."""

from threading import Lock
from time import monotonic

from sqlalchemy import Connection, Engine, select
from sqlalchemy.orm import Session

from app.errors import OperatorError
from app.models import SealedSecret
from app.platform.database.engines import make_engine
from app.platform.database.sessions import hold, read, read_once, write
from app.vault.digests import secret
from app.vault.rotation import status, verifier
from app.vault.sealing import KeyMissing, NotOpened, Vault

# Who brings a first key waits for others who do: of two keys the second one is wrong.
KEYS_LOCK = 230040


class WrongKey(OperatorError):
    """La clé « {key_id} » n'ouvre pas cette base de données : rien n'est servi, rien n'est écrit.
    Rendez à MESURE23_KEYS ou MESURE23_KEYS_FILE la clé de ce nom que vous avez sauvegardée. Si
    c'est bien elle, la base a été modifiée : comparez-la avec une sauvegarde.
    """


def verify(staff: Engine, vault: Vault) -> None:
    """Open every secret of the database; raise KeyMissing or WrongKey.

    Each key that seals has a secret there from before its first use until nothing is left that a
    former one sealed: so keys that only others have, or that only others still have, are missed.
    """
    with read(staff) as session:
        if verifier(vault) in open_secrets(session, vault):
            return
    with write(staff) as session:
        hold(session, KEYS_LOCK)
        # Never by a key that opens nothing of what is there; another process may have been quicker.
        if not open_secrets(session, vault) and status(staff, vault).unopened:
            raise WrongKey(key_id=vault.primary)
        secret(session, vault, verifier(vault))


class StillRight:
    """Says whether the keys open the secrets of a database, which is asked each few seconds.

    By a connection of its own, and by one thread at a time: where the pages have all of theirs,
    each question would wait for one, in a thread that the next one lacks.
    """

    def __init__(self, staff: Engine, vault: Vault, *, each: float = 10.0) -> None:
        self._url = staff.url.render_as_string(hide_password=False)
        self._vault, self._each = vault, each
        self._is_right, self._again = True, 0.0
        self._looking = Lock()

    def __call__(self) -> bool:
        """Return what was last found; one that was replaced by another database's is wrong."""
        if (now := monotonic()) >= self._again and self._looking.acquire(blocking=False):
            try:
                self._is_right = self._look()
                self._again = now + self._each
            finally:
                self._looking.release()
        return self._is_right

    def _look(self) -> bool:
        engine = make_engine(self._url, pool_size=1, application="mesure23 keys")
        try:
            with read_once(engine) as session:
                open_secrets(session, self._vault)
        except (KeyMissing, WrongKey):
            return False
        finally:
            engine.dispose()
        return True


def open_secrets(session: Session | Connection, vault: Vault) -> set[str]:
    """Return the names of the secrets, all of which the keys open; KeyMissing or WrongKey."""
    names = set()
    for name, value in session.execute(select(SealedSecret.name, SealedSecret.value)):
        try:
            vault.open(SealedSecret.__tablename__, name, "value", value)
        except KeyMissing:
            raise
        except NotOpened:
            key_id = value[2 : 2 + value[1]].decode("ascii", "replace")
            raise WrongKey(key_id=key_id) from None
        names.add(name)
    return names
