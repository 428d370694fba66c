"""Who changes what names somebody hidden by a catalogue, or undoes it, opens it: that is noted."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author
from app.cataloguing.versions import save
from app.models import AuditEntry
from app.platform.database.sessions import write
from app.runtime.staff import Runtime
from tests.cataloguing.catalogues import REPORT, imported, undone
from tests.makers_resources import NAMES_HOME, READER, WRITER, now
from tests.resource_contents import document
from tests.short_lists import SHELTER, csv, run

DOI = "10.1234/exemple"


def masked_one(runtime: Runtime, writer: Author) -> None:
    """Write a text that names somebody hidden."""
    run(runtime, csv(SHELTER))
    with write(runtime.staff) as session:
        content = document(title="Sentinelle", doi=DOI, summary=NAMES_HOME)
        save(session, runtime.vault, writer, None, content, now())


def noted(runtime: Runtime) -> set[str]:
    """Return what the journal says that anybody did."""
    with Session(runtime.staff) as session:
        return set(session.scalars(select(AuditEntry.action)))


@pytest.mark.parametrize(("writer", "notes"), [(READER, True), (WRITER, False)])
def test_who_changes_a_masked_text_by_a_catalogue_has_opened_it(
    runtime: Runtime, writer: Author, notes: bool
) -> None:
    masked_one(runtime, writer)
    imported(runtime, {**REPORT, "doi": DOI})
    assert (Action.RESOURCE_READ in noted(runtime)) is notes


@pytest.mark.slow
@pytest.mark.parametrize(("author", "notes"), [(READER, True), (WRITER, False)])
def test_who_takes_a_catalogue_back_has_opened_the_masked_text_that_is_there_again(
    runtime: Runtime, author: Author, notes: bool
) -> None:
    masked_one(runtime, WRITER)
    import_id = imported(runtime, {**REPORT, "doi": DOI})
    assert undone(runtime, import_id, author).not_undone == ()
    assert (Action.RESOURCE_READ in noted(runtime)) is notes
