"""From the inbox to the desk: messages are opened, and each becomes a report of its actor.

A link that is proposed becomes one: app/cataloguing/proposing.py. Who asks for an account becomes a
request: app/accounts/requests.py. Who wants to come to an event: app/registrations/registering.py;
or the letter: app/subscriptions/subscribing.py.
"""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from app.accounts import requests
from app.inbox.message import AccessAsked, Correction, EventAsked, LetterAsked, ProposedLink
from app.inbox.opening import open_message, opener
from app.models import Actor, FormerAddress, InboxMessage, Report, ResourceProposal
from app.models.report import Wrong
from app.platform.database.sessions import among
from app.registrations import registering
from app.subscriptions import subscribing
from app.vault.sealing import Vault

TABLE, COLUMN = Report.__tablename__, "content"
LINKS = ResourceProposal.__tablename__
# Opened by one call, whose transaction others wait for.
AT_ONCE = 500
UNREADABLE_FOR = timedelta(days=30)


def has_come(session: Session) -> bool:
    """Return whether messages wait to be opened."""
    return session.scalar(_waiting().limit(1)) is not None


def receive(session: Session, vault: Vault) -> int:
    """Make reports and proposals of what came, and return how many messages there were.

    What opens to nothing stays.
    """
    came = session.scalars(
        _waiting()
        .order_by(InboxMessage.received_at, InboxMessage.id)
        .limit(AT_ONCE)
        # Somebody else may look at the same moment.
        .with_for_update(skip_locked=True)
    ).all()
    if not came:
        return 0
    box = opener(session, vault)
    opened = {each: open_message(box, each.box) for each in came}
    corrections = [each for each in opened.values() if isinstance(each, Correction)]
    actors = _actors(session, {each.actor for each in corrections})
    for message, said in opened.items():
        match said:
            case None:
                message.unreadable = True
                continue
            case Correction():
                session.add(_report(vault, said, actors, message.received_at))
            case AccessAsked():
                requests.add(session, vault, said, message.received_at)
            case EventAsked():
                registering.add(session, vault, said, message.received_at)
            case LetterAsked():
                subscribing.add(session, vault, said, message.received_at)
            case ProposedLink():
                session.add(_proposal(vault, said, message.received_at))
        session.execute(delete(InboxMessage).where(InboxMessage.id == message.id))
    return len(came)


def count_unreadable(session: Session) -> int:
    """Return how many messages opened to nothing, and are not deleted yet."""
    counted = select(func.count()).select_from(InboxMessage).where(InboxMessage.unreadable)
    return session.scalars(counted).one()


def read_once_more(session: Session) -> None:
    """Have what opened to nothing be opened again: a release before this one knew less of it."""
    session.execute(update(InboxMessage).where(InboxMessage.unreadable).values(unreadable=False))


def forget_unreadable(session: Session, now: datetime) -> None:
    """Delete the messages that opened to nothing a month ago."""
    old = InboxMessage.received_at < now - UNREADABLE_FOR
    session.execute(delete(InboxMessage).where(InboxMessage.unreadable, old))


def report_of(
    session: Session,
    vault: Vault,
    actor: Actor,
    wrong: Wrong,
    right: str,
    now: datetime,
    *,
    own: bool = False,
) -> UUID:
    """Add an error that no visitor wrote, and return its id; own: the actor itself says so."""
    number = uuid4()
    content = {"actor": actor.public_id, "right": right, "mail": "", "own": own}
    sealed = vault.seal_json(TABLE, number, COLUMN, content)
    row = Report(id=number, actor_id=actor.id, wrong=wrong, content=sealed, received_at=now)
    session.add(row)
    return number


def _waiting() -> Select[InboxMessage]:
    return select(InboxMessage).where(~InboxMessage.unreadable)


def _actors(session: Session, ids: set[str]) -> dict[str, UUID]:
    """Return public id -> internal id, of those that exist or were joined to one that does."""
    found = select(Actor.public_id, Actor.id).where(among(Actor.public_id, sorted(ids)))
    former = (
        select(FormerAddress.public_id, Actor.id)
        .join(Actor, Actor.public_id == FormerAddress.target)
        .where(among(FormerAddress.public_id, sorted(ids)))
    )
    return {row.public_id: row.id for each in (former, found) for row in session.execute(each)}


def _report(
    vault: Vault, correction: Correction, actors: dict[str, UUID], received_at: datetime
) -> Report:
    number = uuid4()
    content = correction.model_dump(include={"actor", "right", "mail"})
    return Report(
        id=number,
        actor_id=actors.get(correction.actor),
        wrong=correction.wrong,
        content=vault.seal_json(TABLE, number, COLUMN, content),
        received_at=received_at,
    )


def _proposal(vault: Vault, link: ProposedLink, received_at: datetime) -> ResourceProposal:
    number = uuid4()
    content = link.model_dump(include={"url", "title", "why"})
    sealed = vault.seal_json(LINKS, number, COLUMN, content)
    return ResourceProposal(id=number, content=sealed, received_at=received_at)
