"""Who looks after a deposited list, and what they note of it for their colleagues: both sealed."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.errors import Mesure23Error
from app.files.cells import clean
from app.lists.deposits import Deed
from app.models import Deposit
from app.platform.database.sessions import among
from app.vault.sealing import Vault

TABLE, COLUMN = Deposit.__tablename__, "handling"
LONGEST = 1_000


class NoteWrong(Mesure23Error):
    """Une note tient en 1 000 caractères. Rien n’est enregistré."""

    status = 422
    title = "Note trop longue"
    advice = "Raccourcissez-la, puis enregistrez-la."


class NoteChanged(Mesure23Error):
    """Rien n’est enregistré : un collègue a écrit ou effacé cette note depuis l’affichage de la
    page.
    """

    status = 409
    title = "Note changée entre-temps"
    advice = "Lisez ce qu’elle dit maintenant, complétez la vôtre, puis enregistrez-la."


@dataclass(frozen=True, slots=True)
class Handling:
    """claimed: who looks after a list, and since when. note: "" for none, with whose it is."""

    claimed: Deed | None = None
    note: str = ""
    noted: Deed | None = None


def of(session: Session, vault: Vault, deposits: Collection[UUID]) -> dict[UUID, Handling]:
    """Return deposit -> its handling, of those that have some."""
    statement = select(Deposit.file_id, Deposit.handling).where(
        among(Deposit.file_id, deposits), Deposit.handling.is_not(None)
    )
    return {
        row.file_id: _read(vault.open_json(TABLE, row.file_id, COLUMN, row.handling))
        for row in session.execute(statement)
    }


def claim(session: Session, vault: Vault, deposit_id: UUID, deed: Deed | None) -> None:
    """Say who looks after a list; None: nobody any more."""
    _write(session, vault, deposit_id, replace(_held(session, vault, deposit_id), claimed=deed))


def note(
    session: Session, vault: Vault, deposit_id: UUID, text: str, deed: Deed, seen: str
) -> None:
    """Write the note of a list in the place of the one that was seen.

    seen: when that was written, "" for none. Raises NoteWrong, NoteChanged.
    """
    # What nobody sees comes with what is pasted, and says nothing.
    text = "".join(each for each in clean(text) if each.isprintable() or each.isspace()).strip()
    if len(text) > LONGEST:
        raise NoteWrong
    former = _held(session, vault, deposit_id)
    if text != former.note:
        if seen != (former.noted.at.isoformat() if former.noted else ""):
            raise NoteChanged
        noted = deed if text else None
        _write(session, vault, deposit_id, replace(former, note=text, noted=noted))


def _held(session: Session, vault: Vault, deposit_id: UUID) -> Handling:
    """Return how a list is handled; whoever else writes it waits."""
    session.execute(
        select(Deposit.file_id).where(Deposit.file_id == deposit_id).with_for_update()
    ).one()
    return of(session, vault, [deposit_id]).get(deposit_id, Handling())


def _write(session: Session, vault: Vault, deposit_id: UUID, handling: Handling) -> None:
    said = {
        "claimed": _said(handling.claimed),
        "note": handling.note,
        "noted": _said(handling.noted),
    }
    sealed = vault.seal_json(TABLE, deposit_id, COLUMN, said)
    session.execute(update(Deposit).where(Deposit.file_id == deposit_id).values(handling=sealed))


def _said(deed: Deed | None) -> list[str] | None:
    return [deed.who, deed.at.isoformat()] if deed else None


def _read(said: dict[str, Any]) -> Handling:
    claimed, noted = (_deed(said[name]) for name in ("claimed", "noted"))
    # What was erased at somebody's request is null.
    return Handling(claimed, said["note"] or "", noted)


def _deed(said: list[str] | None) -> Deed | None:
    return Deed(said[0], datetime.fromisoformat(said[1])) if said else None
