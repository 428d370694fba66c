"""Two names of one actor as two lists write them, and names of two that look much the same."""

import pytest

from importers.likeness import compare, read_name

TOWN = "Saint-Amand-les-Eaux"
# Names as one list and another one write them, and what they are found to be.
NAMES = (
    ("Centre hospitalier de Saint-Amand-les-Eaux", "CH de St Amand", "same"),
    ("C.M.P. Le Gué", "Centre médico-psychologique « Le Gué »", "same"),
    ("Hôtel de police de Saint-Amand-les-Eaux", "Hôtel de police", "same"),
    ("Unité de soins précoces Le Gué", "USP Le Gué", "same"),
    ("Maison des femmes", "MDF", "same"),
    ("Direction départementale de l'emploi, du travail et des solidarités", "DDETS", "same"),
    ("Mission locale", "Misson locale", "same"),
    ("Les Marronniers (CMPP)", "CMPP Les Maronniers", "same"),
    ("Commissariat du 18e", "Commissariat de police, 18ème", "same"),
    ("Unité d'accueil pédiatrique enfants en danger", "UAPED – CH de St Amand", "same"),
    ("Unité médico-judiciaire", "UMJ, hôpital de Saint-Amand-les-Eaux", "same"),
    ("Compagnie de gendarmerie départementale", "Cie de Gendarmerie", "same"),
    ("Inspection académique", "DSDEN", "same"),
    ("Brigade de protection des mineurs", "Brigade de protection des mineurs (BPM)", "same"),
    ("Les Aubiers", "Les Aubiers - établissement de Saint-Amand", "same"),
    ("Brigade de protection des mineurs", "Brigade de protection des mineurs (DTPJ)", "apart"),
    ("Unité de soins CHU", "Unité de soins CH", "apart"),
    ("CMPP Le Gué – PEP", "CMPP Le Gué", "part"),
    ("Club de prévention Le Gué", "Prévention spécialisée Le Gué", "part"),
    ("Circonscription d'action sociale", "Maison des solidarités", "other"),
    ("CMP Le Gué adultes", "CMP Le Gué enfants", "apart"),
    ("CMPP", "CAMSP", "apart"),
    ("Secteur ASE n° 1", "Secteur ASE n° 3", "apart"),
    ("MDS Nord", "MDS Sud", "apart"),
    ("Centre hospitalier", "UAPED – Centre hospitalier", "apart"),
    ("Mission locale", "Point information jeunesse", "apart"),
)


@pytest.mark.parametrize(("one", "other", "found"), NAMES)
def test_names_are_compared_as_people_read_them(one: str, other: str, found: str) -> None:
    names = [read_name(each, (TOWN,)) for each in (one, other)]
    assert compare(*names) == found
    assert compare(*names[::-1]) == found


def test_a_name_says_its_town_and_whether_it_is_a_proper_one() -> None:
    towned, proper = (
        read_name(each, (TOWN,)) for each in ("CH de St-Amand-les-Eaux", "CMP Le Gué")
    )
    assert (towned.towned, towned.is_proper) == (True, False)
    assert (proper.towned, proper.is_proper) == (False, True)


def test_a_name_of_nothing_but_its_town_stays_one() -> None:
    assert read_name("Saint-Amand-les-Eaux", (TOWN,)).words
    assert read_name("", (TOWN,)).words == ()
