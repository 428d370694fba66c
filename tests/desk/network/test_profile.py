"""A member writes their profile, and chooses who reads each line of it."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from app.jobs.rereading import read_members_again
from app.models import NetworkMark, NetworkMember, Withdrawal
from app.network.held import held
from app.network.profile import Profile
from app.network.writing import MOST_A_DAY
from app.platform.database.sessions import read, write
from app.records import acts
from app.runtime.staff import Runtime
from tests.desk.bureau import Browser, Bureau
from tests.desk.network.conftest import Joined
from tests.makers import decide
from tests.networked import public_id_of, says, works_for

FORM: dict[str, Any] = {
    "fonction": "educateur",
    "intitule": "Éducatrice de rue",
    "territoires": "93, 2a",
    "themes": ["fugue"],
    "formation": "true",
    "former": "Deux jours sur le repérage.",
    "aider": "Monter une maraude numérique.",
    "langues": "anglais; Roumain",
    "boite": "service@exemple.fr",
    "courriel": "camille@exemple.fr",
    "telephone": "01 99 00 00 77",
}
PAGE = "/pro/reseau/profil"
NEUTRAL = "Lieu d'accueil – Seine-Saint-Denis"


def page_of(browser: Browser, person: Any) -> str:
    answer = browser.get(f"/pro/reseau/membres/{person.id}")
    return answer.text if answer.status_code == 200 else str(answer.status_code)


def row_of(bureau: Bureau, person: Any) -> NetworkMember:
    with read(bureau.databases.staff) as session:
        return session.get_one(NetworkMember, person.id)


def test_what_is_saved_is_shown_to_the_network_but_phone_and_mail(
    bureau: Bureau, joined: Joined
) -> None:
    person, browser = joined()
    assert browser.post(PAGE, FORM).headers["location"] == f"{PAGE}?fait=enregistre"
    _, other = joined("13")
    text = page_of(other, person)
    for said in ("Éducatrice de rue", "Seine-Saint-Denis, Corse-du-Sud", "Fugue", "Deux jours"):
        assert said in text
    assert "Roumain" in text
    for hidden in ("service@exemple.fr", "camille@exemple.fr", "01 99 00 00 77", "+331990"):
        assert hidden not in text
    form = browser.get(PAGE).text
    for value in ("93, 2A", "Anglais, Roumain", "service@exemple.fr", "Deux jours"):
        assert value in form
    assert b"Deux jours" not in (row_of(bureau, person).profile or b"")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("fonction", "roi"), ("territoires", "93, 999"), ("langues", "klingon")),
        *(("boite", "x"), ("courriel", "x@y@z"), ("telephone", "12")),
        *(("former", "x" * 501), ("lecteurs-courriel", "public"), ("intitule", "x" * 121)),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    bureau: Bureau, joined: Joined, field: str, value: str
) -> None:
    person, browser = joined()
    answer = browser.post(PAGE, FORM | {field: value})
    assert answer.status_code == 422
    assert re.search(r'class="desk-wrong" id="\w+-faute"', answer.text)
    assert "Monter une maraude" in answer.text
    assert row_of(bureau, person).profile is None


def test_who_reads_a_line_is_chosen_line_by_line(joined: Joined) -> None:
    person, browser = joined("93")
    near, far = joined("93", "75")[1], joined("13")[1]
    browser.post(PAGE, FORM | {"lecteurs-courriel": "departement", "lecteurs-aider": "moi"})
    assert "camille@exemple.fr" in page_of(near, person)
    assert "camille@exemple.fr" not in page_of(far, person)
    for browser_of_other in (near, far):
        assert "maraude" not in page_of(browser_of_other, person)
    # A department counts that was approved, not one that somebody says.
    far.post(PAGE, FORM | {"territoires": "93"})
    assert "camille@exemple.fr" not in page_of(far, person)
    # Nor is anything found by what is not shown.
    for words in ("maraude", "camille@exemple.fr"):
        assert str(person.id) not in far.get(f"/pro/reseau?q={words}").text


def test_of_a_protected_place_the_neutral_name_alone_is_read(
    runtime: Runtime, joined: Joined
) -> None:
    person, browser = joined()
    neutral = public_id_of(runtime, NEUTRAL)
    assert browser.post("/pro/reseau/organisation", {"fiche": neutral}).status_code == 303
    browser.post(PAGE, FORM | {"lecteurs-courriel": "reseau", "lecteurs-telephone": "reseau"})
    text = page_of(joined()[1], person)
    assert "accueil – Seine-Saint-Denis" in text
    assert "Éducateur ou éducatrice" in text
    for telling in ("Éducatrice de rue", "maraude", "camille@", "Deux jours", "Bobigny", "01 99"):
        assert telling not in text


@pytest.mark.parametrize("secret", [False, True])
def test_what_is_read_of_an_organisation_changes_as_it_is_hidden(
    bureau: Bureau, runtime: Runtime, joined: Joined, secret: bool
) -> None:
    name = "Service du soir" if secret else "Service du matin"
    person, browser = joined()
    works_for(runtime, person.id, public_id_of(runtime, name))
    browser.post(PAGE, FORM)
    _, other = joined()
    assert name in page_of(other, person)
    assert "maraude" in page_of(other, person)
    assert str(person.id) in other.get("/pro/reseau?q=service").text
    public_id = public_id_of(runtime, name)
    decide(runtime, acts.protect, public_id, who="essai", why="menaces", secret=secret)
    text = page_of(other, person)
    assert name not in text
    assert "maraude" not in text
    assert ("<dt>Organisation</dt>" in text) is not secret
    assert str(person.id) not in other.get(f"/pro/reseau?q={name}").text


def test_only_what_everybody_reads_is_chosen(joined: Joined) -> None:
    _, browser = joined()
    assert browser.post("/pro/reseau/organisation", {"fiche": "0" * 16}).status_code == 422
    text = browser.get("/pro/reseau/organisation?q=crip").text
    assert "CRIP d’exemple" in text
    assert "Foyer fictif" not in browser.get("/pro/reseau/organisation?q=foyer").text


def test_a_text_that_names_a_home_is_read_by_its_owner_alone(
    bureau: Bureau, runtime: Runtime, joined: Joined
) -> None:
    person, browser = joined()
    says(runtime, person.id, helps="Réunions au 10 rue Cachée", function="autre")
    _, other = joined()
    assert "Cachée" in browser.get(PAGE).text
    text = page_of(other, person)
    assert "Autre fonction" in text
    assert "Cachée" not in text
    assert str(person.id) not in other.get("/pro/reseau?q=cachee").text


def test_a_text_that_names_who_becomes_hidden_is_read_no_more(
    runtime: Runtime, joined: Joined
) -> None:
    person, _ = joined()
    says(runtime, person.id, helps="Réunions au 99 rue Autre, Aubervilliers")
    _, other = joined()
    assert "99 rue Autre" in page_of(other, person)
    public_id = public_id_of(runtime, "Association libre")
    decide(runtime, acts.protect, public_id, who="essai", why="menaces")
    assert "99 rue Autre" not in page_of(other, person)


def test_what_a_former_release_let_through_goes_at_night(
    bureau: Bureau, runtime: Runtime, joined: Joined
) -> None:
    person, _ = joined()
    says(runtime, person.id, helps="Réunions au 10 rue Cachée")
    with write(bureau.databases.staff) as session:
        session.get_one(NetworkMember, person.id).masked = False
    _, other = joined()
    assert "Cachée" in page_of(other, person)
    read_members_again(runtime)
    assert "Cachée" not in page_of(other, person)
    with read(bureau.databases.staff) as session:
        assert session.scalars(select(NetworkMark)).all()


def test_saving_again_and_again_is_refused(joined: Joined, runtime: Runtime) -> None:
    person, browser = joined()
    for number in range(MOST_A_DAY):
        says(runtime, person.id, helps=str(number))
    answer = browser.post(PAGE, FORM)
    assert answer.status_code == 429
    assert "Monter une maraude" in answer.text


def test_saying_less_is_noted_so_that_no_backup_says_more(
    bureau: Bureau, runtime: Runtime, joined: Joined
) -> None:
    person, _ = joined()

    def noted() -> int:
        with read(bureau.databases.staff) as session:
            own = (Withdrawal.what == "member", Withdrawal.subject == str(person.id))
            return len(session.scalars(select(Withdrawal.id).where(*own)).all())

    says(runtime, person.id, helps="Un texte")
    says(runtime, person.id, helps="Un texte", function="autre")
    assert noted() == 0
    says(runtime, person.id, helps="Un texte", audiences={"helps": "moi"}, function="autre")
    assert noted() == 1


def test_what_is_held_is_handed_out_and_goes_with_the_account(
    bureau: Bureau, runtime: Runtime, joined: Joined
) -> None:
    person, browser = joined()
    browser.post(PAGE, FORM)
    works_for(runtime, person.id, public_id_of(runtime, NEUTRAL))
    with read(bureau.databases.staff) as session:
        given = held(session, bureau.vault, person.id, bureau.clock.at)["reseau"]
    assert given["profil"]["mail"] == "camille@exemple.fr"
    # Of a protected place no more than everybody reads.
    assert given["organisation"] == NEUTRAL
    assert browser.post("/pro/reseau/quitter").status_code == 303
    with read(bureau.databases.staff) as session:
        assert session.get(NetworkMember, person.id) is None


def test_a_profile_of_nothing_says_nothing() -> None:
    assert Profile().texts == {}
