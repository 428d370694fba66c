"""Creating an actor by hand: beside those that exist, and never showing what a list would hide."""

import html
import re

import httpx
import pytest
from sqlalchemy import select

from app.models import Actor, AuditEntry, Role
from app.platform.database.sessions import read
from tests.desk.actors.conftest import Desk
from tests.desk.actors.forms import fields, led_to, send, wrong
from tests.desk.bureau import Browser
from tests.short_lists import csv, run

NEW = "/gestion/acteurs/nouveau"
PLACE = {"address": "44 rue Neuve", "postcode": "93000", "city": "Bobigny", "territory": "93"}
SIMILAR = "/gestion/acteurs/semblables"


@pytest.fixture
def curateur(desk: Desk) -> Browser:
    return desk.signed_in(Role.CURATEUR)


def test_an_empty_form_begins_at_the_name(curateur: Browser) -> None:
    page = curateur.get(NEW).text
    assert re.search(r'<input id="name"[^>]* autofocus>', page)
    assert page.count(" autofocus") == 2, "the name, and the button of the shortcuts"


@pytest.mark.slow
def test_a_draft_is_created_and_nobody_else_sees_it(desk: Desk, curateur: Browser) -> None:
    answer = send(
        curateur,
        NEW,
        fields(curateur.get(NEW)),
        PLACE | {"name": "Association toute neuve", "category": "association"},
    )
    made = led_to(answer)
    assert made["fait"] == "cree"
    assert desk.status(made["acteur"]) == "draft"
    with read(desk.databases.staff) as session:
        newest = select(AuditEntry.action).order_by(AuditEntry.number.desc()).limit(1)
        assert session.scalars(newest).one() == "actor_created"
    # Published later, by its form.
    path = f"/gestion/acteurs/{made['acteur']}/modifier"
    done = led_to(send(curateur, path, fields(curateur.get(path)), {"what": "publier"}))
    assert (done["fait"], desk.status(done["acteur"])) == ("mis_en_ligne", "published")


def test_one_is_published_at_once_where_nothing_hides_it(desk: Desk, curateur: Browser) -> None:
    given = PLACE | {"name": "Antenne de prévention", "category": "prevention", "what": "publier"}
    made = led_to(send(curateur, NEW, fields(curateur.get(NEW)), given))
    assert (made["fait"], desk.status(made["acteur"])) == ("mis_en_ligne", "published")


@pytest.mark.parametrize(
    "entered",
    [
        {"name": "Maison des Pins", "category": "mecs"},
        {"name": "Foyer des Chênes", "category": "association"},
        # It stands where a home is.
        {"name": "Club du coin", "category": "association", "address": "10 rue Cachée"},
    ],
)
def test_what_a_list_would_hide_is_hidden(
    desk: Desk, curateur: Browser, entered: dict[str, str]
) -> None:
    given = PLACE | entered | {"what": "publier"}
    made = led_to(send(curateur, NEW, fields(curateur.get(NEW)), given))
    assert made["fait"] == "enregistre_cache"
    assert desk.status(made["acteur"]) == "draft"
    page = curateur.get(f"/gestion/acteurs/{made['acteur']}?fait={made['fait']}").text
    assert "Le public n’en voit rien" in page


def test_what_exists_is_shown_first_and_created_only_if_one_says_so(
    desk: Desk, curateur: Browser
) -> None:
    given = PLACE | {
        "name": "Association autre",
        "category": "association",
        "phones": "01 99 00 00 99",
    }
    before = len(desk.ids())
    answer = send(curateur, NEW, fields(curateur.get(NEW)), given)
    assert answer.status_code == 409
    assert "Association libre" in answer.text
    assert "même téléphone" in answer.text
    assert len(desk.ids()) == before
    led_to(send(curateur, quand_meme(answer)[0], fields(answer), {}))
    assert len(desk.ids()) == before + 1


def quand_meme(answer: httpx.Response) -> tuple[str, str]:
    """Where the button beside those that exist sends the form, and what it asks."""
    found = re.search(r'name="what" value="(\w+)" formaction="([^"]+)"', answer.text)
    assert found
    return html.unescape(found[2]), found[1]


@pytest.mark.parametrize(("asked", "status"), [("publier", "published"), ("enregistrer", "draft")])
def test_one_press_beside_those_that_exist_does_what_was_asked(
    desk: Desk, curateur: Browser, asked: str, status: str
) -> None:
    given = PLACE | {
        "name": f"Association à {asked}",
        "category": "association",
        "phones": "01 99 00 00 99",
        "address": f"{len(asked)} rue Tout Autre",
    }
    answer = send(curateur, NEW, fields(curateur.get(NEW)), given | {"what": asked})
    assert answer.status_code == 409
    beside = answer.text.partition('class="desk-similar"')[2]
    assert beside.index("Association libre") < beside.index("formaction") < beside.index("Nom")
    path, what = quand_meme(answer)
    assert what == asked
    # The others of its page ask again.
    assert send(curateur, NEW, fields(answer), {"what": asked}).status_code == 409
    made = led_to(send(curateur, path, fields(answer), {"what": what}))
    assert desk.status(made["acteur"]) == status


