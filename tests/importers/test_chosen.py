"""What people chose of columns is laid over what titles say, and loosens nothing."""

import pytest

from importers.chosen import SEPARATORS, Chosen, Split, keys_of, overlay
from importers.left_words import unknown_words
from importers.mapping import guess
from tests import effort


def test_columns_are_told_apart_without_a_title_and_with_the_same_one() -> None:
    titles = ("Nom", "", "Nom", "Téléphone")
    keys = keys_of(titles)
    assert keys == ("nom", "colonne b", "nom 2", "telephone")
    chosen = Chosen(columns={"nom": "name", "nom 2": "", "colonne b": "city"})
    mapping, apart = overlay(guess(titles), titles, chosen)
    assert apart == ("Nom", "colonne B", "Nom (2)", "Téléphone")
    assert keys_of(apart) == keys
    assert mapping.columns == {"Nom": "name", "colonne B": "city", "Téléphone": "phone"}


def test_no_choice_holds_a_mailbox_which_no_request_would_find_again() -> None:
    assert keys_of(("Nom", "Le soir : a.b@exemple.fr")) == ("nom", "colonne b")
    assert unknown_words("category", "Guichet a.b@exemple.fr") == []


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("Astreinte", "phone_withheld"),
        ("Accord de publication", "consent_on"),
        ("Téléphone à ne pas diffuser", "phone_withheld"),
        ("Catégorie FINESS", "finess_category"),
    ],
)
def test_what_a_title_protects_stays_as_it_is(title: str, field: str) -> None:
    titles = ("Nom", title)
    chosen = Chosen(columns={"nom": "name", keys_of(titles)[1]: "phone"})
    assert overlay(guess(titles), titles, chosen)[0].columns[title] == field
    split = Split(separator=",", fields=("phone", "email"))
    chosen = Chosen(columns={"nom": "name"}, splits={keys_of(titles)[1]: split})
    mapping, _ = overlay(guess(titles), titles, chosen)
    assert (mapping.columns[title], mapping.extracts) == (field, ())


@pytest.mark.parametrize(
    "title", ["Tél coordinatrice", "Mobile président", "Portable correspondant", "Tél psychologue"]
)
@pytest.mark.parametrize("field", ["phone", "phone_front_gate", "duty_phone", "packed", "email"])
def test_how_a_person_is_reached_is_withheld_whatever_is_chosen(title: str, field: str) -> None:
    titles = ("Nom", title)
    key = keys_of(titles)[1]
    withheld = "email_withheld" if field == "email" else "phone_withheld"
    mapping, _ = overlay(guess(titles), titles, Chosen(columns={"nom": "name", key: field}))
    assert mapping.columns[title] == withheld
    split = Split(separator=",", fields=(field, "city"))
    mapping, _ = overlay(guess(titles), titles, Chosen(splits={key: split}))
    groups = {group for each in mapping.extracts for group in each.pattern.groupindex}
    assert groups == {withheld, "city"}


@pytest.mark.parametrize(
    "title", ["Coordonnées des contacts", "Coordonnées du correspondant", "Tél contacts"]
)
def test_several_fields_stay_withheld_below_the_title_of_a_person(title: str) -> None:
    titles = ("Nom", title)
    chosen = Chosen(columns={keys_of(titles)[1]: "packed"})
    assert overlay(guess(titles), titles, chosen)[0].columns[title] == "phone_withheld"


def test_a_title_of_the_service_stays_open_though_it_speaks_of_a_contact() -> None:
    titles = ("Nom", "Courriel de contact", "Contacts")
    chosen = Chosen(columns={"courriel de contact": "email", "contacts": "phone"})
    mapping, _ = overlay(guess(titles), titles, chosen)
    assert mapping.columns == {"Nom": "name", "Courriel de contact": "email", "Contacts": "phone"}


def test_a_choice_takes_the_place_of_what_a_title_says() -> None:
    titles = ("Nom", "Intitulé")
    mapping, _ = overlay(guess(titles), titles, Chosen(columns={"intitule": "name"}))
    assert mapping.columns == {"Intitulé": "name"}


def test_columns_of_a_file_of_the_desk_stay_as_they_are() -> None:
    titles = ("Identifiant Mesure 23", "Nom")
    guessed = guess(titles)
    assert overlay(guessed, titles, Chosen(columns={"nom": "city"}))[0] == guessed


def test_a_hostile_cell_is_divided_at_once() -> None:
    fields = ("name", "address", "city", "postcode", "phone", "email")
    with effort.at_most(10):
        for sign in SEPARATORS:
            for each in Split(separator=sign, fields=fields).extracts("x"):
                for cell in (("a" + sign) * 3 + "b" * 50_000, " " * 50_000, sign * 20_000):
                    each.pattern.search(cell)
