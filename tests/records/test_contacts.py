"""Phones and mailboxes that are kept back: listed, and shown by a person, one by one."""

import pytest
from sqlalchemy import text

from app.platform.database.sessions import read
from app.records.acts import AlreadyPublic, ContactShared, protect, show_mail, show_phone
from app.records.hidden import withheld_contacts
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from tests.makers import decide
from tests.short_lists import NEIGHBOUR, SAME_PHONE, SHELTER, csv, ids, run

HEAD = "Nom;Catégorie;Adresse;Code postal;Commune;Téléphone;Courriel;Mail direct;Ligne directe"
LINE = (
    "CIDFF;Association;9 rue Libre;93000;Bobigny;01 99 00 00 30;contact@cidff.example;"
    "marie.dupont@cidff.example;01 99 00 00 31"
)


def cidff(runtime: Runtime) -> str:
    """Import an association with a mailbox and a phone of its own, and two of a person."""
    run(runtime, f"{HEAD}\r\n{LINE}".encode("cp1252"))
    return ids(runtime)["CIDFF"]


def shown(runtime: Runtime, name: str = "CIDFF") -> tuple[str | None, list[str]]:
    with runtime.databases.public.connect() as connection:
        found = connection.execute(text("SELECT name, email, phones FROM actor"))
        return next((row.email, row.phones) for row in found if row.name == name)


def listed(runtime: Runtime, territory: str | None = None) -> list[tuple[str, str]]:
    with read(runtime.staff) as session:
        found = withheld_contacts(session, runtime.vault, OPERATOR, territory)
        return [(each.option, each.value) for each in found]


def test_what_is_kept_back_is_listed_until_a_person_shows_it(runtime: Runtime) -> None:
    public_id = cidff(runtime)
    assert shown(runtime) == ("contact@cidff.example", ["+33199000030"])
    mail, phone = ("--mail", "marie.dupont@cidff.example"), ("--phone", "+33199000031")
    assert listed(runtime) == [phone, mail]
    assert listed(runtime, "59") == []
    decide(runtime, show_phone, public_id, "01 99 00 00 31", who="e", why="accord")
    assert listed(runtime) == [mail]
    assert shown(runtime)[1] == ["+33199000030", "+33199000031"]


@pytest.mark.slow
def test_a_mailbox_takes_the_place_of_the_one_that_was_public_and_back(runtime: Runtime) -> None:
    public_id = cidff(runtime)
    done = decide(runtime, show_mail, public_id, "Marie.Dupont@cidff.example", who="e", why="oui")
    assert done.instead == "contact@cidff.example"
    assert shown(runtime)[0] == "marie.dupont@cidff.example"
    with pytest.raises(AlreadyPublic):
        decide(runtime, show_mail, public_id, "marie.dupont@cidff.example", who="e", why="oui")
    decide(runtime, show_mail, public_id, "contact@cidff.example", who="e", why="non")
    assert shown(runtime)[0] == "contact@cidff.example"
    run(runtime, f"{HEAD}\r\n{LINE}".replace("9 rue Libre", "8 rue Libre").encode("cp1252"))
    assert shown(runtime)[0] == "contact@cidff.example"


def test_what_a_sheet_cannot_show_is_refused_and_changes_nothing(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER, SAME_PHONE))
    found = ids(runtime)
    (home,) = (public_id for name, public_id in found.items() if name != "Association amie")
    with pytest.raises(ContactShared):
        decide(runtime, show_mail, home, "foyer@example.org", who="e", why="accord")
    with pytest.raises(ContactShared):
        decide(runtime, show_phone, found["Association amie"], "0199000010", who="e", why="oui")
    assert shown(runtime, "Association amie") == (None, [])
    assert ids(runtime) == found


def test_nothing_of_a_neutral_record_is_listed_one_by_one(runtime: Runtime) -> None:
    public_id = cidff(runtime)
    run(runtime, csv(NEIGHBOUR))
    decide(runtime, protect, public_id, who="e", why="menaces")
    assert listed(runtime) == []
