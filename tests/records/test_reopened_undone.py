"""Who a list closed, somebody reopened, and who took that back at once, is closed as before."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.journal import Author
from app.models import Actor, ActorProtected, Provenance, Revision
from app.platform.database.sessions import write
from app.records import many, undoing
from app.records.record import ActorRecord
from app.records.record import Provenance as Origins
from app.records.sealed import open_provenance, open_record
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from tests.short_lists import HEADER, csv, ids, run

pytestmark = pytest.mark.slow

AUTHOR = Author("os:essai")
NAME = "Pins"
PINS = f"{NAME};Association;2 rue B;93000;Bobigny;01 99 00 00 10;"


def said(line: str, state: str) -> bytes:
    return f"{HEADER};État\r\n{line};{state}".encode("cp1252")


def stored(runtime: Runtime) -> tuple[ActorRecord, Origins]:
    with Session(runtime.staff) as session:
        sealed = session.scalars(select(ActorProtected)).one()
        fields = session.get_one(Provenance, sealed.actor_id).fields
        return (
            open_record(runtime.vault, sealed.actor_id, sealed.record),
            open_provenance(runtime.vault, sealed.actor_id, fields),
        )


def reopened_and_undone(runtime: Runtime) -> None:
    with write(runtime.staff) as session:
        public_id = session.scalars(select(Actor.public_id)).one()
        done = many.do(session, runtime.vault, OPERATOR, AUTHOR, [public_id], many.REOPEN)
        assert done.done == 1
    assert NAME in ids(runtime)
    assert done.batch is not None
    with write(runtime.staff) as session:
        undone = undoing.undo(session, runtime.vault, OPERATOR, AUTHOR, done.batch)
        assert undone.done == 1


def test_it_is_closed_again_with_its_history_and_its_list_may_open_it(runtime: Runtime) -> None:
    run(runtime, csv(PINS))
    run(runtime, said(PINS, "fermé"))
    before = stored(runtime)
    assert before[0].status == "archived"
    reopened_and_undone(runtime)
    assert stored(runtime) == before
    assert NAME not in ids(runtime)
    with Session(runtime.staff) as session:
        actions = session.scalars(select(Revision.action).order_by(Revision.number)).all()
    assert actions == ["create", "update", "publish", "restore"]
    # A list that says the same asks nothing, and one that opens it does so as before.
    run(runtime, said(PINS, "fermé"), source="autre")
    assert NAME not in ids(runtime)
    run(runtime, said(PINS, "ouvert"))
    assert NAME in ids(runtime)
