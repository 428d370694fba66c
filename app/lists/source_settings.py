"""What people set of a source: its rank, when more is expected, and who sends it; taken back too.

What was before stands in no table: it goes, sealed, to whoever changed it, for a quarter of an
hour.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Mesure23Error
from app.lists.followed import Contact, SourceUnknown, contact_of, followed_by
from app.lists.sources import RANK_OF_LISTS, UPDATES, call_source
from app.models import Role, Source
from app.vault.digests import index_key
from app.vault.sealing import NotOpened, Vault
from app.visibility import Viewer

# Above every register, below what staff write.
RANKS = range(RANK_OF_LISTS - 2, 51)
CADENCES = (1, 2, 3, 6, 12, 24)
UNDONE_WITHIN = timedelta(minutes=15)
LONGEST, LONGEST_NAME = 200, 120
_MAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
_PHONE = re.compile(r"[+\d][\d .()/-]{1,39}")


class SettingsWrong(Mesure23Error):
    """Une adresse électronique s’écrit nom@domaine.fr, un téléphone avec des chiffres, et un texte
    tient en 200 caractères. Rien n’est enregistré.
    """

    status = 422
    title = "Ce contact ne se lit pas"
    advice = "Corrigez-le, puis enregistrez de nouveau."


class RankWrong(Mesure23Error):
    """Rien n’est enregistré : ce rang ou ce délai n’est pas de ceux que la page propose."""

    status = 422
    title = "Ce rang ou ce délai n’existe pas"
    advice = "Choisissez-les dans ses menus, puis enregistrez."


class NameRefused(Mesure23Error):
    """Rien n’est enregistré : ce nom est vide ou trop long, ou une autre source de ce territoire le
    porte.
    """

    status = 422
    title = "Ce nom ne convient pas"
    advice = "Écrivez-en un autre, de 120 caractères au plus, puis enregistrez."


class TooLate(Mesure23Error):
    """Ce changement ne s’annule plus : un quart d’heure est passé, ou quelqu’un l’a changé depuis.
    Rien n’est fait.
    """

    status = 409
    title = "Trop tard pour annuler"
    advice = "La page montre ce qui vaut maintenant : corrigez-le."


@dataclass(frozen=True, slots=True)
class Set:
    """What is set. cadence: months, 0 for never, None as usual."""

    rank: int
    cadence: int | None
    contact: Contact


@dataclass(frozen=True, slots=True)
class Changed:
    """What was changed, in words for the journal, and what takes it back."""

    detail: Mapping[str, str]
    undo: str


def read_contact(name: str, mail: str, phone: str) -> Contact:
    """Return a contact as a form gives it; raise SettingsWrong."""
    given = Contact(*(" ".join(each.split()) for each in (name, mail, phone)))
    readable = all(each.isprintable() and len(each) <= LONGEST for each in given)
    mail_is = not given.mail or _MAIL.fullmatch(given.mail)
    phone_is = not given.phone or _PHONE.fullmatch(given.phone)
    if not (readable and mail_is and phone_is):
        raise SettingsWrong
    return given


def is_set_by(viewer: Viewer, register: str | None) -> bool:
    """Return whether somebody may set rank and cadence: a curateur, of a list."""
    return viewer.role is Role.CURATEUR and register is None


def change(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    source_id: UUID,
    contact: Contact | None,
    now: datetime,
    chosen: tuple[int, int | None] | None = None,
) -> Changed:
    """Set what is given of a source. contact: None as it is; chosen: rank and cadence, of who may.

    What is expected no more needs nobody to be asked: its contact goes. Raises SourceUnknown,
    RankWrong.
    """
    source = _locked(session, viewer, source_id)
    before = _set_of(vault, source)
    after = before if contact is None else replace(before, contact=contact)
    if chosen is not None and is_set_by(viewer, source.register):
        rank, cadence = chosen
        known = rank in RANKS or rank == before.rank
        if not known or cadence not in {None, 0, before.cadence, *CADENCES}:
            raise RankWrong
        after = replace(after, rank=rank, cadence=cadence)
    if after.cadence == 0 and before.cadence != 0:
        after = replace(after, contact=Contact())
    _write(vault, source, after)
    return Changed(_difference(before, after), _undo(vault, source, before, after, now))


def rename(
    session: Session, vault: Vault, viewer: Viewer, source_id: UUID, name: str
) -> Mapping[str, str]:
    """Call a source otherwise; return that for the journal, nothing where it is called so.

    All else stays: its files, its contact, its links, how it is read. Raises SourceUnknown,
    NameRefused.
    """
    source = _locked(session, viewer, source_id)
    before = vault.open("source", source.id, "name", source.name).decode()
    name = " ".join(name.split())
    if name == before:
        return {}
    # By this name a file that was handed out is found, whoever sends it.
    ours = UPDATES.casefold() in (before.casefold(), name.casefold())
    right = is_set_by(viewer, source.register) and not ours
    right = right and name.isprintable() and 0 < len(name) <= LONGEST_NAME
    if not right or not call_source(session, vault, index_key(session, vault), source, name):
        raise NameRefused
    # The journal has no names of lists: some are those of homes.
    return {"nom": "changé"}


def undo(
    session: Session, vault: Vault, viewer: Viewer, source_id: UUID, given: str, now: datetime
) -> Mapping[str, str]:
    """Set a source as it was before a change; return it for the journal. Raises TooLate."""
    source = _locked(session, viewer, source_id)
    present = _set_of(vault, source)
    try:
        sealed = base64.urlsafe_b64decode(given)
        opened = vault.open_json("source", source.id, "undo", sealed)
    except (ValueError, IndexError, NotOpened):
        raise TooLate from None
    before, after = (_read(opened[name]) for name in ("before", "after"))
    if now - datetime.fromisoformat(opened["at"]) > UNDONE_WITHIN or after != present:
        raise TooLate
    if not is_set_by(viewer, source.register):
        before = replace(before, rank=present.rank, cadence=present.cadence)
    _write(vault, source, before)
    return _difference(present, before)


def _locked(session: Session, viewer: Viewer, source_id: UUID) -> Source:
    statement = select(Source).where(Source.id == source_id, followed_by(viewer))
    # An import that adds a file of it waits for nobody.
    source = session.scalar(statement.with_for_update(key_share=True))
    if source is None:
        raise SourceUnknown
    return source


def _set_of(vault: Vault, source: Source) -> Set:
    return Set(source.rank, source.cadence, contact_of(vault, source))


def _write(vault: Vault, source: Source, wanted: Set) -> None:
    source.rank, source.cadence = wanted.rank, wanted.cadence
    said = wanted.contact._asdict()
    is_said = any(said.values())
    source.contact = vault.seal_json("source", source.id, "contact", said) if is_said else None


def _difference(before: Set, after: Set) -> dict[str, str]:
    """Return what changed, without a word of whom."""
    found = {}
    if before.rank != after.rank:
        found["rang"] = f"{before.rank} → {after.rank}"
    if before.cadence != after.cadence:
        found["attendue"] = f"{_said(before.cadence)} → {_said(after.cadence)}"
    if before.contact != after.contact:
        found["contact"] = "changé" if any(after.contact) else "effacé"
    return found


def _said(cadence: int | None) -> str:
    if cadence is None:
        return "comme d’habitude"
    return f"tous les {cadence} mois" if cadence else "plus attendue"


def _undo(vault: Vault, source: Source, before: Set, after: Set, now: datetime) -> str:
    states = {"before": _written(before), "after": _written(after), "at": now.isoformat()}
    return base64.urlsafe_b64encode(vault.seal_json("source", source.id, "undo", states)).decode()


def _written(state: Set) -> list[object]:
    return [state.rank, state.cadence, list(state.contact)]


def _read(written: list[Any]) -> Set:
    rank, cadence, contact = written
    return Set(rank, cadence, Contact(*contact))
