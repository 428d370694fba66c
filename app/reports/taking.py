"""What of a report can be taken as it is, read as the form of the desk is: a telephone, hours, an
address without a word around it, or that somebody closed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.models import Role
from app.models.protected import Level
from app.models.report import Wrong
from app.records.entered import Entered, FormReader, shown, without_what_is_lost
from app.records.many import ARCHIVE
from app.records.record import ActorRecord
from app.records.wording import STATES
from app.reports.addresses import parts_of, whole_address
from app.visibility import Viewer
from geo.gazetteer import Gazetteer

# What is wrong -> the field of the form that says it.
FIELD: dict[Wrong, str] = {"phone": "phones", "address": "address", "hours": "opening_hours"}


@dataclass(frozen=True, slots=True)
class Taken:
    """A form with what the visitor has of one thing, as it was where the actor closed. becomes:
    what will be said of it.
    """

    entered: Entered
    becomes: str


def in_place(record: ActorRecord, gazetteer: Gazetteer, wrong: Wrong) -> str:
    """Return what the sheet says now of what is wrong, as the form of the desk shows it."""
    form = shown(record, gazetteer)
    match wrong:
        case "address":
            town = f"{form['postcode']} {form['city']}".strip()
            return "\n".join(filter(None, (form["address"], town)))
        case "phone":
            return "\n".join(filter(None, (form["phones"], form["duty_phones"])))
        case "closed":
            return STATES[record.status]
    return form[FIELD[wrong]] if wrong in FIELD else ""


def may_take(viewer: Viewer, wrong: Wrong) -> bool:
    """Say whether a viewer takes what is wrong by one key.

    An address that is refused lies at a hidden place: whoever may not know of these could try the
    numbers of a street by reports of their own.
    """
    return viewer.role is not Role.REFERENT_ETAT or wrong != "address"


def take(
    record: ActorRecord,
    level: Level | None,
    gazetteer: Gazetteer,
    wrong: Wrong,
    right: str,
    today: date,
) -> Taken | None:
    """Return the form with what would be right; None where a person has to write it.

    That is whatever is not understood whole, hides by its words, names one telephone of several, or
    is in another territory. Who is hidden is closed by hand: those that are hidden beside it alone
    would be shown. Whom a number or an address would hide is known once it is written:
    app/reports/deciding.py looks then.
    """
    base = shown(record, gazetteer)
    if wrong == "closed":
        stays = level is not None or ARCHIVE.refuses(record, level, today)
        return None if stays else Taken(base, STATES["archived"])
    said = _said(base, wrong, right)
    if said is None:
        return None
    entered = {**base, **said}
    reading = FormReader(gazetteer, today).read(record, base, entered)
    values = without_what_is_lost(reading)
    if reading.remarks or reading.signs or not values or reading.row is None:
        return None
    written = record.model_copy(update=values)
    if wrong == "address" and not (written.commune and written.territory == record.territory):
        return None
    present, becomes = (in_place(each, gazetteer, wrong) for each in (record, written))
    return Taken(entered, becomes) if becomes and becomes != present else None


def begun(record: ActorRecord, gazetteer: Gazetteer, wrong: Wrong, right: str) -> Entered:
    """Return the form for a person who writes what would be right, as far as it is said."""
    base = shown(record, gazetteer)
    if wrong == "address" and right:
        return {**base, **parts_of(base, right)}
    if wrong == "phone" and base["phones"] and len(base["phones"].split("\n")) > 1:
        # Which one of them is wrong is for the person to say.
        right = f"{base['phones']}\n{right}"
    return {**base, FIELD[wrong]: right} if wrong in FIELD and right else base


def _said(base: Entered, wrong: Wrong, right: str) -> Mapping[str, str] | None:
    """Return the fields that say what would be right; None where a person has to write them."""
    if wrong not in FIELD or not right:
        return None
    if wrong == "address":
        return whole_address(base, right)
    several = wrong == "phone" and len(base["phones"].split("\n")) > 1
    return None if several else {FIELD[wrong]: right}
