"""What a professional may read of a place at this moment, and nothing that is not so any more."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.hours.words import describe
from app.models import Actor, Reveal
from app.records.causes import active, current, withheld
from app.records.viewing import see
from app.revealing.asking import A_DAY, running
from app.revealing.neighbours import stands_with_another
from app.revealing.places import Place
from app.vault.sealing import Vault
from app.visibility import Viewer
from app.visible.asking import Asker


@dataclass(frozen=True, slots=True)
class Revealed:
    """The contact of a place, until a moment. number: for the child's file. phones: E.164, those
    of the night among duty_phones as well. address: its lines; empty until it is asked for as well,
    and where none may be given.
    """

    number: str
    until: datetime
    phones: tuple[str, ...]
    duty_phones: tuple[str, ...]
    duty_hours: str | None
    name: str | None
    address: tuple[str, ...]
    is_address_asked: bool


def read_revealed(session: Session, vault: Vault, asker: Asker, place: Place) -> Revealed | None:
    """Return what somebody may be told of a place; None where that is nothing.

    session: on one snapshot, so that who is told and what is told are of one moment.
    """
    found = see(session, vault, Viewer.professional(asker), Actor.id == place.actor_id)
    seen = next(found, None)
    if seen is None:
        return None
    row = session.scalars(running(asker.account, asker.at).where(Reveal.actor_id == seen.actor_id))
    reveal, record = row.one(), seen.record
    assert reveal.ends_at is not None  # noqa: S101  # as the table says of what is given
    # A number beside a person's name is theirs, and one that a home beside it has is the home's.
    beside = [each for each in current(active(seen.causes)) if each.why == "beside"]
    shared = withheld(beside)
    phones = tuple(
        each
        for each in record.phones
        if (each not in record.unpublished or each in record.shown)
        and ("phone", each) not in shared
    )
    if place.is_entry:
        number = place.chosen.number if place.chosen else None
        phones = (number,) if number else ()
    duty = tuple(each for each in phones if each in record.duty_phones)
    lines: tuple[str, ...] = ()
    asked = reveal.address_at is not None
    # An address that it shares with a home is the home's.
    may_be_given = not beside and not stands_with_another(session, vault, seen.actor_id, record)
    if asked and may_be_given and not place.is_entry:
        town = " ".join(each for each in (record.postcode, record.city) if each)
        parts = (record.address,) if record.address else (record.street, town)
        lines = tuple(each for each in parts if each)
    name = record.name if lines else None
    hours = ", ".join(describe(record.duty_hours)) if duty and record.duty_hours else None
    return Revealed(reveal.number, reveal.ends_at, phones, duty, hours, name, lines, asked)


def is_waiting(session: Session, asker: Asker, place: Place) -> bool:
    """Say whether somebody waits for an agreement of a place that wants to be asked."""
    if place.way != "asked":
        return False
    waits = select(Reveal.id).where(
        Reveal.actor_id == place.actor_id,
        Reveal.account_id == asker.account,
        Reveal.given_at.is_(None),
        Reveal.ended_at.is_(None),
        Reveal.asked_at > asker.at - A_DAY,
    )
    return session.scalar(waits) is not None


def is_refused(session: Session, asker: Asker, place: Place) -> bool:
    """Say whether somebody was refused a moment ago what they asked of a place."""
    refused = select(Reveal.id).where(
        Reveal.actor_id == place.actor_id,
        Reveal.account_id == asker.account,
        Reveal.decided_by.is_not(None),
        Reveal.given_at.is_(None),
        Reveal.ended_at > asker.at - A_DAY,
    )
    return session.scalar(refused) is not None
