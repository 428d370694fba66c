"""What lets somebody in, or asks to be let in, is taken back again in a restored database.

Each returns of how much that was true; subjects: the ids that the register of withdrawals says.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.accounts.ending import end_sessions
from app.accounts.inviting import end_invitations
from app.audit.actions import Action
from app.audit.journal import Author, add
from app.embeds.stored import revoke
from app.models import (
    AccessRequest,
    Account,
    Actor,
    AgendaRegistration,
    Alert,
    CommitteeDecision,
    CommitteeMember,
    Confirmation,
    DepositLink,
    Embed,
    EmbedRevocation,
    Invitation,
    Letter,
    LetterMail,
    LetterSubscriber,
    MemberCalendar,
    MemberMessage,
    NetworkInvitation,
    NetworkMember,
    OperatorCode,
    Passkey,
    ProviderIdentity,
    ResourceCollection,
)
from app.network.inviting import refuse
from app.network.messages import block
from app.platform.database.sessions import among
from app.records.unannouncing import take_down
from app.records.unchosen import end_choices, note_ended
from app.records.unlettering import take_down_issues
from app.vault.sealing import Vault

Subjects = Collection[str]


def embeds(session: Session, vault: Vault, subjects: Subjects, who: str, *, why: str) -> int:
    """Show no embed any more that was revoked."""
    revoked = select(EmbedRevocation.embed_id)
    shown = select(Embed.id).where(among(Embed.id, subjects), Embed.id.not_in(revoked))
    found = session.scalars(shown).all()
    for each in found:
        revoke(session, vault, each, who=who, why=why)
    return len(found)


def links(session: Session, vault: Vault, subjects: Subjects, who: str) -> int:
    """End links of deposit that were ended."""
    now = datetime.now(UTC)
    is_open = (among(DepositLink.id, map(UUID, subjects)), DepositLink.ends_at > now)
    ended = update(DepositLink).where(*is_open).values(ends_at=now).returning(DepositLink.id)
    return len(session.scalars(ended).all())


def events(session: Session, vault: Vault, subjects: Subjects, who: str) -> int:
    """Show no event any more that was withdrawn, or that was cancelled or said otherwise since."""
    return len(take_down(session, [UUID(each) for each in subjects]))


def collections(session: Session, vault: Vault, subjects: Subjects, who: str) -> int:
    """Show no collection any more that was taken back, or said otherwise since."""
    row = ResourceCollection
    shown = update(row).where(among(row.place, map(int, subjects)), row.published)
    found = session.scalars(shown.values(published=False).returning(row.place)).all()
    for place in found:
        detail = {"quoi": "collection cachée après une restauration", "lequel": str(place)}
        add(session, vault, Author(who), Action.RESOURCE_ARRANGED, detail=detail)
    return len(found)


def codes(session: Session, vault: Vault, subjects: Subjects, who: str) -> int:
    """Delete codes of operators that were deleted."""
    return _delete(session, OperatorCode.id, subjects)


def requests(session: Session, vault: Vault, subjects: Subjects, who: str) -> int:
    """Leave nothing of requests for an access that were refused, or taken back."""
    return _delete(session, AccessRequest.id, subjects)


def registrations(session: Session, vault: Vault, subjects: Subjects, who: str) -> int:
    """Leave nothing of who comes to events no more."""
    return _delete(session, AgendaRegistration.id, subjects)


def letters(session: Session, vault: Vault, subjects: Subjects, who: str) -> int:
    """Show no letter any more, nor send it, that was withdrawn."""
    return take_down_issues(session, map(UUID, subjects))


def subscribers(session: Session, vault: Vault, subjects: Subjects, who: str) -> int:
    """Write to nobody any more who left the letter."""
    return _delete(session, LetterSubscriber.id, subjects)


def alerts(session: Session, vault: Vault, subjects: Subjects, who: str) -> int:
    """Tell nobody any more of searches that they gave up."""
    return _delete(session, Alert.id, subjects)


def calendars(session: Session, vault: Vault, subjects: Subjects, who: str) -> int:
    """Let no program read a member's calendar by an address that was given up."""
    return _delete(session, MemberCalendar.id, subjects)


def members(session: Session, vault: Vault, subjects: Subjects, who: str) -> int:
    """Leave nothing of members who left, or who said more, or to more, than they did since.

    They accept the charter again, and write what they say anew. An excluded one stays so.
    """
    row = NetworkMember
    theirs = (among(row.account_id, map(UUID, subjects)), row.charter_on.is_not(None))
    gone = update(row).where(*theirs).values(charter_on=None, accepted_at=None, profile=None)
    return len(session.scalars(gone.returning(row.account_id)).all())


