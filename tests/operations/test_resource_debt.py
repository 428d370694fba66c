"""A resource that was erased is owed until its versions and the files of the database forget it."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.cataloguing.import_applying import apply
from app.cataloguing.importing import plan, read_import, read_imports
from app.cataloguing.withdrawing import erase, withdraw
from app.models import (
    ClearedAround,
    ResourceHold,
    ResourceProposal,
    ResourceRecord,
    ResourceVersion,
)
from app.operations import erasure, resource_debt
from app.operations.doctor import examine
from app.operations.erasure import PATIENCE, Purged
from app.platform.database.sessions import read, write
from app.reports.receiving import LINKS
from app.resources.forms import Form
from app.runtime.staff import Runtime
from tests.makers_resources import CURATEUR, READER, draft_resource, publish_version

pytestmark = pytest.mark.slow


def made(runtime: Runtime) -> UUID:
    with write(runtime.staff) as session:
        saved = draft_resource(session, runtime.vault, Form.SHEET, more="Trottinette")
        publish_version(session, runtime.vault, saved.id, saved.number)
        return saved.id


def erased(runtime: Runtime) -> UUID:
    resource = made(runtime)
    with write(runtime.staff) as session:
        erase(session, runtime.vault, CURATEUR, READER, resource, datetime.now(UTC))
    return resource


def purge(runtime: Runtime) -> Purged:
    given = (runtime.staff, runtime.owner_url, runtime.vault)
    return erasure.purge(*given, who="essai", patience=4 * PATIENCE)


def owed(runtime: Runtime) -> list[UUID]:
    with Session(runtime.staff) as session:
        return resource_debt.owed(session)


def versions(runtime: Runtime, resource: UUID) -> list[object]:
    with read(runtime.staff) as session:
        rows = select(ResourceVersion).where(ResourceVersion.resource_id == resource)
        return [
            runtime.vault.open_json("resource_version", row.id, "content", row.content)
            for row in session.scalars(rows)
        ]


def test_what_was_erased_is_owed_until_a_purge_and_its_id_stays_taken(runtime: Runtime) -> None:
    stays, gone = made(runtime), erased(runtime)
    assert owed(runtime) == [gone]
    assert any("ressources" in each.what for each in examine(runtime.databases, runtime.vault))
    assert purge(runtime).resources == 1
    assert owed(runtime) == versions(runtime, gone) == []
    assert not any("ressources" in each.what for each in examine(runtime.databases, runtime.vault))
    with read(runtime.staff) as session:
        assert session.get_one(ResourceRecord, gone).status == "erased"
        of_gone = ResourceHold.resource_id == gone
        assert session.scalar(select(func.count()).where(of_gone)) == 0
    assert "Trottinette" in str(versions(runtime, stays))
    assert purge(runtime).resources == 0


def test_the_files_of_what_was_open_are_written_anew(runtime: Runtime) -> None:
    erased(runtime)
    around = ("resource_collection", "resource_collection_entry", "resource_synonym")
    tables = {*resource_debt.OPEN, *resource_debt.SEALED, *around}
    nodes = text("SELECT " + ", ".join(f"pg_relation_filenode('{each}')" for each in tables))
    with runtime.staff.connect() as connection:
        before = connection.execute(nodes).one()
    purge(runtime)
    with runtime.staff.connect() as connection:
        assert not {*before} & {*connection.execute(nodes).one()}


def test_what_was_taken_from_visitors_is_owed_until_the_files_are_written_anew(
    runtime: Runtime,
) -> None:
    resource = made(runtime)
    with write(runtime.staff) as session:
        withdraw(session, runtime.vault, CURATEUR, READER, resource, datetime.now(UTC))
    with read(runtime.staff) as session:
        assert resource_debt.taken(session).keys() == {resource}
    assert any("retirées" in each.what for each in examine(runtime.databases, runtime.vault))
    nodes = text("SELECT pg_relation_filenode('resource')")
    with runtime.staff.connect() as connection:
        before = connection.execute(nodes).scalar_one()
    assert purge(runtime).resources == 1
    with runtime.staff.connect() as connection:
        assert connection.execute(nodes).scalar_one() != before
    with read(runtime.staff) as session:
        assert resource_debt.taken(session) == {}
    assert versions(runtime, resource) != []


def test_what_is_taken_during_a_purge_stays_owed(runtime: Runtime) -> None:
    resource = made(runtime)
    with write(runtime.staff) as session:
        withdraw(session, runtime.vault, CURATEUR, READER, resource, datetime.now(UTC))
        earlier = {resource: datetime.now(UTC) - timedelta(hours=1)}
        resource_debt.settle_taken(session, earlier)
        assert resource_debt.taken(session).keys() == {resource}


def test_a_purge_that_is_interrupted_leaves_nothing_to_read_and_is_owed(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = erased(runtime)
    monkeypatch.setattr(erasure, "_renew_journal", lambda _connection: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        purge(runtime)
    assert versions(runtime, gone) == [{}]
    assert owed(runtime) == [gone]
    monkeypatch.undo()
    assert purge(runtime).resources == 1
    assert owed(runtime) == []


def test_a_catalogue_and_a_proposal_say_nothing_any_more_of_what_was_erased(
    runtime: Runtime,
) -> None:
    said = [{"titre": "Trottinette", "type": "guide"}, {"titre": "Patinette", "type": "guide"}]
    now, by = datetime.now(UTC), (runtime.vault, CURATEUR, READER)
    with write(runtime.staff) as session:
        data = json.dumps(said).encode()
        first = plan(session, *by, data, "x.json", now, max_bytes=1_000)
        done = apply(session, *by, first, {}, now).done
        plan(session, *by, data, "y.json", now, max_bytes=1_000)
        erase(session, *by, done[0].id, now)
        number, link = uuid4(), {"url": "https://exemple.fr", "title": "Trottinette", "why": ""}
        row = ResourceProposal(id=number, received_at=now, decided_at=now, accepted=True, who="x")
        row.content = runtime.vault.seal_json(LINKS, number, "content", link)
        row.resource_id = done[0].id
        session.add(row)
    purge(runtime)
    with read(runtime.staff) as session:
        given = (session, runtime.vault, CURATEUR)
        plans = [read_import(*given, each.id).plan for each in read_imports(*given)]
        assert session.scalars(select(ResourceProposal.id)).all() == []
    assert len(plans) == 2
    assert "Trottinette" not in str(plans)
    assert str(plans).count("Patinette") >= 2


def test_what_was_cleared_around_texts_is_owed_until_the_files_are_written_anew(
    runtime: Runtime,
) -> None:
    with write(runtime.staff) as session:
        session.add(ClearedAround(at=datetime.now(UTC)))
    assert any("organismes" in each.what for each in examine(runtime.databases, runtime.vault))
    nodes = text("SELECT pg_relation_filenode('resource_synonym')")
    with runtime.staff.connect() as connection:
        before = connection.execute(nodes).scalar_one()
    purge(runtime)
    with runtime.staff.connect() as connection:
        assert connection.execute(nodes).scalar_one() != before
    with read(runtime.staff) as session:
        assert resource_debt.cleared(session) is None
