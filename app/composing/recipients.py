"""To whom a letter goes, and what became of it: each step is asked of the database as it is done.

What is handed over is marked before, so that of a process that is killed nobody has it twice.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    LargeBinary,
    Uuid,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.models import Letter, LetterIssue, LetterMail, LetterSubscriber
from app.models.letter_issue import MailStatus
from app.models.version import TerritoryVersion
from app.platform.database.ahead import Ahead
from app.platform.database.sessions import among
from app.subscriptions.subscribing import mail_of
from app.vault.digests import digest, index_key
from app.vault.sealing import NotOpened, Vault

# Opened at once; between two of them what visitors asked is done.
AT_ONCE = 500
# A server that says "later" is asked again after these, then no more for this letter.
WAITS = tuple(timedelta(minutes=each) for each in (5, 30, 120, 480, 1440))
# So often in a row a mailbox is refused for good before it is written to no more.
MOST_REFUSALS = 2
MARK_BYTES = 16
FORGOTTEN_AFTER = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody whom a letter is to be sent to."""

    id: UUID
    mail: str


@dataclass(frozen=True, slots=True)
class Going:
    """What is known of a mail as it leaves. version: of all that is public, at this moment."""

    mark: str
    link_only: bool
    version: UUID


# The one before is done, and this one begins: one statement, and one wait for the disk. It begins
# for nobody who asked something by a link meanwhile, and of no letter that readers lost.
BEGIN = """
WITH before AS (
    UPDATE letter_mail SET status = 'gone'
    WHERE letter_id = $1::uuid AND subscriber_id = $2::uuid AND status = 'going'
)
UPDATE letter_mail m SET status = 'going', tries = m.tries + 1
FROM letter_subscriber s
WHERE m.letter_id = $1::uuid AND m.subscriber_id = $3::uuid AND m.status = 'queued'
    AND s.id = m.subscriber_id AND s.confirmed_at IS NOT NULL AND s.suspended_at IS NULL
    AND NOT EXISTS (SELECT FROM mail_act a WHERE a.subject = s.id)
    AND EXISTS (SELECT FROM letter_issue i WHERE i.id = m.letter_id)
RETURNING encode(m.mark, 'hex'), s.link_only,
    (SELECT version FROM territory_version WHERE territory_code = '')
"""


def to_send(session: Session) -> list[Letter]:
    """Return the letters that were approved and have not gone to all yet."""
    asked = select(Letter).join(LetterIssue, LetterIssue.id == Letter.id)
    return list(session.scalars(asked.where(Letter.status == "going").order_by(Letter.month)))


def queue(session: Session, vault: Vault, letter: UUID, now: datetime, today: date) -> None:
    """Note to whom a letter goes, once: who has it, and whoever wants one in a quarter if it is."""
    row = session.get_one(Letter, letter, with_for_update=True)
    if row.queued_at is not None:
        return
    s = LetterSubscriber
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    due = or_(s.rhythm == "each", s.sent_on.is_(None), s.sent_on < quarter)
    asked = select(s.id).where(s.confirmed_at.is_not(None), s.suspended_at.is_(None), due)
    ids = session.scalars(asked).all()
    key = index_key(session, vault)
    marks = [digest(key, "letter mail", f"{letter}/{each}")[:MARK_BYTES] for each in ids]
    pairs = func.unnest(literal(ids, ARRAY(Uuid)), literal(marks, ARRAY(LargeBinary)))
    given = pairs.table_valued("subscriber_id", "mark").render_derived()
    columns = (literal(letter, Uuid), given.c.subscriber_id, given.c.mark, literal(now))
    names = ["letter_id", "subscriber_id", "mark", "due_at"]
    rows = insert(LetterMail).from_select(names, select(*columns))
    session.execute(rows.on_conflict_do_nothing())
    row.queued_at = now
    _forgive(session, letter)


def _forgive(session: Session, letter: UUID) -> None:
    """Count anew for those whose last letter was taken and did not come back until this one."""
    m, s = LetterMail, LetterSubscriber
    before = select(m.status).join(Letter, Letter.id == m.letter_id)
    own = before.where(m.subscriber_id == s.id, m.letter_id != letter)
    last = own.order_by(Letter.queued_at.desc()).limit(1).correlate(s).scalar_subquery()
    session.execute(update(s).where(s.refusals > 0, last == "gone").values(refusals=0))


def leave_in_doubt(session: Session, letter: UUID) -> int:
    """Say of what was being handed over, as a process was killed, that nobody knows; return how
    many that is.
    """
    was = (LetterMail.letter_id == letter, LetterMail.status == "going")
    doubtful = update(LetterMail).where(*was).values(status="doubt")
    return len(session.scalars(doubtful.returning(LetterMail.subscriber_id)).all())


def next_ones(
    session: Session, vault: Vault, letter: UUID, now: datetime, skipped: Sequence[UUID]
) -> tuple[list[Recipient], list[UUID]]:
    """Return some to whom a letter is to be sent, but those who wait for what they asked; and of
    whom the address does not open.
    """
    m, s = LetterMail, LetterSubscriber
    due = (m.letter_id == letter, m.status == "queued", m.due_at <= now)
    asked = select(s).join(m, m.subscriber_id == s.id).where(*due, ~among(s.id, skipped))
    rows = session.scalars(asked.order_by(s.id).limit(AT_ONCE)).all()
    found, unopened = [], []
    for row in rows:
        try:
            found.append(Recipient(row.id, mail_of(vault, row)))
        except NotOpened:
            unopened.append(row.id)
    return found, unopened


