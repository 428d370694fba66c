"""A professional asks for the contact of a place, and then for its address; each is noted first.

Nothing is shown here: what may be read is asked again, at the moment of each page (reading.py).
"""

import secrets
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.orm import Session

from app.accounts.codes import LETTERS
from app.audit.actions import Action
from app.audit.journal import Author, add
from app.errors import Mesure23Error
from app.models import Account, Actor, AuditEntry, Reveal, Role, StaffSession
from app.reference.motives import ADDRESS_MOTIVES, MOTIVES
from app.revealing.places import ASKED_WAYS, Place, read_place
from app.vault.sealing import Vault
from app.visible.asking import Asker, signed_in_as

REVEALED_FOR = timedelta(hours=24)
# Whoever asks for more is no professional with one child in front of them.
MOST_A_DAY = 10
A_DAY = timedelta(hours=24)
# Of refusals of one account in a day so many are noted: who goes on is seen by then.
MOST_DENIED = 20
# As long as the journal: for who finds its number in a child's file.
NOTED_FOR = timedelta(days=365)
# Of 31 letters: nobody guesses one, and it is short enough to be copied by hand.
GROUPS, GROUP = 2, 4


class AskerGone(Exception):
    """Whoever asks is signed in no more, though they were as their page was let in."""


class MotiveMissing(Mesure23Error):
    """Choisissez pourquoi vous demandez ce contact : rien d’autre n’est demandé sur l’enfant."""

    status = 422
    title = "Le motif manque"
    advice = "Choisissez un motif, puis recommencez."


class ContactClosed(Mesure23Error):
    """Ce lieu ne donne pas son contact par ce service. Un numéro de cette page vous répond."""

    status = 403
    title = "Contact non communiqué"
    advice = "Appelez le 119, jour et nuit, ou la CRIP du département : ils orientent l’enfant."


class TooManyToday(Mesure23Error):
    """Vous avez demandé dix contacts en vingt-quatre heures : ce service n’en donne pas plus."""

    status = 429
    title = "Dix contacts demandés"
    advice = "Appelez le 119, jour et nuit, ou la CRIP du département ; réessayez plus tard."


class PhoneFirst(Mesure23Error):
    """Le téléphone de ce lieu ne vous est pas montré, ou sa fiche vient de changer."""

    status = 409
    title = "Demandez d’abord le téléphone"
    advice = "Demandez de nouveau le contact, puis l’adresse."


class NoAddress(Mesure23Error):
    """Ce contact est une porte d’entrée : c’est elle qui dit où l’enfant est accueilli."""

    status = 403
    title = "Adresse non communiquée"
    advice = "Appelez le numéro donné."


def ask(session: Session, vault: Vault, asker: Asker, public_id: str, motive: str) -> Place:
    """Ask for the telephone of a place: told at once, or once somebody agrees, as it chose.

    Who asks for what they are told already, or wait for, asks for nothing more. Raises
    ActorUnknown, MotiveMissing, ContactClosed, AskerGone or TooManyToday.
    """
    account, now = asker.account, asker.at
    place = read_place(session, vault, public_id)
    if place.way == "open":
        return place
    if motive not in MOTIVES:
        raise MotiveMissing
    if place.chosen is None or place.way == "closed":
        raise ContactClosed
    _hold(session, asker)
    if _goes_on(session, account, place, now):
        return place
    asked = select(func.count()).select_from(Reveal)
    asked = asked.where(Reveal.account_id == account, Reveal.asked_at > now - A_DAY)
    if session.scalars(asked).one() >= MOST_A_DAY:
        raise TooManyToday
    row = Reveal(
        id=uuid4(),
        actor_id=place.actor_id,
        account_id=account,
        number=new_number(),
        motive=motive,
        sealed=place.sealed,
        chosen_at=place.chosen.made_at,
        asked_at=now,
    )
    if place.way == "direct":
        end_others(session, account, now)
        row.given_at, row.ends_at = now, now + REVEALED_FOR
    session.add(row)
    session.flush()
    said = {"number": row.number, "motive": motive}
    action = Action.CONTACT_REVEALED if row.given_at else Action.CONTACT_ASKED
    add(session, vault, _author(asker), action, str(place.actor_id), said)
    return place


