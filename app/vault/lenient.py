"""What is shown or handed out although a value of it does not open: in its place it says so.

A key that is missing for all of it is still an error: that of the digests is never read leniently.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from app.vault.digests import find_key
from app.vault.sealing import NotOpened, Vault, json_of

log = structlog.get_logger(__name__)
WHY = "cette valeur scellée a été abîmée ou modifiée : elle n’a pas pu être lue"
LABEL = "illisible"
UNREAD = f"{LABEL} : {WHY}"
# Of what cannot be compared with the places that are hidden, since a record of these is damaged.
UNCHECKED = "non remis : ce texte n’a pas pu être comparé aux lieux protégés"
# How many there are, in what is handed out.
UNREAD_COUNT = "valeurs_illisibles"
# What is somebody's own, and is handed out to them, or stands in lists of the desk. Of an actor
# that does not open nothing may be guessed: whom texts name is asked of its record.
_THEIRS = frozenset(
    {
        *("account", "passkey", "provider_identity", "staff_session", "access_request"),
        *("audit_entry", "alert", "letter_subscriber", "committee_member"),
        *("network_member", "member_message", "member_report", "report"),
    }
)


class Unread(dict[str, Any]):
    """What stands for JSON that did not open: each of its fields says so."""

    def __init__(self, says: str = UNREAD) -> None:
        super().__init__({LABEL: WHY})
        self._says = says

    def __missing__(self, name: str) -> str:
        return self._says

    def get(self, name: str, usual: Any = None) -> Any:
        """Return what a field says, whichever it is."""
        return self[name]


class Lenient(Vault):
    """A vault that says of somebody's own values that they did not open, counts them, and writes
    a line of each. says: what stands in their place.
    """

    __slots__ = ("_says", "_unread", "_vault")

    def __init__(self, vault: Vault, says: str = UNREAD) -> None:
        super().__init__(vault.primary, vault.keys)
        self._vault, self._says, self._unread = vault, says, set[tuple[str, ...]]()

    def open(self, table: str, row: UUID | str, column: str, sealed: bytes) -> bytes:
        """Return what was sealed, or that it cannot be read; raise NotOpened of what is nobody's
        own.
        """
        opened = self._open(table, row, column, sealed)
        return self._says.encode() if opened is None else opened

    def open_json(self, table: str, row: UUID | str, column: str, sealed: bytes) -> Any:
        """Return the JSON value that was sealed, or an Unread."""
        opened = self._open(table, row, column, sealed)
        return Unread(self._says) if opened is None else json_of(opened)

    def note_unchecked(self, keys: Sequence[object]) -> None:
        """Count texts that are not handed out since nothing says whom they name."""
        self._unread |= {("unchecked", str(each)) for each in keys}

    def said(self) -> dict[str, int]:
        """Return how many values there are that were not read, nothing where all were."""
        return {UNREAD_COUNT: len(self._unread)} if self._unread else {}

    def _open(self, table: str, row: UUID | str, column: str, sealed: bytes) -> bytes | None:
        try:
            return self._vault.open(table, row, column, sealed)
        except NotOpened:
            if table not in _THEIRS:
                raise
            place = (table, str(row), column)
            if place not in self._unread:
                log.error("sealed value not read", table=table, row=str(row), column=column)
            self._unread.add(place)
            return None


def leniently(session: Session, vault: Vault, says: str = LABEL) -> Lenient:
    """Return what opens values of which one may be damaged; raise KeyMissing or NotOpened.

    Nothing of a lenient vault changes.
    """
    if isinstance(vault, Lenient):
        return vault
    # With a key that is missing for all there would be nothing but gaps.
    find_key(session, vault)
    return Lenient(vault, says)
