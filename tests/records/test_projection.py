"""What each level leaves public of a record in which everything is said."""

from datetime import date

import pytest

from app.records.causes import Cause
from app.records.placing import Placed
from app.records.projection import project
from app.records.record import ActorRecord
from geo.territories import Territory
from importers import vocabulary

NORD = Territory("59", "Nord", "departement", "32", "Hauts-de-France")
PLACED = Placed(3.06, 50.63, "address")
RECORD = ActorRecord(
    name="Les Lilas",
    acronym="LIL",
    category="mecs",
    description="Seule pouponnière du Nord",
    functions=("ecoute", "evaluation"),
    audiences=("victimes",),
    languages=("en",),
    age_min=0,
    age_max=3,
    phones=("+33199000010", "+33199000011"),
    emails=("lilas@example.org", "autre@example.org"),
    website="https://lilas.example.org",
    opening_hours="24/7",
    address="10 rue Cachée\n59000 Lille",
    street="10 rue Cachée",
    postcode="59000",
    city="Lille",
    commune="59350",
    territory="59",
    verified_on=date(2026, 1, 5),
    covers_national=True,
    covers_territories=("59",),
    covers_epcis=("200093201",),
    covers_communes=("59350",),
)
WHERE = {"address": None, "commune_code": None, "point": None, "precision": None}


def beside(*shared: str) -> Cause:
    return Cause(why="beside", shared=shared, since=date(2026, 1, 5))


@pytest.mark.parametrize(("level", "status"), [("neutral", "published"), ("unlisted", "draft")])
def test_a_neutral_record_says_its_family_and_territory_alone(level: str, status: str) -> None:
    family = vocabulary.load().families[vocabulary.load().categories["mecs"].family]
    columns = project(RECORD, level, (), NORD, PLACED)  # type: ignore[arg-type]
    assert {name: value for name, value in columns.items() if value} == {
        "protected": True,
        "category": family.code,
        # With the apostrophe of lists, as since the first of them.
        "name": "Lieu d'accueil – Nord",
        "slug": "lieu-d-accueil-nord",
        "functions": list(family.neutral_functions),
        "territory_code": "59",
        "status": status,
    }
    # What is not told is emptied, whatever stood there before.
    assert columns.keys() == project(RECORD, None, (), NORD, PLACED).keys()


def test_a_held_record_loses_its_place_and_nothing_else_of_its_own() -> None:
    open_ = project(RECORD, None, (), NORD, PLACED)
    assert project(RECORD, "held", (), NORD, PLACED) == open_ | WHERE | {"covers_communes": []}


def test_a_held_record_loses_what_it_shares() -> None:
    shared = ("phone:+33199000010", "mail:lilas@example.org", "site:lilas.example.org")
    columns = project(RECORD, "held", [beside(*shared)], NORD, PLACED)
    assert columns["phones"] == ["+33199000011"]
    assert (columns["email"], columns["website"]) == ("autre@example.org", None)


@pytest.mark.parametrize(
    "text",
    [
        "Entrée par la rue Cachée",
        "Accueil à Lille",
        "59000, près de la gare",
        "En face du 3 avenue Haute",
        "La nuit, 01 99 00 00 10",
        "Écrire à Lilas@example.org",
        "Voir lilas.example.org",
    ],
)
def test_a_held_description_tells_neither_the_place_nor_what_is_shared(text: str) -> None:
    shared = ("phone:+33199000010", "mail:lilas@example.org", "site:lilas.example.org")
    record = RECORD.model_copy(update={"description": text})
    assert project(record, "held", [beside(*shared)], NORD, PLACED)["description"] is None


def test_what_a_list_withholds_is_public_once_a_person_shows_it() -> None:
    withheld = RECORD.phones[:1] + RECORD.emails[:1]
    record = RECORD.model_copy(update={"unpublished": withheld})
    columns = project(record, None, (), NORD, PLACED)
    assert (columns["phones"], columns["email"]) == (["+33199000011"], "autre@example.org")
    columns = project(record.model_copy(update={"shown": withheld}), None, (), NORD, PLACED)
    assert (columns["phones"], columns["email"]) == (list(RECORD.phones), "lilas@example.org")


def test_a_number_of_the_night_stands_behind_the_others_with_its_hours() -> None:
    night, day = RECORD.phones
    update = {"duty_phones": (night,), "duty_hours": "Mo-Su 18:00-08:00"}
    record = RECORD.model_copy(update=update)
    columns = project(record, None, (), NORD, PLACED)
    assert columns["phones"] == [day, night]
    assert (columns["duty_phones"], columns["duty_hours"]) == ([night], "Mo-Su 18:00-08:00")
    withheld = record.model_copy(update={"unpublished": (night,)})
    columns = project(withheld, None, (), NORD, PLACED)
    assert (columns["phones"], columns["duty_phones"], columns["duty_hours"]) == ([day], [], None)


