"""Two that may be one are read side by side before it is decided, and nothing masked is shown."""

import re
from uuid import UUID, uuid4

import pytest

from app.models import Role
from app.platform.database.sessions import read, write
from app.records import proposals
from app.records.proposals import perhaps_same, propose, waiting
from app.vault.digests import index_key
from app.visibility import Viewer
from tests.desk.actors.conftest import Desk
from tests.desk.actors.forms import correct
from tests.desk.actors.test_decisions import PAGE, pair, proposed
from tests.desk.actors.test_sheet import SECRETS, journal
from tests.desk.actors.test_undo import listed, seen

ROW = re.compile(r"<tr>\s*<th scope=\"row\">(.*?)</th>\s*<td[^>]*>(.*?)</td>\s*<td[^>]*>(.*?)</td>",
                 re.DOTALL)  # fmt: skip


def rows(page: str) -> dict[str, tuple[str, str]]:
    """Field -> both values, "*" before those that differ."""
    found = {}
    for label, *values in ROW.findall(page):
        mark = "*" if "différent" in label else ""
        name = label.partition(" <span")[0]
        found[name] = tuple(mark + re.sub(r"<[^>]*>", "", each).strip() for each in values)
    return found  # type: ignore[return-value]


def with_shelter(desk: Desk, name: str) -> UUID:
    """An association that may be the shelter; return the proposal."""
    listed(desk, name)
    with write(desk.databases.staff) as session:
        both = seen(desk, name).actor_id, seen(desk, "Foyer fictif").actor_id
        found = [perhaps_same(*both, "même téléphone")]
        propose(session, desk.vault, index_key(session, desk.vault), found)
    return proposed(desk, "same", name)


def test_both_are_shown_and_what_differs_is_marked(desk: Desk) -> None:
    proposal = pair(desk, 21)
    browser = desk.signed_in()
    assert f'href="{PAGE}/{proposal}"' in browser.get(PAGE).text
    page = browser.get(f"{PAGE}/{proposal}").text
    found = rows(page)
    assert found["Nom"] == ("*Maison des droits 21", "*Antenne 21")
    assert found["Catégorie"] == ("Association", "Association")
    assert found["Adresses électroniques"] == ("*b@example.org", "*a@example.org")
    assert "SIRET" not in found
    assert browser.post(f"{PAGE}/{proposal}", data={"reponse": "separer"}).status_code == 303
    answer = browser.get(f"{PAGE}/{proposal}")
    assert "n’attend plus de réponse" in browser.get(answer.headers["location"]).text


def test_a_masked_one_shows_what_its_sheet_does_until_it_is_opened(desk: Desk) -> None:
    proposal = with_shelter(desk, "Association jumelle")
    address, browser = f"{PAGE}/{proposal}", desk.signed_in()
    page = browser.get(address).text
    assert not [secret for secret in SECRETS if secret in page]
    # The phone of the open one stands in the table.
    assert "même téléphone" not in page
    assert "Deux acteurs</button>" not in page
    found = rows(page)
    assert found["Nom"] == ("*Foyer fictif", "*Association jumelle")
    assert found["Catégorie"] == ("dans la fiche fermée", "Association")
    opening = f"/gestion/acteurs/{desk.ids()['Foyer fictif']}/ouvrir"
    assert f'action="{opening}"' in page
    before = journal(desk, "actor_opened")
    answer = browser.post(opening, data={"suite": address})
    assert answer.headers["location"] == address
    assert journal(desk, "actor_opened") == before + 1
    page = browser.get(address).text
    assert "même téléphone" in page
    assert "10 rue Cachée" in rows(page)["Adresse"][0]
    assert not [secret for secret in SECRETS if secret in desk.signed_in().get(address).text]
    desk.clock.pass_by(minutes=16)
    closed = browser.get(address).text
    desk.clock.pass_by(minutes=-16)
    assert not [secret for secret in SECRETS if secret in closed]


def test_whom_a_record_names_is_noted(desk: Desk) -> None:
    proposal = pair(desk, 23)
    browser = desk.signed_in()
    assert correct(browser, desk.ids()["Antenne 23"], withheld="06 99 00 00 23").status_code == 303
    before = journal(desk, "persons_read")
    reader = desk.signed_in()
    assert "06 99 00 00 23" in reader.get(f"{PAGE}/{proposal}").text
    noted = journal(desk, "persons_read")
    assert noted > before
    reader.get(f"{PAGE}/{proposal}")
    assert journal(desk, "persons_read") == noted


@pytest.mark.parametrize("way", ["https://example.org", "//example.org/gestion", "/connexion"])
def test_an_opening_leads_to_no_other_place(desk: Desk, way: str) -> None:
    opening = f"/gestion/acteurs/{desk.ids()['Foyer fictif']}/ouvrir"
    answer = desk.signed_in().post(opening, data={"suite": way})
    assert answer.headers["location"] == "/gestion"


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.CURATEUR}))
def test_nobody_else_compares(desk: Desk, role: Role) -> None:
    assert desk.signed_in(role).get(f"{PAGE}/{uuid4()}").status_code == 403


def test_what_is_counted_follows_the_other_of_two_as_well(desk: Desk) -> None:
    proposal, curateur = pair(desk, 25), desk.signed_in()
    viewer = Viewer.staff(Role.REFERENT_DEPARTEMENT, ["93"])

    def counted() -> int:
        with read(desk.databases.staff) as session:
            found = waiting(session, desk.vault, viewer)
            assert proposals.count(session, desk.vault, viewer).total() == len(found)
            return sum(each.id == proposal for each in found)

    assert counted() == 1
    with read(desk.databases.staff) as session:
        (one,) = [each for each in waiting(session, desk.vault, viewer) if each.id == proposal]
    elsewhere = {"territory": "59", "postcode": "59000", "city": "Lille"}
    assert correct(curateur, one.other_id, **elsewhere).status_code == 303
    assert counted() == 0
