"""The file of a territory as the desk hands it out: to whom works there, noted, sent back whole."""

import re

import pytest
from sqlalchemy import select

from app.models import AuditEntry, Role
from app.platform.database.sessions import read
from tests.desk.actors.conftest import Desk
from tests.lists.handed_out import NAME, rows_of
from tests.short_lists import counts, run

PATH = "/gestion/acteurs/mise-a-jour"


@pytest.mark.parametrize("role", [Role.CURATEUR, Role.REFERENT_DEPARTEMENT])
def test_the_file_of_a_territory_comes_back_without_a_difference(desk: Desk, role: Role) -> None:
    answer = desk.signed_in(role).post(PATH, data={"territoire": "93"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    name = r'filename="mise-a-jour-93-\d{4}-\d\d-\d\d\.xlsx"'
    assert re.search(name, answer.headers["content-disposition"])
    names = [row["Nom"] for row in rows_of(answer.content)]
    assert "CRIP d'exemple" in names
    assert not any("Foyer" in each or "inconnue" in each for each in names)
    summary = run(desk.runtime, answer.content, NAME)
    assert counts(summary)["read"] == counts(summary)["unchanged"] == len(names)
    assert summary.problems == ()


def test_it_is_noted_first(desk: Desk) -> None:
    desk.signed_in().post(PATH, data={"territoire": "59"})
    with read(desk.databases.staff) as session:
        noted = select(AuditEntry).filter_by(action="actors_exported")
        last = session.scalars(noted.order_by(AuditEntry.number.desc())).first()
        assert last is not None
        detail = desk.vault.open_json("audit_entry", last.id, "detail", last.detail)
    assert detail == {"acteurs": 1, "fichier": "mise à jour", "territoire": "59"}


@pytest.mark.parametrize("territory", ["59", "999", ""])
def test_a_referent_takes_no_file_of_another_territory(desk: Desk, territory: str) -> None:
    referent = desk.signed_in(Role.REFERENT_DEPARTEMENT)
    answer = referent.post(PATH, data={"territoire": territory})
    assert answer.status_code in (404, 422)
    assert "Lieu d" not in answer.text


@pytest.mark.parametrize("role", [Role.REFERENT_ETAT, Role.ADMINISTRATEUR])
def test_nobody_else_takes_one(desk: Desk, role: Role) -> None:
    browser = desk.signed_in(role)
    assert browser.post(PATH, data={"territoire": "93"}).status_code == 403
    if role is Role.REFERENT_ETAT:
        assert PATH not in browser.get("/gestion/acteurs").text


def test_the_list_offers_the_territories_of_its_reader(desk: Desk) -> None:
    curateur = desk.signed_in().get("/gestion/acteurs?territoire=93").text
    form = curateur[curateur.index(f'action="{PATH}"') :].partition("</form>")[0]
    assert '<option value="93" selected>93 Seine-Saint-Denis</option>' in form
    own = desk.signed_in(Role.REFERENT_DEPARTEMENT).get("/gestion/acteurs").text
    form = own[own.index(f'action="{PATH}"') :].partition("</form>")[0]
    assert re.findall(r'<option value="(\w+)"', form) == ["93"]
