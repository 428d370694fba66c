"""What of a report can be taken as it is: a telephone or hours, read as the form of the desk is."""

from dataclasses import dataclass
from datetime import date

from app.models.report import Wrong
from app.records.entered import Entered, FormReader, shown, without_what_is_lost
from app.records.record import ActorRecord
from geo.gazetteer import Gazetteer

# What is wrong -> the field of the form that says it.
FIELD: dict[Wrong, str] = {"phone": "phones", "address": "address", "hours": "opening_hours"}
# Not an address: a person looks where it is before anybody is sent there.
_TAKEN = frozenset({"phone", "hours"})


@dataclass(frozen=True, slots=True)
class Taken:
    """A form with one field as the visitor has it. becomes: what that field will say."""

    entered: Entered
    becomes: str


def in_place(record: ActorRecord, gazetteer: Gazetteer, wrong: Wrong) -> str:
    """Return what the sheet says now of what is wrong, as the form of the desk shows it."""
    form = shown(record, gazetteer)
    if wrong == "address":
        town = f"{form['postcode']} {form['city']}".strip()
        return "\n".join(filter(None, (form["address"], town)))
    if wrong == "phone":
        return "\n".join(filter(None, (form["phones"], form["duty_phones"])))
    return form[FIELD[wrong]] if wrong in _TAKEN else ""


def take(
    record: ActorRecord, gazetteer: Gazetteer, wrong: Wrong, right: str, today: date
) -> Taken | None:
    """Return the form with what would be right; None where a person has to write it.

    That is whatever is not understood whole, hides by its words, or names one telephone of several.
    Whom a number would hide is known once it is written: app/reports/deciding.py looks then.
    """
    if wrong not in _TAKEN or not right:
        return None
    field, base = FIELD[wrong], shown(record, gazetteer)
    if wrong == "phone" and len(base[field].split("\n")) > 1:
        return None
    entered = {**base, field: right}
    reading = FormReader(gazetteer, today).read(record, base, entered)
    values = without_what_is_lost(reading)
    if reading.remarks or reading.signs or not values or reading.row is None:
        return None
    becomes = shown(record.model_copy(update=values), gazetteer)[field]
    return Taken(entered, becomes) if becomes and becomes != base[field] else None
