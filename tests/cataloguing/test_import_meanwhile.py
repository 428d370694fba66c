"""A catalogue is applied or undone while somebody else writes one of its resources."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from app.audit.actions import Action
from app.audit.journal import add
from app.cataloguing.import_errors import ImportOutdated
from app.cataloguing.versions import save, to_change
from app.platform.database.engines import make_engine
from app.platform.database.sessions import write
from app.runtime.staff import Runtime
from tests.cataloguing.catalogues import (
    REPORT,
    applied,
    catalogue,
    imported,
    planned,
    shown,
    undone,
)
from tests.deposited import table_held
from tests.makers_resources import READER, now
from tests.meanwhile import is_blocked, until
from tests.resource_contents import document

OTHER = {"id": "autre", "titre": "Tout autre chose", "type": "guide"}
CORRECTED = document(title="Titre corrigé", subtitle="")


def test_what_somebody_writes_as_it_is_undone_stays(runtime: Runtime) -> None:
    import_id = imported(runtime, REPORT)
    (done,) = shown(runtime, import_id).done
    with ThreadPoolExecutor(1) as threads, write(runtime.staff) as session:
        save(session, runtime.vault, READER, done.id, CORRECTED, now(), based_on=1)
        undoing = threads.submit(undone, runtime, import_id)
        until(lambda: is_blocked(runtime.staff))
        session.commit()
        assert undoing.result().not_undone == ("Titre corrigé",)


def test_who_writes_one_of_its_resources_is_waited_for_before_any_is_written(
    runtime: Runtime,
) -> None:
    (done,) = shown(runtime, imported(runtime, REPORT)).done
    import_id = planned(runtime, catalogue(OTHER, REPORT | {"resume": "Un autre résumé."}))
    with ThreadPoolExecutor(1) as threads, write(runtime.staff) as session:
        to_change(session, done.id)
        applying = threads.submit(applied, runtime, import_id)
        until(lambda: is_blocked(runtime.staff))
        # As each writer does, it adds to the journal: nobody who waits for it may hold that.
        save(session, runtime.vault, READER, done.id, CORRECTED, now(), based_on=1)
        session.commit()
        with pytest.raises(ImportOutdated):
            applying.result()


def test_who_writes_one_of_its_resources_is_waited_for_before_any_is_taken_back(
    runtime: Runtime,
) -> None:
    import_id = imported(runtime, REPORT, OTHER)
    (report, _) = shown(runtime, import_id).done
    with ThreadPoolExecutor(1) as threads, write(runtime.staff) as session:
        to_change(session, report.id)
        undoing = threads.submit(undone, runtime, import_id)
        until(lambda: is_blocked(runtime.staff))
        save(session, runtime.vault, READER, report.id, CORRECTED, now(), based_on=1)
        session.commit()
        assert undoing.result().not_undone == ("Titre corrigé",)


def test_nobody_waits_for_the_journal_while_it_is_written(runtime: Runtime) -> None:
    # The first deed of a database makes its key.
    imported(runtime, OTHER)
    import_id, owner = planned(runtime, catalogue(REPORT)), make_engine(runtime.owner_url)
    with ThreadPoolExecutor(1) as threads, table_held(owner, "resource"):
        applying = threads.submit(applied, runtime, import_id, publishes=True)
        until(lambda: is_blocked(runtime.staff))
        with write(runtime.staff) as session:
            session.execute(text("SET LOCAL lock_timeout = '5s'"))
            add(session, runtime.vault, READER, Action.RESOURCE_WRITTEN)
    owner.dispose()
    assert len(applying.result().done) == 1