def version_now(session: Session) -> UUID:
    """Return the version of all that is public, as a session on one snapshot reads it."""
    of_france = TerritoryVersion.territory_code == ""
    return session.scalars(select(TerritoryVersion.version).where(of_france)).one()


def ask_to_start(steps: Ahead, letter: UUID, former: UUID | None, subscriber: UUID) -> None:
    """Have marked that a mail is handed over, and the one before as done. steps: of BEGIN."""
    steps.ask(str(letter), None if former is None else str(former), str(subscriber))


def started(steps: Ahead) -> Going | None:
    """Return what is known of the mail that was asked for, None where it may not leave."""
    row = steps.row()
    return None if row is None else Going(row[0], row[1] == "t", UUID(row[2]))


def note(session: Session, letter: UUID, subscriber: UUID, became: MailStatus) -> None:
    """Say what became of a mail that was handed over, or was not."""
    m = LetterMail
    own = (m.letter_id == letter, m.subscriber_id == subscriber)
    # What no server was told was no try.
    tries = m.tries - 1 if became == "queued" else m.tries
    session.execute(update(m).where(*own).values(status=became, tries=tries))


def note_later(session: Session, letter: UUID, subscriber: UUID, now: datetime) -> None:
    """Try a mail again in a while, longer each time, or no more."""
    row = session.get_one(LetterMail, (letter, subscriber), with_for_update=True)
    _wait(row, now)


def step_back(session: Session, letter: UUID, subscribers: Collection[UUID], now: datetime) -> None:
    """Try those whose address did not open likewise."""
    m = LetterMail
    own = (m.letter_id == letter, m.status == "queued", among(m.subscriber_id, subscribers))
    asked = select(m).where(*own).order_by(m.subscriber_id).with_for_update()
    for row in session.scalars(asked):
        row.tries += 1
        _wait(row, now)


def _wait(row: LetterMail, now: datetime) -> None:
    if row.tries > len(WAITS):
        row.status = "refused"
    else:
        row.status, row.due_at = "queued", now + WAITS[row.tries - 1]


def note_refused(session: Session, subscriber: UUID, now: datetime) -> None:
    """Count that a mailbox was refused for good, and write to it no more after some in a row."""
    row = session.get(LetterSubscriber, subscriber, with_for_update=True)
    if row is None:
        return
    row.refusals += 1
    if row.refusals >= MOST_REFUSALS and row.suspended_at is None:
        row.suspended_at = now


def note_sent(session: Session, letter: UUID, today: date) -> None:
    """Say of those who were sent a letter when that was, once; of a killed process the next one."""
    m, s = LetterMail, LetterSubscriber
    gone = select(m.subscriber_id).where(m.letter_id == letter, m.status == "gone")
    queued = select(Letter.queued_at).where(Letter.id == letter).scalar_subquery()
    unsaid = or_(s.sent_on.is_(None), s.sent_on < func.date(queued))
    # In one order, as whoever changes several of them.
    some = select(s.id).where(s.id.in_(gone), unsaid).order_by(s.id).with_for_update()
    session.execute(update(s).where(s.id.in_(some)).values(sent_on=today))


def end(session: Session, letter: UUID, now: datetime) -> bool:
    """Say that a letter has gone to all, once none is left; return whether it has."""
    row = session.get_one(Letter, letter, with_for_update=True)
    m, s = LetterMail, LetterSubscriber
    # Who left since, or is written to no more, is owed none.
    owed = select(s.id).where(s.confirmed_at.is_not(None), s.suspended_at.is_(None))
    waits = (m.letter_id == letter, m.status == "queued")
    session.execute(delete(m).where(*waits, m.subscriber_id.not_in(owed)))
    left = select(m.subscriber_id).where(m.letter_id == letter, m.status.in_(("queued", "going")))
    if row.status != "going" or session.scalar(left.limit(1)) is not None:
        return False
    row.status, row.ended_at = "sent", now
    return True


def forget_old(session: Session, now: datetime) -> None:
    """Forget to whom letters went, once no server gives them back any more."""
    over = select(Letter.id).where(Letter.ended_at < now - FORGOTTEN_AFTER)
    session.execute(delete(LetterMail).where(LetterMail.letter_id.in_(over)))


def note_bounced(session: Session, mark: bytes, now: datetime) -> UUID | None:
    """Note that a mail that a server took came back for good; return whose it was, for once.

    None of a mail that we did not send, or that is known to have come back.
    """
    m = LetterMail
    taken = (m.mark == mark, m.status.in_(("gone", "doubt")))
    came = update(m).where(*taken).values(status="refused")
    subscriber = session.scalar(came.returning(m.subscriber_id))
    if subscriber is not None:
        note_refused(session, subscriber, now)
    return subscriber


def is_suspended(session: Session, subscriber: UUID) -> bool:
    """Say whether somebody is written to no more."""
    asked = select(LetterSubscriber.suspended_at).where(LetterSubscriber.id == subscriber)
    return session.scalar(asked) is not None
