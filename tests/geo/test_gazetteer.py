"""Names as lists write them; the communes, codes and postcodes are the real ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.gazetteer import Gazetteer
from geo.names import normalise, search_name, slug, without_article
from geo.territories import Commune, FormerCommune, Territory, TerritoryType


def territory(code: str, name: str, territory_type: TerritoryType = "departement") -> Territory:
    return Territory(code, name, territory_type, "00", "Région")


TERRITORIES = (
    territory("01", "Ain"),
    territory("03", "Allier"),
    territory("04", "Alpes-de-Haute-Provence"),
    territory("2A", "Corse-du-Sud"),
    territory("21", "Côte-d'Or"),
    territory("40", "Landes"),
    territory("42", "Loire"),
    territory("69", "Rhône"),
    territory("69M", "Métropole de Lyon", "metropole"),
    territory("79", "Deux-Sèvres"),
    territory("90", "Territoire de Belfort"),
    territory("93", "Seine-Saint-Denis"),
    territory("974", "La Réunion"),
    territory("978", "Saint-Martin", "collectivite"),
)


def commune(code: str, name: str, where: str, *postcodes: str) -> Commune:
    return Commune(code, name, where, postcodes, None, None, None)


COMMUNES = (
    commune("01001", "L'Abergement-Clémenciat", "01", "01400"),
    commune("03250", "Saint-Pierre-Laval", "03", "42620"),
    commune("04066", "Curbans", "04", "05110"),
    commune("11339", "Saint-Denis", "11", "11310"),
    commune("12202", "Rodez", "12", "12000"),
    commune("13055", "Marseille", "13", "13001", "13002", "13003"),
    commune("16052", "Bors (Canton de Tude-et-Lavalette)", "16", "16190"),
    commune("17300", "La Rochelle", "17", "17000"),
    commune("2A004", "Ajaccio", "2A", "20000"),
    commune("38193", "L'Isle-d'Abeau", "38", "38080"),
    commune("38381", "Saint-Didier-de-la-Tour", "38", "38110"),
    commune("59163", "Croix", "59", "59170"),
    commune("60177", "La Croix", "60", "60500"),
    commune("69123", "Lyon", "69M", "69001", "69003"),
    commune("69149", "Oullins-Pierre-Bénite", "69M", "69310", "69600"),
    commune("70450", "La Rochelle", "70", "70120"),
    commune("74109", "Éloise", "74", "01200"),
    commune("75056", "Paris", "75", "75013", "75116"),
    commune("76351", "Le Havre", "76", "76600"),
    commune("89162", "Évry", "89", "89140"),
    commune("91228", "Évry-Courcouronnes", "91", "91000", "91080"),
    commune("93005", "Aulnay-sous-Bois", "93", "93600"),
    commune("93066", "Saint-Denis", "93", "93200", "93210"),
    commune("97411", "Saint-Denis", "974", "97400", "97490"),
)
FORMER = (
    FormerCommune("69149", "Oullins", "deleguee", "69149"),
    FormerCommune("69152", "Pierre-Bénite", "deleguee", "69149"),
    FormerCommune("75113", "Paris 13e Arrondissement", "arrondissement", "75056", ("75013",)),
    FormerCommune("69232", "", "fusionnee", "69123"),
    FormerCommune("99999", "Nulle-Part", "fusionnee", "99998"),
)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(TERRITORIES, COMMUNES, FORMER)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("ST DIDIER DE LA TOUR", "38381"),
        ("ABERGEMENT CLEMENCIAT (L')", "01001"),
        ("l’abergement‑clémenciat", "01001"),
        ("L ISLE D ABEAU", "38193"),
        ("HAVRE (LE)", "76351"),
        ("Le Havre cedex 2", "76351"),
        ("12 000 RODEZ", "12202"),
        ("12000 Rodez", "12202"),
        ("Rodez (12000)", "12202"),
        ("RODEZ CEDEX 9", "12202"),
        ("BP 123 RODEZ", "12202"),
        ("Aulnay s/s Bois", "93005"),
        ("AULNAY/SOUS/BOIS", "93005"),
        ("Paris 13e", "75056"),
        ("PARIS 13", "75056"),
        ("Paris 13ème arrondissement", "75056"),
        ("PARIS CEDEX 13", "75056"),
        ("LYON 03", "69123"),
        ("Lyon 3ème", "69123"),
        ("Lyon 69003", "69123"),
        ("Marseille 1er arrondissement", "13055"),
        ("MARSEILLE 03", "13055"),
        ("Oullins", "69149"),
        ("pierre benite", "69149"),
        ("Bors", "16052"),
        ("Saint-Denis (La Réunion)", "97411"),
        ("Saint-Denis (93)", "93066"),
    ],
)
def test_name_as_people_write_it_is_found(gazetteer: Gazetteer, written: str, code: str) -> None:
    assert [found.code for found in gazetteer.find(written)] == [code]


@pytest.mark.parametrize(
    "written",
    ["", "   ", "CEDEX", "93200", "Paris 21", "Lyon 10", "Nulle-Part", "\x00", "(", "(93)"],
)
def test_what_names_no_commune_finds_none(gazetteer: Gazetteer, written: str) -> None:
    assert gazetteer.find(written) == []


def test_homonyms_are_all_returned(gazetteer: Gazetteer) -> None:
    found = [place.code for place in gazetteer.find("SAINT-DENIS")]
    assert found == ["11339", "93066", "97411"]


@pytest.mark.parametrize(
    ("postcode", "codes"),
    [
        ("97400", ["97411"]),
        ("93205", ["93066"]),  # CEDEX: belongs to no commune, begins like the town's own
        ("11 310", ["11339"]),
        ("59000", ["11339", "93066", "97411"]),  # contradicts all: narrows nothing
        ("abc", ["11339", "93066", "97411"]),
    ],
)
def test_postcode_only_narrows(gazetteer: Gazetteer, postcode: str, codes: list[str]) -> None:
    assert [place.code for place in gazetteer.find("Saint-Denis", postcode)] == codes


@pytest.mark.parametrize(
    ("name", "postcode", "where"),
    [("Éloise", "01200", "74"), ("Saint-Pierre-Laval", "42620", "03"), ("Curbans", "05110", "04")],
)
def test_postcode_never_decides_the_territory(
    gazetteer: Gazetteer, name: str, postcode: str, where: str
) -> None:
    assert [place.territory for place in gazetteer.find(name, postcode)] == [where]
    wrong = postcode[:2]
    assert gazetteer.find(name, postcode, wrong) == []


def test_territory_filters(gazetteer: Gazetteer) -> None:
    assert [c.code for c in gazetteer.find("Saint-Denis", territory="93")] == ["93066"]
    assert gazetteer.find("Lyon", territory="69") == []
    assert [c.code for c in gazetteer.find("Lyon", territory="69M")] == ["69123"]
    # What stands in brackets does not overrule the territory that the caller gave.
    assert [c.code for c in gazetteer.find("Saint-Denis (93)", territory="974")] == ["97411"]


def test_article_tells_apart_when_both_exist(gazetteer: Gazetteer) -> None:
    assert [place.code for place in gazetteer.find("Croix")] == ["59163"]
    assert [place.code for place in gazetteer.find("La Croix")] == ["60177"]
    assert [place.code for place in gazetteer.find("Croix", "60500")] == ["60177"]
    assert [place.code for place in gazetteer.find("ROCHELLE", "17000")] == ["17300"]


def test_shortened_name_needs_postcode_or_territory(gazetteer: Gazetteer) -> None:
    assert [place.code for place in gazetteer.find("EVRY")] == ["89162"]
    assert [place.code for place in gazetteer.find("EVRY", "91000")] == ["91228"]
    assert [place.code for place in gazetteer.find("EVRY CEDEX", "91012")] == ["91228"]
    assert [place.code for place in gazetteer.find("Évry", territory="91")] == ["91228"]
    assert [place.code for place in gazetteer.find("Évry", "89140")] == ["89162"]


def test_quarter_behind_the_name_needs_the_very_postcode(gazetteer: Gazetteer) -> None:
    assert [c.code for c in gazetteer.find("SAINT-DENIS LA PLAINE", "93210")] == ["93066"]
    assert [c.code for c in gazetteer.find("Marseille Euroméditerranée", "13002")] == ["13055"]
    assert gazetteer.find("Saint-Denis la Plaine") == []
    assert gazetteer.find("Saint-Denis la Plaine", "93300") == []
    assert gazetteer.find("Saint-Denis la Plaine", "93210", "974") == []


def test_saint_alone_is_no_evidence(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("Saint", "93200") == []
    assert gazetteer.find("Saint-Nullepart", "93200") == []


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("69149", "Oullins-Pierre-Bénite"),
        ("69152", "Oullins-Pierre-Bénite"),
        ("75113", "Paris"),
        ("69232", "Lyon"),
        ("2a004", "Ajaccio"),
        ("1001", "L'Abergement-Clémenciat"),
        (" 97411 ", "Saint-Denis"),
    ],
)
def test_insee_code_resolves_to_the_current_commune(
    gazetteer: Gazetteer, code: str, name: str
) -> None:
    found = gazetteer.by_insee(code)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("code", ["", "00000", "99999", "20004", "Paris"])
def test_unknown_insee_code_is_none(gazetteer: Gazetteer, code: str) -> None:
    assert gazetteer.by_insee(code) is None


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("93", "93"),
        ("1", "01"),
        ("2a", "2A"),
        ("69M", "69M"),
        ("69D", "69"),
        ("974", "974"),
        ("LA REUNION", "974"),
        ("Réunion", "974"),
        ("Seine Saint Denis", "93"),
        ("93 - Seine-Saint-Denis", "93"),
        ("Seine-Saint-Denis (93)", "93"),
        ("Département de la Loire", "42"),
        ("dept des Landes", "40"),
        ("DEPARTEMENT DE L'AIN", "01"),
        ("Dép. 93", "93"),
        ("cote d or", "21"),
        ("Deux Sèvres", "79"),
        ("Territoire-de-Belfort", "90"),
        ("Rhône", "69"),
        ("Métropole de Lyon", "69M"),
        ("GRAND LYON", "69M"),
        ("St Martin", "978"),
    ],
)
def test_territory_is_named_by_code_or_name(gazetteer: Gazetteer, written: str, code: str) -> None:
    found = gazetteer.territory_named(written)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("written", ["", "Corse", "20", "93 Ain", "Ain 93", "de la", "93200"])
def test_what_names_no_territory_is_none(gazetteer: Gazetteer, written: str) -> None:
    assert gazetteer.territory_named(written) is None


def test_territory_code_is_looked_up_as_it_is(gazetteer: Gazetteer) -> None:
    found = gazetteer.territory("69M")
    assert found is not None
    assert found.name == "Métropole de Lyon"
    assert gazetteer.territory("999") is None


def test_names_are_compared_without_accent_sign_or_article() -> None:
    assert normalise("Saint-Œuf-l’Étang") == "saint oeuf l etang"
    assert search_name("L'Abergement-Clémenciat") == "abergement clemenciat"
    assert search_name("Les Abymes") == "abymes"
    assert search_name("Vitry s/Seine") == "vitry sur seine"
    assert slug("La Réunion") == "la-reunion"
    assert slug("Val-d'Oise") == "val-d-oise"
    assert without_article("la") == "la"


@given(st.text(max_size=60))
def test_any_text_is_answered_and_normalising_twice_changes_nothing(text: str) -> None:
    gazetteer = Gazetteer(TERRITORIES, COMMUNES, FORMER)
    assert isinstance(gazetteer.find(text, text, None), list)
    gazetteer.territory_named(text)
    gazetteer.by_insee(text)
    once = normalise(text)
    assert once.isascii()
    assert normalise(once) == once
