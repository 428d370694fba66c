"""Takes back what a catalogue wrote, but for what somebody has changed since."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author, add, gathered
from app.cataloguing.import_plan import Done, Plan
from app.cataloguing.importing import store, to_decide
from app.cataloguing.publishing import publish
from app.cataloguing.secrecy import is_masked
from app.cataloguing.versions import open_version, reserve, restore
from app.cataloguing.withdrawing import erase, withdraw
from app.models import Resource, ResourceHold, ResourceRecord
from app.platform.database.sessions import IMPORT_LOCK, hold
from app.records.unpublishing import published_version
from app.vault.sealing import Vault
from app.visibility import Viewer

WHY = "import annulé"


@dataclass(frozen=True, slots=True)
class _Undoing:
    session: Session
    vault: Vault
    viewer: Viewer
    author: Author
    now: datetime

    def undo(self, done: Done) -> str:
        """Take back what was done of a line; return the title of what stays, "" where none does."""
        record = self.session.get_one(ResourceRecord, done.id)
        if record.status == "erased":
            return ""
        if record.latest != done.number or self._is_published_since(record, done):
            latest = open_version(self.session, self.vault, record, record.latest)
            return latest.content.full_title
        by = (self.session, self.vault)
        is_shown = self.session.scalar(select(Resource.id).where(Resource.id == done.id))
        if done.was:
            former = open_version(*by, record, done.was)
            if is_masked(*by, self.author.who, former, self.now):
                # Whoever writes a version reads it from now on.
                add(*by, self.author, Action.RESOURCE_READ, str(done.id))
            self._let_go(done)
            restored = restore(*by, self.author, done.id, done.was, self.now)
            if not self._show_again(record, done, restored.number, is_shown=is_shown is not None):
                return former.content.full_title
        elif is_shown:
            # Who has its address finds what became of it.
            withdraw(*by, self.viewer, self.author, done.id, self.now, WHY)
        elif record.status != "withdrawn":
            erase(*by, self.viewer, self.author, done.id, self.now)
        return ""

    def _let_go(self, done: Done) -> None:
        """Let nobody decide any more about what the catalogue said."""
        same = (ResourceHold.resource_id == done.id, ResourceHold.version == done.number)
        waits = ResourceHold.decided_at.is_(None)
        self.session.execute(update(ResourceHold).where(*same, waits).values(decided_at=self.now))

    def _is_published_since(self, record: ResourceRecord, done: Done) -> bool:
        """Return whether a person published what the catalogue left to be read."""
        if done.published or record.edition is None:
            return False
        return published_version(self.session, record.id) == done.number

    def _show_again(
        self, record: ResourceRecord, done: Done, number: int, *, is_shown: bool
    ) -> bool:
        """Publish a former version where the import published its own, else leave what is shown.

        Return False where that one has to be held.
        """
        by = (self.session, self.vault, self.viewer, self.author)
        if not done.published:
            if is_shown and published_version(self.session, record.id) == done.was:
                record.status = "published"
        elif is_shown and done.was_public:
            return not publish(*by, done.id, number, self.now)
        elif is_shown:
            withdraw(*by, done.id, self.now, WHY)
        return True


def undo(
    session: Session, vault: Vault, viewer: Viewer, author: Author, import_id: UUID, now: datetime
) -> Plan:
    """Undo an import that was applied, and return its plan with what stays as somebody wrote it.

    Raises NotYourDecision, ImportUnknown or ImportDecided.
    """
    hold(session, IMPORT_LOCK, who=author.who)
    row, made = to_decide(session, vault, viewer, import_id, "applied", "undoing")
    # What somebody writes just now counts as well.
    reserve(session, (done.id for done in made.done))
    undoing = _Undoing(session, vault, viewer, author, now)
    with gathered(session, vault):
        # Those last that others were related to.
        left = [undoing.undo(done) for done in reversed(made.done)]
    made = made.model_copy(update={"not_undone": tuple(filter(None, left)), "asked": None})
    row.status, row.undone_at = "undone", now
    store(vault, row, made)
    detail = {"entries": len(made.done) - len(made.not_undone)}
    add(session, vault, author, Action.RESOURCES_UNDONE, str(import_id), detail)
    return made
