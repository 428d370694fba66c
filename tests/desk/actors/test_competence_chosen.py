"""Who says whose one commune is keeps what they had chosen of others in the same form."""

import re

import pytest

from app.models import Role
from tests.desk.actors.conftest import Desk
from tests.desk.actors.test_competence import (
    BOBIGNY,
    COURT,
    MONTREUIL,
    PAGE,
    SAINT_DENIS,
    option,
    registers,
    says,
    sent,
    undo,
)
from tests.desk.bureau import Browser

__all__ = ["registers", "sent"]


def decided(browser: Browser, desk: Desk, version: str) -> dict[str, str]:
    """What « C’est lui » sends of a form in which communes of another court are chosen."""
    return {
        "fonction": COURT,
        "decide": f"{SAINT_DENIS}.{version}",
        "acteur": option(browser, desk.ids()["Tribunal B"], COURT),
        "commune": BOBIGNY,
        "liste": "Pantin",
    }


def stays_chosen(page: str, desk: Desk) -> None:
    assert re.search(rf'value="{BOBIGNY}" checked', page)
    assert not re.search(rf'value="{SAINT_DENIS}" checked', page)
    assert ">Pantin</textarea>" in page
    assert re.search(rf'<option value="{desk.ids()["Tribunal B"]}\.\d+" selected', page)


def test_what_is_chosen_stays_when_one_commune_is_decided(desk: Desk, registers: None) -> None:
    browser = desk.signed_in()
    version = option(browser, desk.ids()["Tribunal A"], COURT)
    given = decided(browser, desk, version)
    answer = browser.post(PAGE, given)
    assert answer.status_code == 200
    assert "C’est enregistré" in answer.text
    stays_chosen(answer.text, desk)
    # It is undone from there as from anywhere.
    (lot,) = re.findall(r'annuler\?[^"]*" name="lot" value="([^"]+)"', answer.text)
    # Its button sends what is chosen by then, and the page that follows has it.
    chosen = {name: given[name] for name in ("acteur", "commune", "liste")}
    undone = browser.post(f"{PAGE}/annuler?fonction={COURT}", {"lot": lot, **chosen})
    assert undone.status_code == 200
    assert "C’est annulé" in undone.text
    stays_chosen(undone.text, desk)
    # Whoever reads that page again by its address is led back.
    again = browser.get(f"{PAGE}/annuler?fonction={COURT}")
    assert again.headers["location"] == f"{PAGE}?fonction={COURT}"


def test_it_stays_as_well_when_somebody_came_before(desk: Desk, registers: None) -> None:
    browser = desk.signed_in()
    version = option(browser, desk.ids()["Tribunal A"], COURT)
    other = desk.signed_in(Role.REFERENT_DEPARTEMENT)
    before = says(other, desk, "Tribunal A", fonction=COURT, commune=MONTREUIL)
    answer = browser.post(PAGE, decided(browser, desk, version))
    assert answer.status_code == 409
    stays_chosen(answer.text, desk)
    undo(other, before)


def test_where_nothing_else_is_chosen_the_page_is_read_again(desk: Desk, registers: None) -> None:
    browser = desk.signed_in()
    version = option(browser, desk.ids()["Tribunal A"], COURT)
    given = decided(browser, desk, version) | {"liste": " "}
    del given["commune"]
    answer = browser.post(PAGE, given)
    assert answer.status_code == 303
    undo(browser, answer)


@pytest.mark.slow
def test_it_stays_where_the_actor_was_protected_meanwhile(desk: Desk, registers: None) -> None:
    browser, other = desk.signed_in(), desk.signed_in()
    version = option(browser, desk.ids()["Tribunal A"], COURT)
    given = decided(browser, desk, version)
    path = f"/gestion/acteurs/{desk.ids()['Tribunal A']}"
    protected = other.post(f"{path}/proteger", {"pourquoi": "Des menaces."})
    try:
        answer = browser.post(PAGE, given)
        assert answer.status_code == 404
        assert "vos communes" in answer.text
        stays_chosen(answer.text, desk)
        # Of whom nothing is left to be said, nobody else is chosen in its place.
        alone = given | {"acteur": version}
        del alone["decide"]
        answer = browser.post(PAGE, alone)
        assert answer.status_code == 404
        assert re.search('<option value="" selected', answer.text)
        assert re.search(rf'value="{BOBIGNY}" checked', answer.text)
    finally:
        now = protected.headers["location"].partition("?")[0]
        other.post(f"{now}/proteger/annuler")
