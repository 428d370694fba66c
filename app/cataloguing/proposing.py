"""Links that visitors propose: a curateur makes a draft of one, or leaves it."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from app.audit.journal import Author
from app.cataloguing.duplicates import Index
from app.cataloguing.import_plan import Twin
from app.cataloguing.known import known_resources, untold
from app.cataloguing.publishing import NotYourDecision
from app.cataloguing.secrecy import masked_titles
from app.cataloguing.versions import Saved, save
from app.errors import Mesure23Error
from app.models import ResourceProposal
from app.records.opening import is_resource_open
from app.records.undoing import UNDONE_WITHIN
from app.reports.receiving import LINKS
from app.resources.content import Content
from app.vault.sealing import Vault
from app.visibility import Viewer

COLUMN = "content"
# On one page.
MOST = 50
# Six months after the decision.
DECIDED_FOR = timedelta(days=183)


class ProposalDecided(Mesure23Error):
    """Cette proposition n’attend plus : quelqu’un en a décidé."""

    status = 404
    title = "Déjà décidé"
    advice = "Rouvrez la liste des liens proposés."


class ProposalMasked(Mesure23Error):
    """Cette proposition nomme un lieu ou un contact caché, et vous ne l’avez pas lue."""

    status = 409
    title = "À lire d’abord"
    advice = "Lisez-la dans la liste des liens proposés, puis faites-en un brouillon."


class RefusalStands(Mesure23Error):
    """Cette proposition reste écartée."""

    status = 409
    title = "Décision gardée"
    advice = "Une décision s’annule dans l’heure, par qui l’a prise."


class LinkUnusable(Mesure23Error):
    """Cette adresse ne mène pas à une page du web : elle ne devient pas une ressource."""

    status = 409
    title = "Adresse inutilisable"
    advice = "Cherchez la page vous-même, écrivez la ressource, puis écartez cette proposition."


@dataclass(frozen=True, slots=True)
class Proposed:
    """A link that waits. twins: resources that it is, or may be; is_page: of the web.

    is_masked: it names somebody hidden, and nothing of it is shown before somebody opens it.
    """

    id: UUID
    received_at: datetime
    url: str
    title: str
    why: str
    twins: tuple[Twin, ...] = ()
    is_page: bool = True
    is_masked: bool = False


def counting() -> Select[int]:
    """Return the query of how many links wait for a curateur."""
    waits = ResourceProposal.decided_at.is_(None)
    return select(func.count()).select_from(ResourceProposal).where(waits)


def count(session: Session) -> int:
    """Return how many links wait for a curateur."""
    return session.scalars(counting()).one()


def waiting(
    session: Session, vault: Vault, viewer: Viewer, who: str, now: datetime
) -> list[Proposed]:
    """Return the links that wait for somebody, the oldest first, as many as a page shows.

    Raises NotYourDecision.
    """
    if not viewer.publishes_resources:
        raise NotYourDecision
    rows = (
        select(ResourceProposal)
        .where(ResourceProposal.decided_at.is_(None))
        .order_by(ResourceProposal.received_at, ResourceProposal.id)
        .limit(MOST)
    )
    found = session.scalars(rows).all()
    said = {row.id: vault.open_json(LINKS, row.id, COLUMN, row.content) for row in found}
    masked = _masked(session, vault, who, said, now)
    known = list(known_resources(session, vault)) if found else []
    index = Index()
    for each in known:
        index.add(each)
    shown = [
        Proposed(row.id, row.received_at, "", "", "", is_masked=True)
        if row.id in masked
        else _open(row, said[row.id], index)
        for row in found
    ]
    untitled = untold(session, vault, who, known, (twin for each in shown for twin in each.twins))
    return [replace(each, twins=_without(each.twins, untitled)) for each in shown]


def check_waits(session: Session, viewer: Viewer, proposal_id: UUID) -> None:
    """Raise NotYourDecision, or ProposalDecided where a link waits no more."""
    _to_decide(session, viewer, proposal_id)


def accept(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    proposal_id: UUID,
    now: datetime,
) -> Saved:
    """Make a draft of a link, which its curateur completes; why is the note of its first version.

    Raises NotYourDecision, ProposalDecided, ProposalMasked or LinkUnusable.
    """
    row = _to_decide(session, viewer, proposal_id)
    said = vault.open_json(LINKS, row.id, COLUMN, row.content)
    if _masked(session, vault, author.who, {row.id: said}, now):
        # Whoever writes a version reads it from now on.
        raise ProposalMasked
    try:
        content = _content(said["url"], said["title"])
    except ValidationError:
        raise LinkUnusable from None
    note = " · ".join(filter(None, ("proposé par un visiteur", said["why"])))
    saved = save(session, vault, author, None, content, now, note=note)
    row.resource_id = saved.id
    _decide(row, author, now, accepted=True)
    return saved


def refuse(
    session: Session, viewer: Viewer, author: Author, proposal_id: UUID, now: datetime
) -> None:
    """Leave a link; raise NotYourDecision or ProposalDecided."""
    _decide(_to_decide(session, viewer, proposal_id), author, now, accepted=False)


def is_undone_by(session: Session, author: Author, proposal_id: UUID, now: datetime) -> bool:
    """Say whether somebody may let a link wait again that they left, as undo_refusal() does."""
    return session.scalar(_left_by(author, proposal_id, now)) is not None


def undo_refusal(
    session: Session, viewer: Viewer, author: Author, proposal_id: UUID, now: datetime
) -> None:
    """Let a link wait again that its author left within the hour.

    Raises NotYourDecision or RefusalStands.
    """
    if not viewer.publishes_resources:
        raise NotYourDecision
    row = session.scalar(_left_by(author, proposal_id, now).with_for_update())
    if row is None:
        raise RefusalStands
    row.decided_at = row.accepted = row.who = None


def _left_by(author: Author, proposal_id: UUID, now: datetime) -> Select[ResourceProposal]:
    """Return the statement that finds a link which its author left within the hour."""
    by_them = (ResourceProposal.who == author.who, ResourceProposal.accepted.is_(False))
    lately = ResourceProposal.decided_at > now - UNDONE_WITHIN
    return select(ResourceProposal).where(ResourceProposal.id == proposal_id, *by_them, lately)


def forget_decided(session: Session, now: datetime) -> None:
    """Delete what was decided half a year ago."""
    old = ResourceProposal.decided_at < now - DECIDED_FOR
    session.execute(delete(ResourceProposal).where(old))


def _to_decide(session: Session, viewer: Viewer, proposal_id: UUID) -> ResourceProposal:
    if not viewer.publishes_resources:
        raise NotYourDecision
    row = session.get(ResourceProposal, proposal_id, with_for_update=True, populate_existing=True)
    if row is None or row.decided_at is not None:
        raise ProposalDecided
    return row


def _decide(row: ResourceProposal, author: Author, now: datetime, *, accepted: bool) -> None:
    row.decided_at, row.accepted, row.who = now, accepted, author.who


def _content(url: str, title: str) -> Content:
    given = {"own": {"form": "document"}, "type": "page", "title": title, "url": url}
    return Content.model_validate(given)


def _masked(
    session: Session, vault: Vault, who: str, said: Mapping[UUID, Mapping[str, str]], now: datetime
) -> set[UUID]:
    """Return which of some links name somebody hidden, and are not open for somebody."""
    texts = {str(each): "\n".join(words.values()) for each, words in said.items()}
    named = masked_titles(session, vault, texts)
    found = [each for each in said if str(each) in named]
    return {each for each in found if not is_resource_open(session, who, each, now)}


def _without(twins: Iterable[Twin], untitled: Container[str]) -> tuple[Twin, ...]:
    return tuple(each for each in twins if each.public_id not in untitled)


def _open(row: ResourceProposal, said: Mapping[str, str], index: Index) -> Proposed:
    given = (row.id, row.received_at, said["url"], said["title"], said["why"])
    try:
        found = index.find(_content(said["url"], said["title"]))
    except ValidationError:
        return Proposed(*given, is_page=False)
    return Proposed(*given, (*found.sure, *found.close))
