"""Ends what a form was opened for, in the transaction that saves it, and says where that leads."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.journal import Author
from app.desk.actors.errand import CALLS, REPORTS, Errand
from app.desk.shell.gate import Desk
from app.freshness import calls
from app.freshness.calls import NotedAlready, NotVerified
from app.records.correcting import Saved
from app.reports import deciding
from app.reports.deciding import ReportUnknown
from app.visibility import Viewer


def end(
    session: Session, desk: Desk, viewer: Viewer, author: Author, saved: Saved, errand: Errand
) -> str:
    """Close the report, or note the call; return where that leads, "" to the sheet, which says why
    less is public now.
    """
    given, way = (session, desk, viewer, author, saved, errand), ""
    if errand.report:
        way = _close(*given, errand.report)
    elif errand.call and not (saved.hid or saved.beside):
        way = _note(*given)
    return "" if saved.hid or saved.beside else way


def _close(
    session: Session,
    desk: Desk,
    viewer: Viewer,
    author: Author,
    saved: Saved,
    errand: Errand,
    report: UUID,
) -> str:
    if not (saved.changed or saved.published):
        return f"{REPORTS}?fait=inchange&decide={report}#s-{report}"
    given = (session, desk.vault, viewer, author, report, desk.now())
    try:
        deciding.close(*given, accepted=True, corrected=saved.public_id)
    except ReportUnknown:
        # Somebody else decided it meanwhile, or it is theirs alone now.
        return f"{REPORTS}?fait=decide"
    undone = deciding.may_be_undone(session, desk.vault, report)
    offered = f"&decide={report}" if undone else ""
    onward = f"#s-{errand.onward}" if errand.onward else ""
    return f"{REPORTS}?fait=corrige{offered}{onward}"


def _note(
    session: Session, desk: Desk, viewer: Viewer, author: Author, saved: Saved, errand: Errand
) -> str:
    if not (saved.changed or saved.published):
        return f"{CALLS}?fait=inchange{errand.narrowed()}#a-{saved.public_id}"
    given = (session, desk.vault, viewer, author, saved.public_id)
    try:
        call = calls.note(*given, "corrected", desk.now())
    except NotedAlready:
        return f"{CALLS}?fait=note{errand.narrowed()}"
    except NotVerified:
        # Somebody archived it meanwhile: there is nothing to be called about.
        return ""
    onward = f"#a-{errand.onward}" if errand.onward else ""
    return f"{CALLS}?fait=corrige&appel={call}{errand.narrowed()}{onward}"