@pytest.mark.parametrize("text", ["9h-12h, Mme Petit 06 12 34 56 78", "écrire à p.nom@example.org"])
def test_words_of_hours_that_give_a_number_or_a_mailbox_are_not_public(text: str) -> None:
    update = {"opening_hours": None, "hours_text": text}
    assert project(RECORD.model_copy(update=update), None, (), NORD, PLACED)["hours_text"] is None


def test_how_one_is_referred_is_public_only_as_its_title_says() -> None:
    said = {"referral": "a", "referral_public": "b", "referrers": "c", "referrers_public": "d"}
    record = RECORD.model_copy(update=said | {"access": "partly", "access_text": "e"})
    columns = project(record, None, (), NORD, PLACED)
    assert (columns["access"], columns["access_text"]) == ("partly", "e")
    assert (columns["referral_public"], columns["referrers_public"]) == ("b", "d")
    assert columns.keys().isdisjoint({"referral", "referrers"})
    neutral = project(record, "neutral", (), NORD, PLACED)
    names = ("access", "access_text", "referral_public", "referrers_public")
    assert [neutral[name] for name in names] == [None] * 4


def test_words_of_an_access_are_public_beside_an_address_alone() -> None:
    record = RECORD.model_copy(update={"access_text": "rampe, métro Jaurès"})
    assert project(record, None, [], NORD, PLACED)["access_text"] == record.access_text
    assert project(record, "held", [beside()], NORD, PLACED)["access_text"] is None
    unknown = record.model_copy(update={"address": None})
    assert project(unknown, None, [], NORD, None)["access_text"] is None


@pytest.mark.parametrize("field", ["referral_public", "referrers_public"])
def test_words_of_a_held_one_that_tell_the_place_are_not_public(field: str) -> None:
    for text, shown in (("Entrée par la rue Cachée", None), ("le matin", "le matin")):
        record = RECORD.model_copy(update={field: text})
        assert project(record, "held", [beside()], NORD, PLACED)[field] == shown


@pytest.mark.parametrize(
    ("website", "stays"),
    [
        ("https://example.org/guide_09.2024-12.2025.pdf", True),
        ("https://example.org/maps/@48.90721,2.44512,17z", False),
        ("https://example.org/?q=10%20rue%20Cach%C3%A9e", False),
    ],
)
def test_a_held_record_has_no_link_to_its_point(website: str, stays: bool) -> None:
    record = RECORD.model_copy(update={"website": website, "description": f"Plan : {website}"})
    columns = project(record, "held", (), NORD, PLACED)
    assert (columns["website"] is not None) is stays
    assert (columns["description"] is not None) is stays


@pytest.mark.parametrize(
    ("website", "mail", "name"),
    [
        ("https://www.mecs-st-joseph.example.org", "stjoseph@example.org", "saint joseph"),
        ("https://example.org/les-%C3%A9cureuils", "ecureuils@example.org", "ecureuils"),
    ],
)
def test_a_held_record_spells_no_name_of_a_home_in_any_form(
    website: str, mail: str, name: str
) -> None:
    record = RECORD.model_copy(update={"website": website, "emails": (mail,)})
    columns = project(record, "held", [beside(f"name:{name}")], NORD, PLACED)
    assert (columns["website"], columns["email"]) == (None, None)


@pytest.mark.parametrize(
    "link",
    [
        "https://exemple.org/rue-cachee-10",
        "https://10ruecachee.exemple.org",
        "https://maps.app.goo.gl/AbCdEf",
        "https://waze.com/ul/hu09tvn",
    ],
)
def test_a_held_record_has_no_link_to_its_place(link: str) -> None:
    said = {"website": link, "description": f"Voir {link}", "name": f"Les Lilas {link}"}
    columns = project(RECORD.model_copy(update=said), "held", [beside()], NORD, PLACED)
    assert (columns["website"], columns["description"]) == (None, None)
    assert columns["name"] == "Les Lilas"


def test_a_held_record_keeps_the_link_that_has_its_own_number() -> None:
    said = {"website": "https://exemple.org/appel?tel=0199000010&lieu=12-rue-haute"}
    columns = project(RECORD.model_copy(update=said), "held", [beside()], NORD, PLACED)
    assert columns["website"] == said["website"]
