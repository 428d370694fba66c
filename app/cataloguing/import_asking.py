"""What somebody asks the worker to do with a catalogue: sealed with it until that is done."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.journal import Author
from app.cataloguing.import_applying import check_once
from app.cataloguing.import_errors import ImportOutdated
from app.cataloguing.import_plan import Asked, Choice
from app.cataloguing.importing import replanned, store, to_decide
from app.errors import Mesure23Error
from app.models.job import Job
from app.platform.queue.deferring import defer
from app.vault.sealing import Vault
from app.visibility import Viewer


def ask_to_apply(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    import_id: UUID,
    choices: Mapping[int, Choice],
    seen: str,
    *,
    publishes: bool,
) -> None:
    """Let the worker write a catalogue as somebody saw and decided it; raise as apply() does."""
    row, made = to_decide(session, vault, viewer, import_id, "read")
    if seen != made.seen:
        raise ImportOutdated
    check_once(made.lines, choices)
    by = {"who": author.who, "role": author.role, "seen": seen}
    asked = Asked(**by, choices=dict(choices), publishes=publishes)
    row.status = "applying"
    store(vault, row, made.model_copy(update={"asked": asked, "why": ""}))
    defer(session, Job.CATALOGUE, import_id)


def ask_to_undo(
    session: Session, vault: Vault, viewer: Viewer, author: Author, import_id: UUID
) -> None:
    """Let the worker take back what a catalogue wrote; raise as undo() does."""
    row, made = to_decide(session, vault, viewer, import_id, "applied")
    asked = Asked(who=author.who, role=author.role)
    row.status = "undoing"
    store(vault, row, made.model_copy(update={"asked": asked}))
    defer(session, Job.CATALOGUE, import_id)


def let_wait(
    session: Session, vault: Vault, viewer: Viewer, import_id: UUID, why: Mesure23Error
) -> None:
    """Let a catalogue wait again that could not be applied, as it would be now; say why not."""
    row, made = to_decide(session, vault, viewer, import_id, "applying")
    row.status = "read"
    said = {"asked": None, "why": f"{why} {why.advice}"}
    store(vault, row, replanned(session, vault, row.who, made).model_copy(update=said))
