"""What a sheet shows of the fields for professionals: who reads each value, and who may say so."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.models import Role
from app.records.correcting import may_correct
from app.records.readers import FIELDS, LINES, Chosen, as_seen, read_chosen, values_of
from app.records.sheets import Sheet
from app.records.wording import FIELDS as LABELS
from app.records.wording import said
from app.vault.sealing import Vault
from app.visibility import Viewer, readers_of
from importers.phones import format_french
from importers.vocabulary import Readers


@dataclass(frozen=True, slots=True)
class ReadersLine:
    """A value of a field that may be for professionals. seen: by what its form names it.

    gives, takes_back: whether its reader may give it to professionals, or leave it to staff again.
    """

    field: str
    label: str
    seen: str
    words: str
    readers: Readers
    gives: bool
    takes_back: bool


def readers_lines(
    session: Session, vault: Vault, viewer: Viewer, sheet: Sheet
) -> list[ReadersLine]:
    """Return what of an actor may be for professionals; nothing of one that is masked, or whose
    sheet says its family alone: that is its operator's to choose.
    """
    record = sheet.record
    if record is None or sheet.level not in (None, "held"):
        return []
    chosen = read_chosen(session, vault, sheet.actor_id)
    corrects = not may_correct(viewer, record.category, record.territory)
    return [
        _line(chosen, field, value, is_curateur=viewer.role is Role.CURATEUR, corrects=corrects)
        for field in (*FIELDS, LINES)
        for value in values_of(record, field)
    ]


def may_say(viewer: Viewer, field: str, readers: Readers) -> bool:
    """Say whether a person may say who reads a value: of numbers, and to give, a curateur alone."""
    return viewer.role is Role.CURATEUR or (field != LINES and readers == "protege")


def _line(
    chosen: Chosen, field: str, value: str, *, is_curateur: bool, corrects: bool
) -> ReadersLine:
    readers = readers_of(field, neutral=False, chosen=chosen.of(field, value))
    is_number = field == LINES
    return ReadersLine(
        field,
        "Numéro que le public ne lit pas" if is_number else LABELS[field],
        as_seen(value),
        format_french(value) if is_number else said(field, value),
        readers,
        gives=readers == "protege" and is_curateur,
        takes_back=readers != "protege" and (is_curateur if is_number else corrects),
    )
