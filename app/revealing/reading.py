"""What a professional may read of a place at this moment, and nothing that is not so any more."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Actor, Reveal
from app.records.viewing import see
from app.revealing.asking import A_DAY, running
from app.vault.sealing import Vault
from app.visibility import Asker, Viewer


@dataclass(frozen=True, slots=True)
class Revealed:
    """The contact of a place, until a moment. number: for the child's file. phones: E.164, those
    of the night among duty_phones as well. address: its lines, empty until it is asked for as well.
    """

    number: str
    until: datetime
    phones: tuple[str, ...]
    duty_phones: tuple[str, ...]
    duty_hours: str | None
    name: str | None
    address: tuple[str, ...]


def read_revealed(session: Session, vault: Vault, asker: Asker, public_id: str) -> Revealed | None:
    """Return what somebody may be told of a place; None where that is nothing.

    session: on one snapshot, so that who is told and what is told are of one moment.
    """
    found = see(session, vault, Viewer.professional(asker), Actor.public_id == public_id)
    seen = next(found, None)
    if seen is None:
        return None
    row = session.scalars(running(asker.account, asker.at).where(Reveal.actor_id == seen.actor_id))
    reveal, record = row.one(), seen.record
    assert reveal.ends_at is not None  # noqa: S101  # as the table says of what is given
    # A number beside a person's name is theirs, not the place's.
    phones = tuple(each for each in record.phones if each not in record.unpublished)
    duty = tuple(each for each in phones if each in record.duty_phones)
    lines: tuple[str, ...] = ()
    if reveal.address_at is not None:
        town = " ".join(each for each in (record.postcode, record.city) if each)
        lines = tuple(each for each in (record.street, town) if each)
    name = record.name if reveal.address_at is not None else None
    hours = record.duty_hours if duty else None
    return Revealed(reveal.number, reveal.ends_at, phones, duty, hours, name, lines)


def is_waiting(session: Session, asker: Asker, public_id: str) -> bool:
    """Say whether somebody waits for an agreement of a place."""
    waits = (
        select(Reveal.id)
        .join(Actor, Actor.id == Reveal.actor_id)
        .where(
            Actor.public_id == public_id,
            Reveal.account_id == asker.account,
            Reveal.given_at.is_(None),
            Reveal.ended_at.is_(None),
            Reveal.asked_at > asker.at - A_DAY,
        )
    )
    return session.scalar(waits) is not None
