"""What the next list is corrected to holds nothing of what was erased."""

import pytest
from sqlalchemy import select

from app.jobs import depositing
from app.lists import corrections, deposits, review
from app.models import Deposit
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from importers.row import Where
from tests.operations.erasing import (
    PHONE,
    actor_marks,
    erase,
    everything,
    holds_phone,
    value_marks,
)
from tests.short_lists import APART, CRIP, csv, ids, sent

pytestmark = pytest.mark.slow
WHO = "0b0d0c4e-8f0b-4f0e-9a55-0f5e2a3f1f10"
LINES = (";Association;99 rue Autre;93300;Aubervilliers;01 99 00 00 99;", CRIP)
NAMES = {0: "Association libre", 1: "CRIP d'exemple"}


def applied(runtime: Runtime, *lines: str, **cells: dict[int, str]) -> None:
    """Apply a list, with cells of lines otherwise: l2 is the first one."""
    upload = sent(csv(*lines), source="Corrigée", who=WHO)
    with write(runtime.staff) as session:
        deposit, _ = deposits.deposit(session, runtime.vault, upload, "93")
        given = {
            Where(None, int(line[1:])): {
                column: corrections.Cell(lines[int(line[1:]) - 2].split(";")[column], text)
                for column, text in some.items()
            }
            for line, some in cells.items()
        }
        sealed = corrections.seal(runtime.vault, deposit, given, None)
        session.get_one(Deposit, deposit).corrected = sealed
    depositing.check(runtime, deposit)
    with write(runtime.staff) as session:
        seen = session.get_one(Deposit, deposit)
        review.accept_rest(session, OPERATOR, deposit, WHO, erasing=True)
        deposits.ask_to_apply(session, deposit, seen.at, WHO)
    depositing.apply(runtime, deposit)


def learned(runtime: Runtime) -> list[str]:
    """What the next list of the one source would be corrected to."""
    with read(runtime.staff) as session:
        row = session.scalars(select(Deposit)).one()
        if row.corrected is None:
            return []
        opened = runtime.vault.open_json("deposit", row.file_id, "corrected", row.corrected)
    return [given for *_, given in opened["lasting"]]


def test_those_of_an_erased_actor_go_and_others_stay(runtime: Runtime) -> None:
    applied(runtime, *LINES, l2={0: "Association libre"}, l3={4: "Bobigny cedex"})
    assert learned(runtime) == ["Association libre", "Bobigny cedex"]
    erase(runtime, actor_marks(runtime, ids(runtime)["Association libre"]))
    assert learned(runtime) == ["Bobigny cedex"]
    assert "Association libre" not in everything(runtime)


def test_one_that_holds_an_erased_value_goes(runtime: Runtime) -> None:
    applied(runtime, CRIP, APART, l2={5: PHONE}, l3={0: "Association autre"})
    assert learned(runtime) == [PHONE, "Association autre"]
    erase(runtime, value_marks(runtime, PHONE))
    assert learned(runtime) == ["Association autre"]
    assert not holds_phone(runtime)


def test_none_is_learned_of_what_was_erased_before(runtime: Runtime) -> None:
    applied(runtime, APART, CRIP, l3={5: "01 99 00 00 05"})
    assert learned(runtime) == ["01 99 00 00 05"]
    erase(runtime, value_marks(runtime, "01 99 00 00 05"))
    assert learned(runtime) == []
