"""Whether the keys of a process are those of its database, asked before it serves or writes."""

from time import monotonic

from sqlalchemy import Connection, Engine, select
from sqlalchemy.orm import Session

from app.errors import OperatorError
from app.models import SealedSecret
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
    """Says whether the keys open the secrets of a database, which is asked each few seconds."""

    def __init__(self, staff: Engine, vault: Vault, *, each: float = 10.0) -> None:
        self._staff, self._vault, self._each = staff, vault, each
        self._is_right, self._again = True, 0.0

    def __call__(self) -> bool:
        """Return what was last found; one that was replaced by another database's is wrong."""
        if (now := monotonic()) >= self._again:
            try:
                with read_once(self._staff) as session:
                    open_secrets(session, self._vault)
                self._is_right = True
            except (KeyMissing, WrongKey):
                self._is_right = False
            self._again = now + self._each
        return self._is_right


def open_secrets(session: Session | Connection, vault: Vault) -> set[str]:
    """Return the names of the secrets, all of which the keys open; KeyMissing or WrongKey."""
    names = set()
    for name, value in session.execute(select(SealedSecret.name, SealedSecret.value)):
        try:
            vault.open(SealedSecret.__tablename__, name, "value", value)
        except NotOpened:
            key_id = value[2 : 2 + value[1]].decode("ascii", "replace")
            raise WrongKey(key_id=key_id) from None
        names.add(name)
    return names
