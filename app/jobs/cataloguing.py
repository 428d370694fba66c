"""Writes catalogues that somebody confirmed at the desk, or undoes them: all of one, or nothing."""

from datetime import datetime
from uuid import UUID

from app.audit.journal import Author
from app.cataloguing.import_applying import apply
from app.cataloguing.import_asking import let_wait
from app.cataloguing.import_errors import (
    ChangedTwice,
    ImportDecided,
    ImportOutdated,
    ImportUnknown,
)
from app.cataloguing.importing import read_import
from app.models import Role
from app.operations.deleted_resources import undo_for_good
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from app.visibility import Viewer

CURATEUR = Viewer.staff(Role.CURATEUR)


def carry_out(runtime: Runtime, import_id: UUID, now: datetime) -> None:
    """Do what was asked of a catalogue, once; where resources changed meanwhile, say so of it."""
    try:
        _carry_out(runtime, import_id, now)
    except (ImportUnknown, ImportDecided):
        # Forgotten meanwhile, or done by the job before, whose end was not noted.
        return
    except (ImportOutdated, ChangedTwice) as error:
        with write(runtime.staff) as session:
            let_wait(session, runtime.vault, CURATEUR, import_id, error)


def _carry_out(runtime: Runtime, import_id: UUID, now: datetime) -> None:
    with read(runtime.staff) as session:
        found = read_import(session, runtime.vault, CURATEUR, import_id)
    if (asked := found.plan.asked) is None:
        return
    vault, author = runtime.vault, Author(asked.who, asked.role)
    with write(runtime.staff) as session:
        if found.status == "undoing":
            given = (CURATEUR, author, import_id, now)
            undo_for_good(session, vault, runtime.settings, *given)
        elif found.status == "applying":
            by = (session, vault, CURATEUR, author)
            apply(*by, import_id, asked.choices, now, publishes=asked.publishes, seen=asked.seen)
