"""Months and days are no part of the name of a source: next month's file is the same list."""

from datetime import date

import pytest

from app.lists.content_days import content_day, without_day
from app.lists.sources import name_of_file, same_name, source_name


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Acteurs 93 – nov. 2026", "Acteurs 93"),
        ("Acteurs 93 – 05/2026", "Acteurs 93"),
        ("Acteurs 93 novembre 2026", "Acteurs 93"),
        ("Acteurs 93, màj du 5 novembre 2026", "Acteurs 93"),
        ("Acteurs 93 mise à jour janvier", "Acteurs 93"),
        ("liste de\u0301cembre 2025", "liste"),
        ("Liste d’avril", "Liste"),
        ("acteurs_Oct2026", "acteurs"),
        ("ase_30112026", "ase"),
        ("Seine-Saint-Denis (févr. 2026) ASE", "Seine-Saint-Denis ASE"),
        ("màj janvier", ""),
        ("Liste-Mars 2026", "Liste"),
        ("Liste Mars Nord", "Liste Nord"),
        ("Annuaire_Mars_Nord", "Annuaire Nord"),
        ("LISTE-MARS 2026", "LISTE"),
        ("ListeMars2026", "Liste"),
        ("listeDécembre2026", "liste"),
        ("acteursSept2026", "acteurs"),
        ("liste2026mars", "liste"),
        ("Liste 59Mars2026", "Liste 59"),
        ("liste.mars.2026", "liste"),
        ("acteurs.93.2026.03", "acteurs.93"),
        ("liste du 12-mars-2026", "liste"),
        # These say no day.
        ("Seine-Saint-Denis", "Seine-Saint-Denis"),
        ("Foyers du Champ-de-Mars", "Foyers du Champ-de-Mars"),
        ("Liste des sept structures", "Liste des sept structures"),
        ("Maison d’oct", "Maison d’oct"),
        ("Commune Saint-Mars-la-Jaille", "Commune Saint-Mars-la-Jaille"),
        ("Acteurs Saint-Mars 2026", "Acteurs Saint-Mars"),
        ("acteurs_saint_mars_2026-05", "acteurs_saint_mars"),
        ("Acteurs de Cinq-Mars, mars 2026", "Acteurs de Cinq-Mars"),
        ("Acteurs Mars-la-Tour 2026", "Acteurs Mars-la-Tour"),
        ("Acteurs Mars la Tour (avril 2026)", "Acteurs Mars la Tour"),
        ("Association Mars Bleu, nov. 2026", "Association Mars Bleu"),
        ("Acteurs Bourg-Avril 2026", "Acteurs Bourg-Avril"),
        ("acteurs-mars-2026", "acteurs"),
        ("ACTEURS-MARS-2026", "ACTEURS"),
        ("Acteurs mars ASE", "Acteurs ASE"),
        ("SaintMars2026", "SaintMars"),
        ("Liste 02.08.21", "Liste 02.08.21"),
        ("Association du 8 mai", "Association du 8 mai"),
        ("Foyer du 8 mai 1945, mars 2026", "Foyer du 8 mai 1945"),
        ("collège du 11_novembre (2026-03)", "collège du 11_novembre"),
        ("Acteurs du 8 mai", "Acteurs"),
    ],
)
def test_what_a_list_is_called_says_no_month_and_no_day(name: str, called: str) -> None:
    assert without_day(name) == called


def test_a_month_in_the_name_of_a_place_says_no_day_of_what_a_file_holds() -> None:
    assert content_day("Acteurs Saint-Mars 2026.xlsx") is None
    assert content_day("Acteurs Saint-Mars avril 2026.xlsx") == (date(2026, 4, 1), False)
    assert content_day("acteurs_mars_2026.xlsx") == (date(2026, 3, 1), False)


def test_a_file_of_each_month_belongs_to_one_source() -> None:
    files = ("liste_novembre_2026.xlsx", "liste déc. 2026.ods", "liste_janvier (1).csv")
    assert {source_name(each, None) for each in files} == {"liste"}
    assert name_of_file("màj janvier") == "liste"


def test_a_source_that_was_called_by_its_month_is_found_as_long_as_it_is_the_only_one() -> None:
    assert same_name("Acteurs", ["Acteurs – oct. 2026", "Autres"]) == "Acteurs – oct. 2026"
    assert same_name("Acteurs", ["Acteurs – oct. 2026", "acteurs"]) == "Acteurs"
    assert same_name("Acteurs", ["Acteurs 2025", "Acteurs 2026"]) == "Acteurs"


@pytest.mark.parametrize(
    ("name", "known", "asked"),
    [
        ("Acteurs Bourg-Avril 2026", "Acteurs Bourg-Mai", True),
        ("Acteurs nov 26", "Acteurs", True),
        ("acteurs-dec26", "Acteurs nov 26", True),
        ("AnnuaireNordMars", "Annuaire Nord", True),
        ("Liste 12.03.26", "Liste 12.04.26", True),
        # Another agent's, another département's, or no day at all: lists of their own.
        ("Acteurs 59 nov 26", "Acteurs 62 nov 26", False),
        ("Liste Mars Nord", "Liste Mars Sud", False),
        ("Acteurs Saint-Mars", "Acteurs Saint-Avril", False),
        ("Acteurs, A. Martin", "Acteurs", False),
        ("Mars", "Avril", False),
    ],
)
def test_what_may_be_a_day_is_one_only_where_somebody_is_asked(
    name: str, known: str, asked: bool
) -> None:
    assert same_name(name, [known, "Autres"]) == name
    assert same_name(name, [known, "Autres"], asks=True) == (known if asked else name)
    # Of two that may be it, none is.
    assert same_name(name, [known, f"{known} oct"], asks=True) == name