@pytest.mark.slow
def test_who_creates_learns_nothing_of_what_is_hidden(desk: Desk) -> None:
    referent = desk.signed_in(Role.REFERENT_DEPARTEMENT)
    # By its telephone a masked place of one's own territory is not found, nor any of another one.
    for phone in ("01 99 00 00 10", "01 99 00 00 20"):
        given = PLACE | {"name": "Tout autre nom", "category": "association", "phones": phone}
        answer = referent.post(SIMILAR, given)
        assert answer.status_code == 200
        assert "Foyer" not in answer.text
        assert "Aucun acteur" in answer.text
    # Its name and commune are known to the staff of its territory.
    same = PLACE | {"name": "Foyer fictif", "category": "association"}
    assert "Foyer fictif</a>" in referent.post(SIMILAR, same).text
    elsewhere = same | {"name": "Foyer de Lille", "postcode": "59000", "city": "Lille"}
    assert "Foyer de Lille</a>" not in referent.post(SIMILAR, elsewhere).text
    state = desk.signed_in(Role.REFERENT_ETAT)
    assert "Foyer fictif</a>" not in state.post(SIMILAR, same).text


def test_one_that_is_a_hidden_one_waits_for_a_curateur(desk: Desk) -> None:
    state = desk.signed_in(Role.REFERENT_ETAT)
    given = PLACE | {
        "name": "Foyer fictif",
        "category": "association",
        "address": "",
        "what": "publier",
    }
    answer = send(state, NEW, fields(state.get(NEW)), given)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/gestion/acteurs/fait"
    assert "curateur" in state.get("/gestion/acteurs/fait").text
    with read(desk.databases.staff) as session:
        found = session.scalars(select(Actor.status).order_by(Actor.updated_at.desc())).first()
    assert found == "draft"


def test_one_with_the_whole_name_of_a_home_guards_as_the_home_does(desk: Desk) -> None:
    """As the line of a list does, whatever its author may know of the home."""
    home = "Les Embruns;MECS;60 rue Gardée;93000;Bobigny;;"
    run(desk.runtime, csv(home), source="foyers", territory=None)
    state = desk.signed_in(Role.REFERENT_ETAT)
    given = PLACE | {"name": "Les Embruns", "category": "association", "address": "61 rue Gardée"}
    assert send(state, NEW, fields(state.get(NEW)), given).status_code == 303
    beside = "Cantine;Association;61 rue Gardée;93000;Bobigny;;"
    run(desk.runtime, csv(beside), source="cantines", territory=None)
    with read(desk.databases.staff) as session:
        address = select(Actor.address).where(Actor.name == "Cantine")
        assert session.scalars(address).one() is None


@pytest.mark.slow
def test_one_that_is_created_beside_a_home_of_its_name_is_asked_about_no_more(
    desk: Desk, curateur: Browser
) -> None:
    home = "Le Chenal;MECS;70 rue Gardée;93000;Bobigny;;"
    run(desk.runtime, csv(home), source="chenal", territory=None)
    given = PLACE | {"name": "Le Chenal", "category": "association", "address": "71 rue Gardée"}
    answer = send(curateur, NEW, fields(curateur.get(NEW)), given | {"what": "publier"})
    assert answer.status_code == 409
    path, what = quand_meme(answer)
    made = led_to(send(curateur, path, fields(answer), {"what": what}))
    assert desk.status(made["acteur"]) == "published"
    more = home.replace("Bobigny;", "Bobigny;01 99 00 00 71")
    run(desk.runtime, csv(more), source="chenal", territory=None)
    assert desk.status(made["acteur"]) == "published"


def test_each_role_creates_what_it_may(desk: Desk) -> None:
    referent = desk.signed_in(Role.REFERENT_DEPARTEMENT)
    given = PLACE | {"name": "Loin d'ici", "category": "association"}
    far = given | {"postcode": "59000", "city": "Lille", "address": "1 rue Lointaine"}
    answer = send(referent, NEW, fields(referent.get(NEW)), far)
    assert answer.status_code == 422
    assert "territory" in wrong(answer)
    state = desk.signed_in(Role.REFERENT_ETAT)
    answer = send(state, NEW, fields(state.get(NEW)), given | {"category": "ase"})
    assert "category" in wrong(answer)
    assert desk.signed_in(Role.ADMINISTRATEUR).get(NEW).status_code == 403


def test_an_empty_form_says_what_is_missing(desk: Desk, curateur: Browser) -> None:
    answer = send(curateur, NEW, fields(curateur.get(NEW)), {})
    assert answer.status_code == 422
    assert set(wrong(answer)) == {"name", "category"}
    assert curateur.post(NEW, {}).status_code == 422
    assert curateur.post(SIMILAR, {}).status_code == 200


def test_what_is_found_by_its_name_says_so_once(desk: Desk, curateur: Browser) -> None:
    given = PLACE | {
        "name": "Association libre",
        "category": "association",
        "city": "Aubervilliers",
    }
    found = curateur.post(SIMILAR, given | {"postcode": "93300"})
    assert found.text.count("même nom, même commune") == 1
    assert "nom propre" not in found.text


def test_the_commune_says_the_departement_where_nobody_chooses_one(
    desk: Desk, curateur: Browser
) -> None:
    form = curateur.get(NEW)
    assert "D’après la commune" in form.text
    given = PLACE | {"name": "Antenne d’après sa commune", "category": "prevention"}
    given |= {"territory": "", "address": "45 rue Neuve", "what": "publier"}
    made = led_to(send(curateur, NEW, fields(form), given))
    with read(desk.databases.staff) as session:
        of = select(Actor.territory_code).where(Actor.public_id == made["acteur"])
        assert session.scalars(of).one() == "93"