def note_denied(
    session: Session,
    vault: Vault,
    author: Author,
    public_id: str,
    error: Mesure23Error,
    now: datetime,
) -> None:
    """Note that somebody asked for what no form offers them, so that who tries many is seen; as
    often as that takes in a day, and no more.
    """
    if isinstance(error, MotiveMissing):
        return
    noted = select(func.count()).where(
        AuditEntry.who == author.who,
        AuditEntry.action == Action.CONTACT_DENIED.value,
        AuditEntry.at > now - A_DAY,
    )
    if session.scalars(noted).one() < MOST_DENIED:
        actor = session.scalar(select(Actor.id).where(Actor.public_id == public_id))
        add(session, vault, author, Action.CONTACT_DENIED, str(actor or ""))


def ask_address(session: Session, vault: Vault, asker: Asker, public_id: str, motive: str) -> None:
    """Ask for the address of a place of which one is told the telephone.

    Raises ActorUnknown, MotiveMissing, AskerGone, NoAddress or PhoneFirst.
    """
    place = read_place(session, vault, public_id)
    if motive not in ADDRESS_MOTIVES:
        raise MotiveMissing
    _hold(session, asker)
    row = session.scalar(
        running(asker.account, asker.at).where(Reveal.actor_id == place.actor_id).with_for_update()
    )
    if row is None or not _unchanged(row, place):
        raise PhoneFirst
    if place.is_entry:
        raise NoAddress
    if row.address_at is None:
        row.address_at, row.address_motive = asker.at, motive
        said = {"number": row.number, "motive": motive}
        add(session, vault, _author(asker), Action.ADDRESS_REVEALED, str(place.actor_id), said)


def end(session: Session, account: UUID, public_id: str, now: datetime) -> None:
    """End what somebody is told of a place, or waits for, as they say that they have done."""
    actor = select(Actor.id).where(Actor.public_id == public_id)
    _end(session, Reveal.account_id == account, Reveal.actor_id.in_(actor), now=now)


def end_others(session: Session, account: UUID, now: datetime) -> None:
    """End what somebody is told of another place: they read one at a time."""
    _end(session, Reveal.account_id == account, Reveal.given_at.is_not(None), now=now)


def running(account: UUID, now: datetime) -> Select[Reveal]:
    """Return what somebody is told of now, as far as it does not hang on the place."""
    return select(Reveal).where(
        Reveal.account_id == account,
        Reveal.given_at.is_not(None),
        Reveal.ends_at > now,
        Reveal.ended_at.is_(None),
    )


def _hold(session: Session, asker: Asker) -> None:
    """Take the account and the session of who asks, as they are now; raise AskerGone.

    Whoever disables the account or ends the session came before, and nothing is written, or comes
    after. Of two presses at once the second one finds what the first one wrote.
    """
    own = StaffSession.account_id == Account.id
    asked = select(Account.id).join(StaffSession, own).where(*signed_in_as(asker))
    if session.scalar(asked.with_for_update()) is None:
        raise AskerGone


def _author(asker: Asker) -> Author:
    return Author(str(asker.account), Role.PROFESSIONNEL.value)


def _goes_on(session: Session, account: UUID, place: Place, now: datetime) -> bool:
    """Say whether somebody is told of a place, or waits for it; end what waited too long."""
    waits = Reveal.given_at.is_(None)
    late = (Reveal.account_id == account, waits, Reveal.asked_at <= now - A_DAY)
    _end(session, *late, now=now)
    mine = (Reveal.account_id == account, Reveal.actor_id == place.actor_id)
    going = select(Reveal).where(*mine, Reveal.ended_at.is_(None))
    for row in session.scalars(going):
        if row.given_at is None:
            if place.way == "asked":
                return True
            row.ended_at = now
        elif _unchanged(row, place) and row.ends_at is not None and row.ends_at > now:
            return True
    return False


def _unchanged(row: Reveal, place: Place) -> bool:
    """Say whether a place and what its operator chose are as they were when they were given."""
    chosen = place.chosen if place.way in ASKED_WAYS else None
    return chosen is not None and (row.sealed, row.chosen_at) == (place.sealed, chosen.made_at)


def _end(session: Session, *which: ColumnElement[bool], now: datetime) -> None:
    is_open = or_(Reveal.ends_at.is_(None), Reveal.ends_at > now)
    open_ones = update(Reveal).where(*which, Reveal.ended_at.is_(None), is_open)
    session.execute(open_ones.values(ended_at=now))


def new_number() -> str:
    """Return what stands for one reveal in a child's file: "M23-K7QD-2XMB"."""
    letters = ("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))
    return f"M23-{'-'.join(letters)}".upper()
