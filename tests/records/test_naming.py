"""A text that names a hidden actor is found, however it writes its address, phone or numbers."""

import pytest

from app.platform.database.sessions import read
from app.records.acts import unprotect
from app.records.marks import Mark
from app.records.naming import hidden_among, named_in
from app.runtime.staff import Runtime
from geo.zones import paris_day
from tests.makers import decide
from tests.short_lists import APART, ids, run

HEADER = "Nom;Catégorie;Adresse;Code postal;Commune;Téléphone;Courriel;SIRET;FINESS;Site"
SHELTER = (
    "Foyer fictif;MECS;10 rue Émile Zola;93000;Bobigny;01 99 00 00 10"
    ";foyer@example.org, contact@foyer-fictif.example"
    ";73282932000074;930000112;https://www.foyer-fictif.example/accueil"
)
OTHER = "Association voisine;Association;10 rue E. Zola;93000;Bobigny;01 99 00 00 11;;;;"
MENTIONS = (
    "Service d’exemple;Association;3 ter avenue du Général de Gaulle;93300;Aubervilliers"
    ";01 99 00 00 12;;;;"
)
PLACES = {
    "as it is": "Le foyer est au 10 rue Émile Zola, à Bobigny.",
    "in capitals without accents": "10 RUE EMILE ZOLA",
    "short": "Venir 10, r. E. Zola",
    "between two others": "entre le 8 et le 12 de la rue Émile Zola",
    "parted by blanks of braille": "10\u2800rue\u2800Émile\u2800Zola",
    "its digits in frames": "1\ufe0f\u20e30\ufe0f\u20e3 rue Émile Zola",
    "its bis": "10 bis rue Emile-Zola",
    "its way alone at the end": "rue Émile Zola, n° 10",
    "among others": "aux 8, 10 et 12 rue Émile Zola",
    "first of several": "10, 12, 14 bis et 16 rue Zola",
    "in a range": "du 5 au 15 rue Émile Zola",
    "in a short range": "5-15 rue Zola",
    "in a range of even numbers": "8 à 12, r. E. Zola",
    "in a range behind its way": "rue Émile Zola, du 5 au 15",
    "its number in letters": "Au dix, rue Émile Zola",
    "its number in letters in a range": "du huit au douze rue Zola",
    "over two lines": "au 10 rue\nÉmile\nZola",
    "parted by unseen signs": "10 rue É\u00admile Zo\u200bla",
    "parted by signs of formats": "1\u034f0 r\u180eue\u061c É\ufe0fmile Zo\U000e0041la\ue000",
    "with unseen signs in a link": "https://exemple.fr/10-rue-emile-zo%CD%8Fla",
    "run together": "#10rueEmileZola",
    "in a link": "voir https://exemple.fr/maps/10+Rue+%C3%89mile+Zola",
    "in a link run together": "https://exemple.fr/10rueemilezola",
    "behind a hundred ways": "".join(f"{n} rue Neuve, " for n in range(20, 120)) + "10 rue Zola",
    "with another town": "10 rue Émile Zola 59000 Lille",
    "of wide digits": "１０ rue Émile Zola",
}
REACHED = {
    "phone": "Appeler le 01.99.00.00.10 le soir",
    "phone abroad": "+33 (0)1 99 00 00 10",
    "phone run together": "tel0199000010",
    "phone parted by signs of formats": "01 9\u034f9 00\u180e 00 1\ufe0f0",
    "phone over two lines": "01 99 00\n00 10",
    "phone by other signs": "01·99_00/00,10",
    "phone in letters": "zéro un, quatre-vingt-dix-neuf, zéro zéro, zéro zéro, dix",
    "phone in a link": "[appeler](tel:+33199000010)",
    "phone in a query": "https://exemple.fr/?tel=%2B33199000010",
    "phone with a footnote": "01 99 00 00 10¹",
    "phone as a fax": "Fax : 01 99 00 00 10",
    "mailbox": "écrire à FOYER@example.org.",
    "mailbox spelled": "foyer [at] example.org",
    "mailbox spelled whole": "écrire à foyer arobase example point org le soir",
    "mailbox spelled in brackets": "foyer (at) example [dot] org",
    "mailbox spelled in English": "foyer AT example DOT org",
    "mailbox with the stroke of a printer": "contact@foyer\u2011fictif.example",
    "mailbox with blanks": "foyer @ example . org, ou foyer@example. org",
    "mailbox over two lines": "foyer@\nexample.org",
    "mailbox in a link": "mailto:foyer@example.org?subject=x",
    "siret": "SIRET 732 829 320 00074",
    "siret run together": "n°73282932000074",
    "finess": "FINESS : 93 000 011 2",
    "its page": "www.foyer-fictif.example/accueil/",
    "its page at the end of a sentence": "Voir https://foyer-fictif.example/accueil.",
    "its page in quotes": "l’« adresse » ‘https://foyer-fictif.example/accueil’ !",
    "its page asked about": "www.foyer-fictif.example/accueil ?…",
    "its page with the stroke of a printer": "https://foyer\u2011fictif.example/accueil",
    "its page by a port": "https://foyer-fictif.example:8443/accueil",
    "its page behind a name": "https://qui@foyer-fictif.example./accueil",
    "its page within a link": "https://a.fr/?u=https://foyer-fictif.example/accueil",
    "its page within two links": "https://a.fr/?u=foyer-fictif%252Eexample%25252Faccueil",
    "mailbox within two links": "https://a.fr/?u=foyer%2540example%252Eorg",
    "a page of its site below": "https://foyer-fictif.example/accueil/equipe",
}
NOBODY = (
    *("Appelez le 119, le 3919 ou le 17.", "Bobigny", "93000 Bobigny", "rue Émile Zola"),
    *("01 99 00 00 99", "12 rue Émile Zola", "10 rue Émile Littré", "https://foyer-fictif.example"),
    *("aux 12, 14 et 16 rue Zola", "du 12 au 20 rue Zola", "8 et 12 rue Zola", "8, 12 rue Zola"),
    *("le 10 mars 2019", "10 enfants", "loi n° 2007-293 du 5 mars 2007", ""),
)


