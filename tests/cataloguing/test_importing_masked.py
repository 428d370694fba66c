"""A catalogue that changes what names somebody hidden opens it, and that is noted."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author
from app.cataloguing.versions import save
from app.models import AuditEntry
from app.platform.database.sessions import write
from app.runtime.staff import Runtime
from tests.cataloguing.catalogues import REPORT, imported
from tests.makers_resources import NAMES_HOME, READER, WRITER, now
from tests.resource_contents import document
from tests.short_lists import SHELTER, csv, run

DOI = "10.1234/exemple"


@pytest.mark.parametrize(("writer", "notes"), [(READER, True), (WRITER, False)])
def test_who_changes_a_masked_text_by_a_catalogue_has_opened_it(
    runtime: Runtime, writer: Author, notes: bool
) -> None:
    run(runtime, csv(SHELTER))
    with write(runtime.staff) as session:
        content = document(title="Sentinelle", doi=DOI, summary=NAMES_HOME)
        save(session, runtime.vault, writer, None, content, now())
    imported(runtime, {**REPORT, "doi": DOI})
    with Session(runtime.staff) as session:
        actions = set(session.scalars(select(AuditEntry.action)))
    assert (Action.RESOURCE_READ in actions) is notes
