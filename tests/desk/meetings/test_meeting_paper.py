"""The paper of a CDLP says as much as its sheet has room for."""

import pytest

from app.models import Role
from app.platform.database.sessions import write
from tests.desk.bureau import Bureau
from tests.desk.meetings.meeting import paper, planned, today
from tests.makers import add_actor


@pytest.mark.slow
def test_a_sheet_with_room_names_three_for_a_role_and_fills_what_is_to_be_confirmed(
    bureau: Bureau, here: dict[str, str]
) -> None:
    curateur = bureau.signed_in(Role.CURATEUR)
    with write(bureau.databases.staff) as session:
        for number in range(4):
            add_actor(session.connection(), name=f"Cellule {number}", category="crip")
        for number in range(60):
            add_actor(session.connection(), name=f"Relais numéro {number:02}")
    said = paper(curateur, planned(curateur, today(bureau)))
    assert "(3 sur" in said
    shown = said.count("oui ☐")
    assert shown > 8
    assert f"{said.count('non ☐')}" == str(shown)
    # The rest is counted, and there are lines to write on.
    assert "autres attendent au bureau" in said
    assert "Décisions" in said