HAMLET = SHELTER.replace("10 rue Émile Zola", "{}")
NAMED = {
    "Lieu-dit Les Granges": (
        *("Venir au lieu-dit Les Granges.", "LIEU DIT LES GRANGES", "au hameau des Granges, puis"),
        "https://exemple.fr/lieu-dit-les-granges/acces",
    ),
    "Les Granges": ("au lieu-dit Les Granges", "ld Granges"),
    "LD Le Moulin Neuf": (
        "lieu-dit le Moulin Neuf derrière l’église",
        "lieu\u00ad-dit Moulin Neuf",
    ),
    "Château de la Tour": ("le château de la Tour", "CHATEAU DE\nLA TOUR", "au Château La Tour ;"),
    "Résidence Les Lilas, bâtiment B": ("à la résidence les Lilas",),
    "12 Kerivoal": ("au 12 Kerivoal, après", "12, KERIVOAL", "12 bis kerivoal"),
}
# What a text may say all the same.
COMMON = {
    "Lieu-dit Le Bourg": ("au lieu-dit Le Bourg",),
    "Hôpital Avicenne": ("l’hôpital Avicenne", "CHU Avicenne"),
    "Les Granges": ("les granges sont vides", "Granges", "lieu-dit Les Grangettes"),
    "12 Kerivoal": ("12 enfants", "Kerivoal", "14 Kerivoal", "le 12 mars"),
    "Château de la Tour": ("la tour", "le château", "château de la Tourelle", "rue du Château"),
}


def csv(*lines: str) -> bytes:
    return "\r\n".join((HEADER, *lines)).encode()


def found(runtime: Runtime, *texts: str) -> set[Mark]:
    with read(runtime.staff) as session:
        return hidden_among(session, runtime.vault, named_in(texts))


