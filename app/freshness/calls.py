"""Whom to call whether their sheet is still right: the riskiest first, and what came of a call."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select, true
from sqlalchemy.orm import Session

from app.accounts.people import writer_of
from app.audit.actions import Action
from app.audit.journal import Author, add
from app.errors import Mesure23Error
from app.freshness.aloud import Aloud, aloud, withheld
from app.freshness.asking import AHEAD
from app.gazetteer.load import cached_gazetteer
from app.models import Actor, ActorCall, ActorProtected, ActorQuestion, Report, Role
from app.models.call import Result
from app.platform.database.sessions import IMPORT_LOCK, among, hold
from app.records.correcting import read_to_correct
from app.records.many import do, said_right, verify_as
from app.records.opening import open_ones
from app.records.sealed import origins_of
from app.records.sheets import is_protected
from app.records.undoing import UNDONE_WITHIN, is_latest, latest
from app.records.undoing import undo as take_back
from app.records.viewing import see_these
from app.reports.receiving import report_of
from app.reports.waiting import theirs
from app.search.conditions import always_open, has_one_of, is_one_of
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.zones import paris_day
from importers import vocabulary

# Who has one of these, or answers day and night, is called by somebody who cannot wait.
URGENT = ("signalement", "enquete", "audition", "hebergement")
# Days until the next call, after one, two, three calls in a row that nobody took.
SILENT = (1, 3, 7, 30)
# Until somebody has found another number.
WRONG = 7
# On one page.
MOST = 50
FORGOTTEN_AFTER = timedelta(days=3 * 365)
BY_CALL = verify_as("call", "dit au téléphone")
# What a call came to, in words.
WORDS: Mapping[Result, str] = {
    "right": "juste",
    "corrected": "corrigé",
    "silent": "sans réponse",
    "wrong": "numéro faux",
}


class CallUnknown(Mesure23Error):
    """Cet appel ne peut plus être annulé."""

    status = 404
    title = "Rien à annuler"
    advice = "Un appel s’annule dans l’heure, par qui l’a noté. Corrigez sinon la fiche."


class NotedAlready(Mesure23Error):
    """{who} a déjà noté cet appel : « {what} ». C’est ce qui reste, rien n’est noté de plus."""

    status = 409
    title = "Déjà noté"
    advice = (
        "Revenez à Appels à passer. Si vous avez entendu autre chose, dites-le à cette personne,"
        " ou corrigez la fiche."
    )


class NotVerified(Mesure23Error):
    """Rien n’est noté : cette fiche a été archivée, et personne ne la vérifie plus."""

    status = 409
    title = "Fiche archivée"
    advice = "S’il répond toujours, rétablissez par son historique une version d’avant, puis notez."


@dataclass(frozen=True, slots=True)
class ToCall:
    """An actor to call. name: the true one; aloud: what is read to who answers, none as long as it
    is masked.

    withheld: whether it has phones that are not public: who reads them on its sheet is noted.
    unreached: why a mail does not reach it, "" where one may.
    """

    public_id: str
    name: str
    territory: str
    due_on: date
    is_protected: bool
    is_masked: bool
    aloud: Aloud | None
    withheld: bool
    urgent: bool
    unreached: str
    last: tuple[Result, datetime] | None


def counting_to_call(viewer: Viewer, today: date, territory: str = "") -> Select[*tuple[Any, ...]]:
    """Return the statement that counts whom a viewer is to call."""
    return _due(select(func.count()), viewer, today, territory)


def to_call(
    session: Session, vault: Vault, viewer: Viewer, who: str, now: datetime, territory: str = ""
) -> list[ToCall]:
    """Return whom a viewer is to call, the riskiest first; who: as the journal names them."""
    today = paris_day(now)
    columns = (
        ActorProtected.actor_id,
        ActorProtected.due_on,
        Actor.public_id,
        Actor.territory_code,
        _is_urgent().label("urgent"),
        _unreached().label("unreached"),
    )
    order = (
        _is_urgent().desc(),
        _unreached().is_not(None).desc(),
        ActorProtected.due_on,
        Actor.public_id,
    )
    asked = _due(select(*columns), viewer, today, territory).order_by(*order).limit(MOST)
    rows = session.execute(asked).all()
    seen = see_these(session, vault, viewer, {row.actor_id for row in rows})
    origins, gazetteer = origins_of(session, vault, seen), cached_gazetteer(session.connection())
    opened, last = open_ones(session, who, now), _last(session, [row.actor_id for row in rows])
    found = []
    for row in rows:
        if (one := seen.get(row.actor_id)) is None:
            continue
        record = one.record
        hidden = is_protected(one.level, record.status)
        masked = hidden and row.actor_id not in opened
        found.append(
            ToCall(
                row.public_id,
                record.name,
                row.territory_code,
                row.due_on,
                hidden,
                masked,
                None if masked else aloud(record, origins.get(row.actor_id, {}), gazetteer),
                bool(withheld(record)),
                row.urgent,
                row.unreached or "",
                last.get(row.actor_id),
            )
        )
    return found


def note(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    public_id: str,
    result: Result,
    now: datetime,
) -> UUID:
    """Note what came of a call, and return by which id it is taken back; noted twice it is one.

    Raises ActorUnknown, NotYours, Masked, NotVerified or NotedAlready.
    """
    # Before it is read: its address changes where somebody hides it.
    hold(session, IMPORT_LOCK)
    sheet = read_to_correct(session, vault, viewer, author.who, public_id, now)
    today, noted = paris_day(now), _noted(session, sheet.actor_id, now)
    # Who reaches somebody says more than who did not.
    if noted and noted.who != author.who and (noted.result != "silent" or result == "silent"):
        raise NotedAlready(who=writer_of(vault, session, noted.who), what=WORDS[noted.result])
    if noted and noted.who == author.who and noted.result == result:
        return noted.id
    call = ActorCall(actor_id=sheet.actor_id, at=now, who=author.who, result=result)
    if result == "right":
        done = do(session, vault, viewer, author, [public_id], BY_CALL, today=today)
        if not said_right(done):
            raise NotVerified
        call.batch_id = done.batch
    elif result == "corrected":
        # By the form that was saved a moment ago: both are taken back together.
        if sheet.record is None or sheet.record.verified_on != today:
            raise NotVerified
        saved = latest(session, vault, author, sheet.actor_id)
        call.batch_id = saved.batch if saved else None
    elif result == "silent":
        tries = _silent_in_a_row(session, sheet.actor_id)
        call.next_on = today + timedelta(days=SILENT[min(tries, len(SILENT) - 1)])
    else:
        actor = session.get_one(Actor, sheet.actor_id)
        call.report_id = report_of(session, vault, actor, "phone", "", now)
        call.next_on = today + timedelta(days=WRONG)
    session.add(call)
    session.flush()
    add(session, vault, author, Action.CALLED, str(sheet.actor_id), {"réponse": result})
    return call.id


def next_day(session: Session, call_id: UUID, who: str) -> date | None:
    """Return from when on an actor is called again, after a call that somebody noted."""
    noted = (ActorCall.id == call_id, ActorCall.who == who)
    return session.scalar(select(ActorCall.next_on).where(*noted))


def may_be_undone(
    session: Session, vault: Vault, author: Author, call_id: UUID, now: datetime
) -> bool:
    """Say whether a call can be taken back by its author, as undo does."""
    call = session.scalars(_mine(author, call_id, now)).one_or_none()
    if call is None or _last_id(session, call.actor_id) != call_id:
        return False
    if call.batch_id is None:
        return True
    return is_latest(session, vault, author, call.actor_id, call.batch_id)


def undo(
    session: Session, vault: Vault, viewer: Viewer, author: Author, call_id: UUID, now: datetime
) -> tuple[Result, str]:
    """Take back the last call to an actor, which its author noted within the hour, and what was
    corrected by it; return what it had come to, and the public id of who is to be called again,
    "" where the viewer calls them no more.

    Raises CallUnknown, also where its sheet was changed since.
    """
    # Before its row: whoever erases an actor takes its calls last.
    hold(session, IMPORT_LOCK)
    call = session.scalars(_mine(author, call_id, now).with_for_update()).one_or_none()
    if call is None or _last_id(session, call.actor_id) != call_id:
        raise CallUnknown
    batch = call.batch_id
    if batch and not take_back(session, vault, viewer, author, batch).done:
        raise CallUnknown
    if call.report_id is not None:
        waits = (Report.id == call.report_id, Report.decided_at.is_(None))
        session.execute(delete(Report).where(*waits))
    session.delete(call)
    add(session, vault, author, Action.CALLED, str(call.actor_id), {"réponse": "defaire"})
    session.flush()
    waits_again = _due(select(Actor.public_id), viewer, paris_day(now), "")
    again = session.scalars(waits_again.where(Actor.id == call.actor_id)).one_or_none()
    return call.result, again or ""


def _mine(author: Author, call_id: UUID, now: datetime) -> Select[ActorCall]:
    """Return the statement that finds a call which its author noted within the hour."""
    recent = ActorCall.at > now - UNDONE_WITHIN
    return select(ActorCall).where(ActorCall.id == call_id, ActorCall.who == author.who, recent)


def forget_old(session: Session, now: datetime) -> None:
    """Delete what came of calls long ago."""
    session.execute(delete(ActorCall).where(ActorCall.at < now - FORGOTTEN_AFTER))


def _due(
    asked: Select[*tuple[Any, ...]], viewer: Viewer, today: date, territory: str
) -> Select[*tuple[Any, ...]]:
    waits = exists().where(ActorCall.actor_id == Actor.id, ActorCall.next_on > today)
    soon = and_(ActorProtected.due_on <= today + AHEAD, _unreached().is_not(None))
    found = (
        asked.select_from(ActorProtected)
        .join(Actor, Actor.id == ActorProtected.actor_id)
        .where(
            Actor.status == "published",
            _theirs(viewer),
            or_(ActorProtected.due_on <= today, soon),
            ~waits,
        )
    )
    return found.where(Actor.territory_code == territory) if territory else found


def _theirs(viewer: Viewer) -> ColumnElement[bool]:
    """Return whom somebody calls: a référent du Département their hidden ones as well."""
    if viewer.role is Role.CURATEUR:
        return true()
    return viewer.worked_on() if viewer.role is Role.REFERENT_DEPARTEMENT else theirs(viewer)


def _is_urgent() -> ColumnElement[bool]:
    table, known = Actor.__table__, vocabulary.load().categories.values()
    # A list that says no missions leaves those of its category.
    categories = [each.code for each in known if not set(URGENT).isdisjoint(each.functions)]
    return or_(
        is_one_of(table.c.category, categories),
        has_one_of(table.c.functions, URGENT),
        always_open(table),
    )


def _unreached() -> ColumnElement[Any]:
    """Return why the mail of this term reached nobody, null where it may have."""
    of_term = (
        ActorQuestion.actor_id == ActorProtected.actor_id,
        ActorQuestion.due_on == ActorProtected.due_on,
        ActorQuestion.outcome.in_(("bounced", "unreachable")),
    )
    return select(ActorQuestion.outcome).where(*of_term).scalar_subquery()


def _last(session: Session, actors: Iterable[UUID]) -> dict[UUID, tuple[Result, datetime]]:
    """Return what came of the last call to each."""
    columns = (ActorCall.actor_id, ActorCall.result, ActorCall.at)
    found = select(*columns).where(among(ActorCall.actor_id, set(actors)))
    rows = session.execute(found.order_by(ActorCall.at, ActorCall.id))
    return {row.actor_id: (row.result, row.at) for row in rows}


def _last_id(session: Session, actor_id: UUID) -> UUID | None:
    of_actor = select(ActorCall.id).where(ActorCall.actor_id == actor_id)
    return session.scalar(of_actor.order_by(ActorCall.at.desc(), ActorCall.id.desc()).limit(1))


def _noted(session: Session, actor_id: UUID, now: datetime) -> ActorCall | None:
    """Return the last call that counts: until the next one, or for an hour."""
    just_now = and_(ActorCall.next_on.is_(None), ActorCall.at > now - UNDONE_WITHIN)
    counts = or_(ActorCall.next_on > paris_day(now), just_now)
    of_actor = select(ActorCall).where(ActorCall.actor_id == actor_id, counts)
    last = of_actor.order_by(ActorCall.at.desc(), ActorCall.id.desc())
    return session.scalars(last.limit(1)).one_or_none()


def _silent_in_a_row(session: Session, actor_id: UUID) -> int:
    """Return how many calls in a row nobody took, the last ones."""
    of_actor = select(ActorCall.result).where(ActorCall.actor_id == actor_id)
    tries = 0
    for result in session.scalars(of_actor.order_by(ActorCall.at.desc(), ActorCall.id.desc())):
        if result != "silent":
            break
        tries += 1
    return tries
