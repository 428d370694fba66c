"""A number that another source gives to anybody stays public, whatever a person chooses."""

import pytest

from app.platform.database.sessions import read, write
from app.records import acts
from app.records.viewing import see
from app.visibility import OPERATOR
from geo.zones import paris_day
from tests.desk.actors.conftest import Desk
from tests.desk.actors.test_conflicts import HEADER, form_of
from tests.desk.actors.test_conflicts import PAGE as CONFLICTS
from tests.desk.actors.test_duplicates import HEAD, NAME, answer, only, proposed
from tests.desk.actors.test_duplicates import PAGE as DOUBLES
from tests.short_lists import run


@pytest.mark.parametrize("chosen", ["garder", "prendre"])
def test_a_number_that_another_list_gives_stays_public_whatever_is_chosen(
    desk: Desk, chosen: str
) -> None:
    name, number = f"Service ouvert {chosen}", f"93000090{len(chosen) % 2}"
    line = f"{number};{name};ASE;29 rue Ouverte;93000;Bobigny"
    for source, more in (
        (f"ouvert {chosen}", "01 99 00 00 66;accueil@example.org"),
        (f"nomme {chosen}", "Mme Exemple 01 99 00 00 66;contact@example.org"),
    ):
        run(desk.runtime, f"{HEADER}\r\n{line};{more}".encode("cp1252"), source=source)
    browser, actor = desk.signed_in(), desk.ids()[name]

    def withheld() -> tuple[str, ...]:
        with read(desk.databases.staff) as session:
            found = see(session, desk.vault, OPERATOR)
            (seen,) = [each for each in found if each.public_id == actor]
        assert seen.record.phones == ("+33199000066",)
        return seen.record.unpublished

    assert withheld() == ()
    given = form_of(browser, "emails", actor) | {"reponse": chosen}
    assert browser.post(CONFLICTS, data=given).is_redirect
    assert withheld() == ()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "cell", "hidden"),
    [
        (91, "Mme Exemple 01 99 00 02 91", False),
        (92, "Mme Exemple, tél. perso 01 99 00 02 92", True),
        (93, "Mme Exemple, directrice : 01 99 00 02 93", True),
    ],
)
def test_a_number_that_one_of_two_gives_stays_public_unless_more_than_a_name_withholds_it(
    desk: Desk, number: int, cell: str, *, hidden: bool
) -> None:
    def send(name: str, cell: str, source: str, mail: str) -> None:
        line = f"{name} {number};Association;{number} rue Haute;93000;Bobigny;{cell};{mail};"
        data = f"{HEAD}\r\n{line}".encode("cp1252")
        run(desk.runtime, data, source=f"{source} {number}", territory=None)

    given = f"01 99 00 02 {number}"
    send("Antenne", given, "ouverte", "a@example.org")
    send(NAME, cell, "nommée", "b@example.org")
    proposal, browser = proposed(desk, f"{NAME} {number}", f"Antenne {number}"), desk.signed_in()
    assert (given in browser.get(f"{DOUBLES}/{proposal}").text) is not hidden
    assert answer(browser, proposal, "reunir").status_code == 303
    phone = f"+331990002{number}"
    record = only(desk, f"Antenne {number}").record
    assert (record.phones, phone in record.unpublished) == ((phone,), hidden)
    # The list that names somebody comes again, and something else of it changed.
    send(NAME, cell, "nommée", "c@example.org")
    assert (phone in only(desk, f"Antenne {number}").record.unpublished) is hidden


@pytest.mark.slow
def test_what_a_person_withholds_of_one_of_two_stays_withheld_by_a_person(desk: Desk) -> None:
    def send(name: str, cell: str, source: str) -> None:
        line = f"{name} 94;Association;94 rue Haute;93000;Bobigny;{cell};a@example.org;"
        data = f"{HEAD}\r\n{line}".encode("cp1252")
        run(desk.runtime, data, source=f"{source} 94", territory=None)

    send("Antenne", "Mme Exemple 01 99 00 02 94", "nommée")
    send(NAME, "01 99 00 02 94", "ouverte")
    proposal, browser = proposed(desk, f"{NAME} 94", "Antenne 94"), desk.signed_in()
    with write(desk.databases.staff) as session:
        writer, edit = acts.find(session, desk.vault, only(desk, f"{NAME} 94").public_id)
        acts.withhold(edit, {"+33199000294"}, paris_day())
        acts.write(session, desk.vault, writer, edit, "edit", "essai")
    assert answer(browser, proposal, "reunir").status_code == 303
    with read(desk.databases.staff) as session:
        _, edit = acts.find(session, desk.vault, only(desk, "Antenne 94").public_id)
    assert "+33199000294" in edit.record.unpublished
    assert edit.provenance["unpublished"].source == "staff"
