"""What a list that was deposited leaves behind, past its period and after an erasure."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update

from app.jobs import depositing
from app.lists import asked, deposits, handling, links
from app.models import Deposit, DepositLine, Role, Source, SourceFile
from app.operations.past_period import find_due, purge_due
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from app.visibility import OPERATOR, Viewer
from tests.operations.erasing import PHONE, actor_marks, erase, everything, value_marks
from tests.short_lists import APART, CRIP, SHELTER, csv, ids, run, sent

WHO = "0b0d0c4e-8f0b-4f0e-9a55-0f5e2a3f1f10"


def deposited(runtime: Runtime, *lines: str) -> UUID:
    """A list that was read."""
    upload = sent(csv(*lines), source="Déposée", who=WHO)
    with write(runtime.staff) as session:
        deposit, _ = deposits.deposit(session, runtime.vault, upload, "93")
    depositing.check(runtime, deposit)
    return deposit


@pytest.mark.slow
def test_the_page_of_a_list_goes_with_its_bytes(runtime: Runtime) -> None:
    old, recent = deposited(runtime, CRIP, SHELTER), deposited(runtime, CRIP)
    past = datetime.now(UTC) - timedelta(days=30.5 * 30)
    with write(runtime.staff) as session:
        session.execute(update(SourceFile).where(SourceFile.id == old).values(received_at=past))
    assert "Foyer fictif" in everything(runtime)
    purge_due(runtime.owner_url, find_due(runtime.staff))
    with read(runtime.staff) as session:
        assert session.get_one(Deposit, old).content is None
        assert session.get_one(SourceFile, old).content is None
        assert session.get_one(Deposit, recent).content is not None
    assert "Foyer fictif" not in everything(runtime)
    assert find_due(runtime.staff).files == ()


@pytest.mark.slow
def test_what_was_noted_of_a_list_goes_though_nothing_else_of_it_is_left(runtime: Runtime) -> None:
    noted, corrected = deposited(runtime, CRIP), deposited(runtime, CRIP, SHELTER)
    past = datetime.now(UTC) - timedelta(days=30.5 * 30)
    with write(runtime.staff) as session:
        for each in (noted, corrected):
            deposits.cancel(session, each, WHO)
        session.execute(update(SourceFile).values(received_at=past, content=None))
        deed = deposits.Deed(WHO, past)
        handling.note(session, runtime.vault, noted, "Rappeler le Foyer fictif", deed, "")
        sealed = runtime.vault.seal_json("deposit", corrected, "corrected", ["Foyer fictif"])
        session.get_one(Deposit, corrected).corrected = sealed
    assert set(find_due(runtime.staff).files) == {noted, corrected}
    purge_due(runtime.owner_url, find_due(runtime.staff))
    assert "Foyer fictif" not in everything(runtime)
    assert find_due(runtime.staff).files == ()


@pytest.mark.slow
def test_whom_a_list_hides_beside_its_home_leaves_its_page_once_erased(runtime: Runtime) -> None:
    run(runtime, csv(APART, CRIP), source="avant")
    home = "Foyer voisin;MECS;99 rue Autre;93300;Aubervilliers;01 99 00 00 97;"
    deposit = deposited(runtime, home)

    def stored() -> list[dict[str, Any]]:
        with read(runtime.staff) as session:
            content = session.get_one(Deposit, deposit).content
            assert content is not None
            page: dict[str, Any] = runtime.vault.open_json("deposit", deposit, "content", content)
        return list(page["beside"])

    (one,) = stored()
    assert one | {"actor": ""} == {"actor": "", "listed": False, "loses": ["address"]}
    assert one["actor"] in everything(runtime)
    erase(runtime, actor_marks(runtime, ids(runtime)["Association libre"]))
    assert [each["actor"] for each in stored()] == [""]


def asked_about(runtime: Runtime) -> dict[str, UUID]:
    """A list that is applied, and whom its source is to be asked about."""
    deposit = deposited(runtime, CRIP)
    with write(runtime.staff) as session:
        missing = update(DepositLine).where(DepositLine.outcome == "missing")
        session.execute(missing.values(decision="later", who=WHO, at=func.now()))
        seen = session.get_one(Deposit, deposit)
        deposits.ask_to_apply(session, deposit, seen.at, WHO)
    depositing.apply(runtime, deposit)
    with read(runtime.staff) as session:
        source = session.scalars(select(Source.id)).one()
        found = asked.questions(session, runtime.vault, OPERATOR, source)
        assert sorted(each.name for each in found) == ["Association libre", "Foyer fictif"]
    return {"source": source, "deposit": deposit}


def names_asked(runtime: Runtime, source: UUID) -> list[str]:
    with read(runtime.staff) as session:
        return [each.name for each in asked.questions(session, runtime.vault, OPERATOR, source)]


@pytest.mark.slow
def test_what_a_source_is_asked_goes_with_its_actor_and_with_its_list(runtime: Runtime) -> None:
    run(runtime, csv(CRIP, APART, SHELTER), source="Déposée")
    known = asked_about(runtime)
    erase(runtime, actor_marks(runtime, ids(runtime)["Association libre"]))
    assert names_asked(runtime, known["source"]) == ["Foyer fictif"]
    past = datetime.now(UTC) - timedelta(days=30.5 * 30)
    for _ in range(2):
        run(runtime, csv(CRIP), source="Déposée")
    with write(runtime.staff) as session:
        here = SourceFile.id == known["deposit"]
        session.execute(update(SourceFile).where(here).values(received_at=past))
    purge_due(runtime.owner_url, find_due(runtime.staff))
    with read(runtime.staff) as session:
        assert session.scalars(select(DepositLine)).all() == []
    assert names_asked(runtime, known["source"]) == []


@pytest.mark.slow
def test_what_is_erased_is_on_no_page_of_a_list(runtime: Runtime) -> None:
    run(runtime, csv(APART, CRIP), source="avant")
    odd = f"Bureau au numéro;Association;1 rue A;{PHONE};Bobigny;;"
    deposit = deposited(runtime, odd, APART.replace("00 99", "00 98"))
    assert PHONE in everything(runtime)
    actor = ids(runtime)["Association libre"]
    erase(runtime, value_marks(runtime, PHONE))
    erase(runtime, actor_marks(runtime, actor))
    said = everything(runtime)
    assert PHONE not in said
    assert "Association libre" not in said
    # It is read anew, or refused; no fault of the service.
    with write(runtime.staff) as session:
        seen = session.get_one(Deposit, deposit)
        deposits.ask_to_apply(session, deposit, seen.at, WHO)
    depositing.apply(runtime, deposit)
    with read(runtime.staff) as session:
        assert session.get_one(Deposit, deposit).state in ("ready", "refused")


def test_what_is_erased_is_in_the_name_of_no_file_that_came_by_a_link(runtime: Runtime) -> None:
    run(runtime, csv(APART), source="avant", territory="93")
    now = datetime.now(UTC)
    with write(runtime.staff) as session:
        source = session.scalars(select(Source.id)).one()
        token = links.make(session, Viewer.staff(Role.CURATEUR, []), source, uuid4(), WHO, now)
        assert token is not None
        link = links.find(session, runtime.vault, token, now).id
        links.note(session, runtime.vault, link, f"liste {PHONE}.csv", 12, now)
        links.note(session, runtime.vault, link, "autre.csv", 12, now)
    erase(runtime, value_marks(runtime, PHONE))
    with read(runtime.staff) as session:
        names = sorted(each.name for each in links.receipts(session, runtime.vault, link))
    assert names[0] == "autre.csv"
    assert PHONE not in names[1]
    assert names[1].startswith("liste")
