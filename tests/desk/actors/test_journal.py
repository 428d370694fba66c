"""The journal names what was touched, as whoever opens no record may read it."""

import re

import pytest

from app.models import Role
from tests.desk.actors.conftest import Desk
from tests.desk.actors.test_duplicates import PAGE, pair, seen_in

pytestmark = pytest.mark.slow

JOURNAL = "/gestion/journal"


def subjects(desk: Desk, deed: str) -> list[tuple[str, str]]:
    """The id and the name in each row of the journal, the latest first."""
    page = desk.signed_in(Role.ADMINISTRATEUR).get(f"{JOURNAL}?geste={deed}").text
    return re.findall(r'<td><a href="/gestion/journal\?objet=([^"]+)">([^<]+)</a>', page)


def test_a_row_names_a_protected_actor_as_the_public_reads_it(desk: Desk) -> None:
    browser, ids = desk.signed_in(), desk.ids()
    browser.post(f"/gestion/acteurs/{ids['Foyer fictif']}/ouvrir")
    ((subject, name),) = subjects(desk, "actor_opened")
    assert name == "Lieu d’accueil – Seine-Saint-Denis"
    page = desk.signed_in(Role.ADMINISTRATEUR).get(f"{JOURNAL}?objet={subject}").text
    assert name in page
    assert "Foyer fictif" not in page
    browser.post(f"/gestion/acteurs/{ids['Structure inconnue']}/ouvrir")
    assert subjects(desk, "actor_opened")[0][1] == "Acteur non public (93)"


def test_a_decided_proposal_is_named_after_its_actor(desk: Desk) -> None:
    proposal = pair(desk, 12)
    browser = desk.signed_in()
    data = {"reponse": "separer", "vu": seen_in(browser, proposal)}
    assert browser.post(f"{PAGE}/{proposal}", data=data).status_code == 303
    ((_, name),) = subjects(desk, "proposal_decided")
    assert name in ("Antenne 12", "Maison des droits 12")
