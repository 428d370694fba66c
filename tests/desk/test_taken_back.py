"""What the desk takes from the public is in the register at once, worker or not."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.models import Embed, Role, Withdrawal
from app.platform.database.sessions import after_writes, read, write
from app.vault.withdrawals import note_after_writes, sealed_entries, withdrawals_path
from tests.desk.bureau import ORIGIN, Bureau
from tests.desk.home import Home


@pytest.fixture(autouse=True)
def noting(bureau: Bureau) -> Iterator[None]:
    """As the command does that opens the desk: with the engine that the desk makes its own of."""
    path = withdrawals_path(bureau.settings)
    note_after_writes(bureau.databases.staff, bureau.vault, path)
    yield
    after_writes(bureau.databases.staff, None)


def registered(bureau: Bureau, what: str, subject: str) -> bool:
    with read(bureau.databases.staff) as session:
        wanted = (Withdrawal.what == what, Withdrawal.subject == subject)
        rows = session.scalars(select(Withdrawal.id).where(*wanted)).all()
    assert rows
    lines = {each for each, _ in sealed_entries(withdrawals_path(bureau.settings))}
    return lines.issuperset(rows)


def test_an_embed_that_is_revoked_there_is_registered_at_once(bureau: Bureau) -> None:
    embed = uuid4().hex[:24]
    with write(bureau.databases.staff) as session:
        made = {"search": "", "look": "", "origins": [ORIGIN], "name": "x", "created_by": "os:x"}
        session.add(Embed(id=embed, **made))
    path = f"/gestion/cartes/{embed}/retirer"
    answer = bureau.signed_in().post(path, {"raison": "le site a fermé"})
    assert answer.headers["location"].endswith("?fait=retiree")
    assert registered(bureau, "embed", embed)


def test_an_account_that_is_disabled_there_is_registered_at_once(bureau: Bureau) -> None:
    person = bureau.enrolled()
    administrator = bureau.signed_in(Role.ADMINISTRATEUR)
    assert administrator.post(f"/gestion/comptes/{person.id}/desactiver").status_code == 303
    assert registered(bureau, "account", str(person.id))


def test_a_code_that_is_revoked_there_is_registered_at_once(bureau: Bureau, home: Home) -> None:
    curateur = bureau.signed_in()
    home.code(curateur)
    holders = curateur.get(f"{home.page}/operateur").text
    (code,) = re.findall(r"/operateur/([0-9a-f-]{36})/revoquer", holders)
    assert curateur.post(f"{home.page}/operateur/{code}/revoquer").status_code == 303
    assert registered(bureau, "code", code)


def test_an_actor_that_its_operator_hides_there_is_registered_at_once(
    bureau: Bureau, home: Home
) -> None:
    code = home.code(bureau.signed_in())
    bureau.browser().post("/connexion/masquer", {"code": code})
    assert not home.is_public()
    assert registered(bureau, "actor", str(home.id))
