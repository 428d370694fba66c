"""What becomes of a report: taken as it is, said to be corrected, or refused; then answered."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author, add
from app.errors import Mesure23Error
from app.gazetteer.load import cached_gazetteer
from app.models import Actor, Report, Revision
from app.models.job import Job
from app.models.report import Wrong
from app.platform.database.sessions import IMPORT_LOCK, hold
from app.platform.queue.deferring import defer
from app.records.correcting import Masked, Outdated, Wish, read_to_correct, save
from app.records.many import ARCHIVE, do
from app.records.sheets import Sheet
from app.records.undoing import UNDONE_WITHIN, is_latest, latest
from app.records.undoing import undo as take_back
from app.reports.receiving import COLUMN, TABLE
from app.reports.taking import Taken, may_take, take
from app.reports.waiting import UNREAD_CONTENT, content_of, find, is_own, said_in
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.zones import paris_day

# Six months after the decision.
DECIDED_FOR = timedelta(days=183)
WHY = "Signalé par un visiteur de la carte."
WHY_OWN = "Dit par l’acteur lui-même, par le lien de son courriel."


class ReportUnknown(Mesure23Error):
    """Ce signalement n’attend plus de réponse : quelqu’un en a peut-être déjà décidé."""

    status = 404
    title = "Signalement décidé"
    advice = "Revenez à la page des signalements."


class NotTaken(Mesure23Error):
    """Ce qui est signalé ne peut plus être repris tel quel."""

    status = 409
    title = "À corriger à la main"
    advice = "Ouvrez le formulaire de la fiche, puis revenez dire que c’est corrigé."


class WouldHide(Mesure23Error):
    """Rien n’est écrit : la carte en montrerait moins, et qui a écrit ce signalement le verrait."""

    status = 409
    title = "À décider dans le formulaire"
    advice = "Vérifiez par un appel. Si c’est juste, ouvrez le formulaire de la fiche."


class NotTakenBack(Mesure23Error):
    """Cette décision ne peut plus être annulée."""

    status = 409
    title = "Décision gardée"
    advice = (
        "Une décision s’annule dans l’heure, par qui l’a prise, si personne n’a changé la fiche."
    )


@dataclass(frozen=True, slots=True)
class Decided:
    """What an answer is made of. actor: the public id from which its sender came."""

    actor: str
    mail: str
    accepted: bool


def accept(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    report_id: UUID,
    based_on: int,
    now: datetime,
) -> Wrong:
    """Save what would be right as the form of the desk does, or archive who closed; return what was
    wrong. What it raises is the caller's to say.

    based_on: the version of the sheet beside which it was read. Raises ReportUnknown, NotTaken, or
    WouldHide: anybody may have proposed it, and would learn what is hidden by what disappears.
    """
    # Before its row: whoever joins or erases actors writes their reports last.
    hold(session, IMPORT_LOCK)
    report = _find(session, viewer, report_id)
    public_id = session.scalar(select(Actor.public_id).where(Actor.id == report.actor_id))
    if public_id is None:
        raise NotTaken
    sheet = read_to_correct(session, vault, viewer, author.who, public_id, now)
    if sheet.record is None:
        raise Masked
    gazetteer, said = cached_gazetteer(session.connection()), content_of(vault, report)
    given = (sheet.record, sheet.level, gazetteer, report.wrong, said["right"])
    taken = take(*given, paris_day(now)) if may_take(viewer, report.wrong) else None
    if taken is None:
        raise NotTaken
    of = (session, vault, viewer, author, sheet, based_on)
    if report.wrong == "closed":
        _archive(*of, WHY_OWN if is_own(said) else WHY, paris_day(now))
    else:
        _correct(*of, taken, now, wrong=report.wrong, own=is_own(said))
    done = latest(session, vault, author, sheet.actor_id)
    if done and _touches_others(session, done.batch, sheet.actor_id):
        raise WouldHide
    _tie(session, vault, author, report)
    _decide(session, vault, author, report, now, "prendre")
    return report.wrong


def _archive(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    sheet: Sheet,
    based_on: int,
    why: str,
    today: date,
) -> None:
    """Archive an actor that closed, as it was read; raise Outdated or NotTaken."""
    deed, read = replace(ARCHIVE, why=why), {sheet.public_id: based_on}
    given = (session, vault, viewer, author, [sheet.public_id], deed)
    done = do(*given, read=read, today=today)
    if done.reread:
        raise Outdated
    if not done.done:
        raise NotTaken


def _correct(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    sheet: Sheet,
    based_on: int,
    taken: Taken,
    now: datetime,
    *,
    wrong: Wrong,
    own: bool,
) -> None:
    """Save what would be right; raise WouldHide where visitors would read less of it."""
    entered, why = taken.entered, WHY
    if own:
        # Whoever corrects one thing of its own sheet read the others.
        entered, why = {**entered, "verified_on": paris_day(now).isoformat()}, WHY_OWN
    wish, former = Wish(entered, based_on, why), _phones(session, sheet.actor_id)
    saved = save(session, vault, viewer, author, sheet.public_id, wish, now, whole=False)
    # Of who is hidden whole, visitors read no number but those that its operator shows.
    seen = wrong == "phone" and (sheet.level == "held" or bool(former))
    withheld = seen and not _phones(session, sheet.actor_id) - former
    if saved.hid or withheld:
        raise WouldHide


def close(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    report_id: UUID,
    now: datetime,
    *,
    accepted: bool,
    corrected: str = "",
) -> None:
    """Say that somebody corrected the sheet, or that nothing changes; raise ReportUnknown.

    corrected: public id of the actor whose form was saved for it a moment ago, which is taken back
    with it.
    """
    # As a form does that is saved for it: who waits for one another ends in no error.
    hold(session, IMPORT_LOCK)
    report = _find(session, viewer, report_id)
    if corrected:
        saved = select(Actor.id).where(Actor.public_id == corrected)
        if report.actor_id != session.scalar(saved):
            raise ReportUnknown
        _tie(session, vault, author, report)
    _decide(session, vault, author, report, now, "corrige" if accepted else "refuser")


def may_be_undone(session: Session, vault: Vault, report_id: UUID) -> bool:
    """Say whether a decision can be taken back: nobody is answered about it."""
    report = session.get_one(Report, report_id)
    return report.answered_at is None and not said_in(session, vault, report)["mail"]


def is_undone_by(
    session: Session, vault: Vault, author: Author, report_id: UUID, now: datetime
) -> bool:
    """Say whether a decision can be taken back by its author, as undo does."""
    report = session.scalars(_theirs(author, report_id, now)).one_or_none()
    if report is None or not may_be_undone(session, vault, report_id):
        return False
    batch = said_in(session, vault, report).get("batch")
    if not batch or report.actor_id is None:
        return True
    return is_latest(session, vault, author, report.actor_id, UUID(batch))


def undo(
    session: Session, vault: Vault, viewer: Viewer, author: Author, report_id: UUID, now: datetime
) -> None:
    """Let a report wait again that its author decided within the hour, the sheet as it was before.

    Raises NotTakenBack, also where the sheet was changed since.
    """
    # Before its row, as above.
    hold(session, IMPORT_LOCK)
    asked = _theirs(author, report_id, now).with_for_update()
    report = session.scalars(asked).one_or_none()
    if report is None or not may_be_undone(session, vault, report_id):
        raise NotTakenBack
    batch = said_in(session, vault, report).get("batch")
    if batch and not take_back(session, vault, viewer, author, UUID(batch)).done:
        raise NotTakenBack
    report.decided_at = report.accepted = report.who = None
    add(session, vault, author, Action.REPORT_ANSWERED, str(report.id), {"réponse": "defaire"})


def _theirs(author: Author, report_id: UUID, now: datetime) -> Select[Report]:
    """Return the statement that finds a report which its author decided within the hour."""
    by_them = (Report.who == author.who, Report.decided_at > now - UNDONE_WITHIN)
    return select(Report).where(Report.id == report_id, *by_them)


def forget_decided(session: Session, now: datetime) -> None:
    """Delete the reports that were decided six months ago."""
    session.execute(delete(Report).where(Report.decided_at < now - DECIDED_FOR))


def to_answer(session: Session, vault: Vault, report_id: UUID) -> Decided | None:
    """Return a report whose sender waits for an answer; None where it is gone, or they have it."""
    report = session.get(Report, report_id)
    if report is None or report.accepted is None:
        return None
    said = content_of(vault, report)
    return Decided(said["actor"], said["mail"], report.accepted) if said["mail"] else None


def note_answered(session: Session, vault: Vault, report_id: UUID, now: datetime) -> None:
    """Forget where its sender wanted the answer, which they have, or no server takes for them."""
    report = session.get(Report, report_id, with_for_update=True)
    if report is None:
        return
    content = content_of(vault, report) | {"mail": ""}
    report.content = vault.seal_json(TABLE, report.id, COLUMN, content)
    report.answered_at = now


def _find(session: Session, viewer: Viewer, report_id: UUID) -> Report:
    report = find(session, viewer, report_id)
    if report is None:
        raise ReportUnknown
    return report


def _tie(session: Session, vault: Vault, author: Author, report: Report) -> None:
    """Let what was written for a report be taken back with it; what hides by it stays."""
    done = latest(session, vault, author, report.actor_id) if report.actor_id else None
    said = said_in(session, vault, report)
    # Nothing is written over what does not open.
    if done and not done.hid and said is not UNREAD_CONTENT:
        content = said | {"batch": str(done.batch)}
        report.content = vault.seal_json(TABLE, report.id, COLUMN, content)


def _phones(session: Session, actor_id: UUID) -> set[str]:
    """Return the phones that visitors read."""
    return set(session.scalars(select(Actor.phones).where(Actor.id == actor_id)).one())


def _touches_others(session: Session, batch: UUID, actor_id: UUID) -> bool:
    """Say whether something was written of others as well: who is hidden beside an actor."""
    others = (Revision.batch_id == batch, Revision.actor_id != actor_id)
    return session.scalar(select(Revision.id).where(*others).limit(1)) is not None


def _decide(
    session: Session, vault: Vault, author: Author, report: Report, now: datetime, answer: str
) -> None:
    report.decided_at, report.accepted, report.who = now, answer != "refuser", author.who
    if said_in(session, vault, report)["mail"]:
        defer(session, Job.ANSWER, report.id)
    add(session, vault, author, Action.REPORT_ANSWERED, str(report.id), {"réponse": answer})