def test_a_text_that_says_where_a_home_is_is_found(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER, APART + ";;;"))
    assert {name for name, text in PLACES.items() if not found(runtime, text)} == set()


@pytest.mark.slow
def test_a_text_that_says_how_a_home_is_reached_is_found(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER, APART + ";;;"))
    assert {name for name, text in REACHED.items() if not found(runtime, text)} == set()


def test_a_text_that_names_nobody_hidden_is_not_found(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER, APART + ";;;"))
    assert {text for text in NOBODY if found(runtime, text)} == set()


def test_a_home_of_which_no_commune_is_known_is_found_by_its_address(runtime: Runtime) -> None:
    lost = SHELTER.replace("93000;Bobigny", ";Bobinnie")
    run(runtime, csv(lost, APART + ";;;"))
    assert found(runtime, "Le foyer est au 10, r. E. Zola.")
    assert not found(runtime, "12 rue Émile Zola", "99 rue Autre")


def test_what_another_list_says_of_a_home_is_found_as_well(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    former = SHELTER.replace("10 rue Émile Zola", "7 rue Tierce")
    run(runtime, csv(former.replace("01 99 00 00 10", "01 99 00 00 77")), source="autre")
    assert found(runtime, "7, R. TIERCE")
    assert found(runtime, "01 99 00 00 77")


def test_of_who_is_held_the_address_counts_and_the_phone_that_it_shows_does_not(
    runtime: Runtime,
) -> None:
    run(runtime, csv(OTHER))
    assert not found(runtime, "10 rue Émile Zola", "10 rue E. Zola")
    run(runtime, csv(SHELTER), source="autre")
    run(runtime, csv(SHELTER.replace("10 rue Émile Zola", "4 rue Neuve")), source="autre")
    assert found(runtime, "10 rue E. Zola")
    assert not found(runtime, "01 99 00 00 11")


def test_who_is_held_by_a_word_is_found_by_its_address(runtime: Runtime) -> None:
    said = MENTIONS.replace("Service d’exemple", "Service d’exemple, dont hébergement d’urgence")
    run(runtime, csv(said, APART + ";;;"))
    assert found(runtime, "3 avenue de Gaulle")
    assert not found(runtime, "99 rue Autre")


def test_what_a_person_published_may_be_named(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    why = {"who": "essai", "consent": paris_day(), "why": "sans danger"}
    decide(runtime, unprotect, next(iter(ids(runtime).values())), **why)
    assert not found(runtime, *PLACES.values(), *REACHED.values())


def test_a_number_that_a_public_record_shows_as_well_gives_nobody_away(runtime: Runtime) -> None:
    several = [
        f"Antenne {number};Association;{number} rue Haute;93300;Aubervilliers;01 99 00 00 10;;;;"
        for number in range(1, 4)
    ]
    run(runtime, csv(SHELTER, *several))
    assert not found(runtime, "01 99 00 00 10")
    assert found(runtime, "foyer@example.org")


@pytest.mark.slow
def test_a_long_text_is_looked_through_in_time(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    assert not found(runtime, "1" * 30_000, "1 " * 15_000, "rue1" * 8_000, "1 rue " * 5_000)


@pytest.mark.parametrize("address", NAMED)
def test_a_place_without_a_number_is_found_by_its_name(runtime: Runtime, address: str) -> None:
    run(runtime, csv(HAMLET.format(f'"{address}"')))
    assert [text for text in NAMED[address] if not found(runtime, text)] == []


@pytest.mark.parametrize("address", COMMON)
def test_a_name_that_is_everybodys_or_another_one_is_not(runtime: Runtime, address: str) -> None:
    run(runtime, csv(HAMLET.format(f'"{address}"')))
    assert [text for text in COMMON[address] if found(runtime, text)] == []


@pytest.mark.slow
def test_a_long_text_of_names_is_looked_through_in_time(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    assert not found(runtime, "mas " * 8_000, " ".join(f"lieu-dit Nom{n}" for n in range(2_500)))