def excluded(session: Session, vault: Vault, subjects: Subjects, who: str) -> int:
    """Exclude from the network again whoever was."""
    row = NetworkMember
    theirs = (among(row.account_id, map(UUID, subjects)), row.blocked_at.is_(None))
    again = update(row).where(*theirs).values(blocked_at=datetime.now(UTC))
    return len(session.scalars(again.returning(row.account_id)).all())


def blocks(session: Session, vault: Vault, subjects: Subjects, who: str) -> int:
    """Send nobody again what somebody writes whom they blocked; they may unblock them anew."""
    pairs = [tuple(map(UUID, each.split())) for each in subjects]
    known = set(session.scalars(select(Account.id).where(among(Account.id, sum(pairs, ())))))
    now = datetime.now(UTC)
    found = [(one, other) for one, other in pairs if {one, other} <= known]
    for one, other in found:
        block(session, one, other, now)
    return len(found)


def end_messages(session: Session) -> None:
    """Send nothing that waited as a backup was made: it may have left since."""
    never = {"state": "never", "content": None, "at": datetime.now(UTC)}
    for row in (MemberMessage, NetworkInvitation):
        session.execute(update(row).where(row.state.in_(("waits", "going"))).values(never))
    # A letter that was on its way is over: nobody has it twice, and who has it is in doubt.
    unsent = LetterMail.status.in_(("queued", "going"))
    session.execute(update(LetterMail).where(unsent).values(status="doubt"))
    over = {"status": "sent", "ended_at": never["at"]}
    session.execute(update(Letter).where(Letter.status == "going").values(over))


def end_links(session: Session, now: datetime) -> None:
    """Let nobody choose how to sign in, nor answer for an account, by a link of a mail: it may have
    been used since, or ended since it went to somebody else.
    """
    for row in (Invitation, Confirmation):
        session.execute(update(row).where(row.used_at.is_(None)).values(used_at=now))


def uninvited(session: Session, vault: Vault, subjects: Subjects, who: str) -> int:
    """Invite nobody again who wants no invitation."""
    return sum(refuse(session, UUID(each), datetime.now(UTC)) for each in subjects)


def seats(session: Session, vault: Vault, subjects: Subjects, who: str) -> int:
    """Let nobody into the place of a CDLP who left it, or whose invitation was taken back."""
    return _delete(session, CommitteeMember.id, subjects)


def decisions(session: Session, vault: Vault, subjects: Subjects, who: str) -> int:
    """Leave nothing of decisions of a CDLP that were erased."""
    return _delete(session, CommitteeDecision.id, subjects)


def passkeys(session: Session, vault: Vault, subjects: Subjects, who: str) -> int:
    """Let nobody in by passkeys that were taken away."""
    return _delete(session, Passkey.id, subjects)


def identities(session: Session, vault: Vault, subjects: Subjects, who: str) -> int:
    """Let a provider vouch for nobody of accounts that were tied to it no more, or anew since."""
    return _delete(session, ProviderIdentity.account_id, subjects)


def accounts(session: Session, vault: Vault, subjects: Subjects, who: str) -> int:
    """Let nobody in by an account that was disabled, the last administrateur's too."""
    now = datetime.now(UTC)
    usable = (among(Account.id, map(UUID, subjects)), Account.disabled_at.is_(None))
    found = session.scalars(select(Account).where(*usable).with_for_update()).all()
    for each in found:
        each.disabled_at = now
        end_invitations(session, each.id, now)
        end_sessions(session, each.id, now)
        add(session, vault, Author(who), Action.DISABLED, str(each.id))
    return len(found)


def choices(session: Session, vault: Vault, subjects: Subjects, who: str) -> int:
    """Tell professionals nothing of a place until its operator, or a person, chooses anew."""
    known = session.scalars(select(Actor.id).where(among(Actor.id, map(UUID, subjects)))).all()
    ended = end_choices(session, known)
    note_ended(session, vault, Author(who), ended, "restored")
    return len(ended)


def _delete(session: Session, column: InstrumentedAttribute[UUID], subjects: Subjects) -> int:
    """Delete the rows that have some ids; return how many were there."""
    gone = delete(column.class_).where(among(column, map(UUID, subjects))).returning(column)
    return len(session.scalars(gone).all())
