"""An establishment that the State says to be closed: a person archives it, or opens it again.

Within the caller's transaction, which is the caller's to commit.
"""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.gazetteer.load import cached_gazetteer
from app.models import Proposal
from app.platform.database.sessions import IMPORT_LOCK, hold
from app.records.acts import RANK_OF_STAFF
from app.records.history import History
from app.records.proposals import ProposalUnknown, decide, wait_again
from app.records.record import Origin
from app.records.restoring import ChangedMeanwhile
from app.records.writing import Writer
from app.vault.digests import index_key
from app.vault.sealing import Vault
from geo.zones import paris_day


def archive(session: Session, vault: Vault, proposal_id: UUID, *, who: str) -> str:
    """Archive the actor of a closure; return its name. Raises ProposalUnknown."""
    hold(session, IMPORT_LOCK)
    name = _write(session, vault, proposal_id, who, closed=True)
    decide(session, proposal_id, accepted=True, who=who)
    return name


def reopen(session: Session, vault: Vault, proposal_id: UUID, *, who: str) -> str:
    """Take back an archiving: the actor is public again, and the closure waits anew.

    Raises ProposalUnknown, or ChangedMeanwhile where something hides the actor since.
    """
    hold(session, IMPORT_LOCK)
    name = _write(session, vault, proposal_id, who, closed=False)
    wait_again(session, proposal_id)
    return name


def ended(detail: Mapping[str, str | None]) -> str:
    """Say in French what the State says of an establishment, as a proposal holds it.

    Who took over is named by its number alone: of another body, it is no move.
    """
    siret, follower = detail["siret"] or "", detail["moved_to"]
    closed = f"fermé{_on(' depuis le', detail['closed_on'])}"
    if not follower:
        return closed
    how = "déménagé" if follower[:9] == siret[:9] else "repris par un autre organisme"
    # Proposals of former versions have no day of it.
    return f"{closed}, {how}{_on(' le', detail.get('moved_on'))} : SIRET {follower}"


def _on(before: str, day: str | None) -> str:
    return f"{before} {date.fromisoformat(day):%d/%m/%Y}" if day else ""


def _write(session: Session, vault: Vault, proposal_id: UUID, who: str, *, closed: bool) -> str:
    accepted = Proposal.decided_at.is_(None) if closed else Proposal.accepted.is_(True)
    actor = session.scalar(
        select(Proposal.actor_id).where(
            Proposal.id == proposal_id, Proposal.about == "closed", accepted
        )
    )
    if actor is None:
        raise ProposalUnknown
    writer = Writer(
        session, vault, index_key(session, vault), cached_gazetteer(session.connection())
    )
    (edit,) = writer.stored([actor]).values()
    if not closed and (edit.level is not None or edit.record.status != "archived"):
        raise ChangedMeanwhile
    today = paris_day()
    origin = Origin(source="staff", day=today, rank=RANK_OF_STAFF)
    edit.change("status", "archived" if closed else "published", origin)
    edit.act, edit.why = ("archive" if closed else "reopen"), {"proposal": str(proposal_id)}
    writer.settle({actor: edit}, History(session, vault, who, "edit"))
    return edit.record.name
