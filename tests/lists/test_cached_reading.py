"""What was read of a deposited list is not read again, as long as nothing changed that it is of."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from app.gazetteer.load import read_gazetteer
from app.jobs import depositing
from app.lists import cached_reading, deposits, reading, review
from app.lists.planning import plan
from app.models import Deposit
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from app.settings import ROOT
from app.visibility import OPERATOR
from geo.zones import paris_day
from importers.reading import read_list
from importers.row import ReadResult, Returned, Where
from tests.operations.erasing import ask, erase, value_marks
from tests.short_lists import ASE, CRIP, SHELTER, csv, sent

WHO = "0b0d0c4e-8f0b-4f0e-9a55-0f5e2a3f1f10"
DEMONSTRATED = sorted(
    path for path in (ROOT / "demo").iterdir() if path.suffix in (".csv", ".ods", ".xlsx")
)
ODD = Returned(Where("Feuille", 3), "a1", "m", {"name": "A"}, {"name": "Nom"}, is_hidden=True)


def checked(runtime: Runtime, *lines: str) -> UUID:
    """A list that was sent and read."""
    upload = sent(csv(*lines), source="Liste", who=WHO)
    with write(runtime.staff) as session:
        deposit, _ = deposits.deposit(session, runtime.vault, upload, "93")
    depositing.check(runtime, deposit)
    return deposit


def deposited(runtime: Runtime, *lines: str) -> UUID:
    """A list that was read, and that somebody wants to be applied."""
    deposit = checked(runtime, *lines)
    with write(runtime.staff) as session:
        review.accept_rest(session, OPERATOR, deposit, WHO, erasing=True)
        seen = session.get_one(Deposit, deposit).at
        deposits.ask_to_apply(session, deposit, seen, WHO)
    return deposit


def cached(runtime: Runtime, deposit: UUID) -> bytes | None:
    with read(runtime.staff) as session:
        return session.get_one(Deposit, deposit).reading


def counted(monkeypatch: pytest.MonkeyPatch) -> list[ReadResult]:
    """Note what is read of bytes from now on."""
    found: list[ReadResult] = []
    as_ever = reading.read_upload

    def noting(*given: Any, **named: Any) -> ReadResult:
        found.append(as_ever(*given, **named))
        return found[-1]

    monkeypatch.setattr(depositing, "read_upload", noting)
    return found


def test_a_list_is_read_once_and_what_was_read_goes_as_it_is_applied(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    deposit = deposited(runtime, CRIP, ASE, SHELTER)
    assert cached(runtime, deposit)
    again = counted(monkeypatch)
    depositing.apply(runtime, deposit)
    with read(runtime.staff) as session:
        assert session.get_one(Deposit, deposit).state == "applied"
    assert again == []
    assert cached(runtime, deposit) is None


def test_what_was_read_goes_with_a_list_that_is_given_up(runtime: Runtime) -> None:
    deposit = deposited(runtime, CRIP)
    with write(runtime.staff) as session:
        deposits.cancel(session, deposit, WHO)
        deposits.cancel(session, deposit, WHO)
    assert cached(runtime, deposit) is None


def _tomorrow() -> date:
    return paris_day() + timedelta(days=1)


@pytest.mark.parametrize(("name", "other"), [("paris_day", _tomorrow), ("_RELEASE", "")])
def test_another_day_and_another_release_read_a_list_anew(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, name: str, other: object
) -> None:
    deposit = deposited(runtime, CRIP, ASE)
    monkeypatch.setattr(cached_reading, name, other)
    again = counted(monkeypatch)
    depositing.apply(runtime, deposit)
    assert len(again) == 1
    with read(runtime.staff) as session:
        assert session.get_one(Deposit, deposit).state == "applied"


def test_what_was_erased_since_is_not_taken_from_what_was_read(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    deposit = deposited(runtime, CRIP, SHELTER)
    ask(runtime, value_marks(runtime, "accueil@exemple.fr"))
    assert cached(runtime, deposit)
    again = counted(monkeypatch)
    depositing.apply(runtime, deposit)
    assert len(again) == 1


def test_what_is_erased_while_a_list_is_planned_is_read_for_anew(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:

        def erase_first(*given: Any) -> Any:
            erase(runtime, value_marks(runtime, "accueil@exemple.fr"))
            return plan(*given)

        patched.setattr(depositing, "plan", erase_first)
        deposit = checked(runtime, CRIP)
    with read(runtime.staff) as session:
        assert session.get_one(Deposit, deposit).state == "checking"
    assert cached(runtime, deposit) is None
    depositing.check(runtime, deposit)
    with read(runtime.staff) as session:
        assert session.get_one(Deposit, deposit).state == "ready"


def test_what_another_release_wrote_otherwise_is_read_anew(runtime: Runtime) -> None:
    deposit = deposited(runtime, CRIP)
    where = {"result": {"unknown": 1}, "raw": [], "stamp": "of this"}
    with write(runtime.staff) as session:
        sealed = runtime.vault.seal_json("deposit", deposit, "reading", where)
        session.execute(update(Deposit).where(Deposit.file_id == deposit).values(reading=sealed))
    with read(runtime.staff) as session:
        assert cached_reading.find(session, runtime.vault, deposit, "of this") is None


def test_what_was_read_goes_with_any_erasure(runtime: Runtime) -> None:
    deposit = deposited(runtime, CRIP)
    erase(runtime, value_marks(runtime, "accueil@exemple.fr"))
    assert cached(runtime, deposit) is None


@pytest.mark.slow
@pytest.mark.parametrize("path", DEMONSTRATED, ids=lambda path: path.name)
def test_what_is_cached_is_what_was_read(runtime: Runtime, path: Path) -> None:
    with read(runtime.staff) as session:
        gazetteer = read_gazetteer(session.connection())
    result = read_list(
        path.read_bytes(),
        path.name,
        mapping=None,
        gazetteer=gazetteer,
        territory="93",
        max_bytes=10_000_000,
        max_rows=10_000,
    )
    result = replace(result, returned=(ODD,), raw={**result.raw, Where(None, 9): ("\udc80",)})
    deposit = deposited(runtime, CRIP)
    with write(runtime.staff) as session:
        sealed = cached_reading.sealed(runtime.vault, deposit, "of this", result)
        session.execute(update(Deposit).where(Deposit.file_id == deposit).values(reading=sealed))
    with read(runtime.staff) as session:
        assert cached_reading.find(session, runtime.vault, deposit, "of this") == result
        assert cached_reading.find(session, runtime.vault, deposit, "of another") is None
