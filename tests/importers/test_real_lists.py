"""The real lists and the demonstration lists, with every commune of France."""

from collections import Counter

import pytest

from app.settings import ROOT
from geo.gazetteer import Gazetteer
from importers import vocabulary
from importers.row import ReadResult
from tests.importers.conftest import Read, shared

ANNUAIRE = "annuaire_2019_cidff_departements.csv"
FINESS = "finess_protection_enfance_2026-08.csv"


def lines(result: ReadResult) -> list[int]:
    fatal = [problem.line for problem in result.problems if problem.fatal]
    ignored = [line.line for line in result.ignored]
    return sorted([row.line for row in result.rows] + fatal + ignored)


@pytest.fixture(scope="module")
def annuaire(read: Read, national: Gazetteer) -> ReadResult:
    return read(shared(ANNUAIRE), ANNUAIRE, gazetteer=national)


@pytest.fixture(scope="module")
def finess(read: Read, national: Gazetteer) -> ReadResult:
    return read(shared(FINESS), FINESS, gazetteer=national)


def test_every_line_of_the_directory_is_an_actor_in_its_own_territory(annuaire: ReadResult) -> None:
    assert lines(annuaire) == list(range(2, 200))
    assert len(annuaire.rows) == 198
    assert all(row.commune and row.phones and row.address for row in annuaire.rows)
    seats = Counter(row.territory for row in annuaire.rows)
    assert len(seats) > 90
    assert {"2A", "2B", "971", "973", "974", "69M"} <= set(seats)


def test_a_conseil_departemental_is_ase_with_authority_and_covers_its_departement(
    annuaire: ReadResult,
) -> None:
    councils = [row for row in annuaire.rows if (row.external_id or "").startswith("cg-")]
    assert len(councils) == 82
    assert all(row.category == "ase" and "autorite" in row.functions for row in councils)
    assert all(len(row.covers_territories) == 1 for row in councils)
    rhone = next(row for row in councils if row.name.endswith("Rhône"))
    assert (rhone.territory, rhone.covers_territories) == ("69M", ("69",))


def test_packed_notes_give_address_and_phone_as_each_place_writes_them(
    annuaire: ReadResult,
) -> None:
    by_id = {row.external_id: row for row in annuaire.rows}
    laon = by_id["cg-02408-01"]
    assert (laon.postcode, laon.commune, laon.street) == ("02000", "02408", "2 rue Paul-Doumer")
    assert by_id["cg-94028-01"].phones[0] == "3994"
    assert by_id["cg-97105-01"].phones[0] == "+590590997777"
    assert by_id["cg-69383-01"].phones[0] == "+33800869869"
    flers = by_id["cidf-61169-01"]
    assert flers.address is not None
    assert "BP 60024" in flers.address
    assert flers.street == "15 rue du Théâtre"
    # Haguenau's office sits in Strasbourg: the address decides, not the code in the id.
    assert by_id["cidf-67180-01"].commune == "67482"
    # "Cergy-Pontoise" is no commune: there the code decides.
    assert by_id["cg-95127-01"].commune == "95127"


def test_apostrophes_lost_in_an_old_encoding_are_mended(annuaire: ReadResult) -> None:
    by_id = {row.external_id: row for row in annuaire.rows}
    assert "Centre d’information" in by_id["cidf-25056-01"].name


def test_finess_keeps_closed_places_archived_and_shelters_protected(finess: ReadResult) -> None:
    assert lines(finess) == list(range(2, 118))
    assert Counter(row.status for row in finess.rows) == {"published": 73, "archived": 43}
    categories = vocabulary.load().categories
    protected = [row for row in finess.rows if categories[row.category].protected]
    assert len(protected) == 74
    by_hand = [row for row in finess.rows if row.category == "a_classer"]
    assert len(by_hand) == 11
    reported = [p for p in finess.problems if "à la main" in p.message]
    assert len(reported) == 11
    assert all(row.finess == row.external_id for row in finess.rows)


def test_finess_points_are_near_their_communes_and_say_how_precise(finess: ReadResult) -> None:
    assert Counter(row.precision for row in finess.rows) == {"address": 91, "street": 2, None: 23}
    assert not [p for p in finess.problems if p.column in ("lon", "lat")]
    oullins = next(row for row in finess.rows if row.external_id == "690043617")
    assert oullins.territory == "69M"


@pytest.mark.slow
def test_a_point_of_the_next_territory_is_doubted(read: Read, national: Gazetteer) -> None:
    text = "Nom;Type;CP;Commune;Latitude;Longitude\nA;ASE;93000;Bobigny;48.8566;2.3522\n"
    result = read(text, gazetteer=national)
    assert result.rows[0].lon is None
    assert "Bobigny" in result.problems[0].message


def test_a_point_of_another_commune_of_the_territory_is_doubted(
    read: Read, national: Gazetteer
) -> None:
    text = "Nom;Type;CP;Commune;Latitude;Longitude\nA;ASE;93000;Bobigny;48.95;2.35\n"
    result = read(text, gazetteer=national)
    assert result.rows[0].lon is None
    assert "Bobigny" in result.problems[0].message


@pytest.mark.parametrize(
    ("name", "territory", "rows", "ignored", "reported"),
    [
        ("seine-saint-denis.xlsx", "93", 22, ["total"], [None, None]),
        ("nord.csv", "59", 23, [], ["Accord de publication"]),
        ("rhone-reunion-guyane.ods", None, 25, ["empty", "empty"], []),
    ],
)
def test_demonstration_lists_are_read_whole_but_for_a_consent_that_no_list_gives(
    read: Read,
    national: Gazetteer,
    name: str,
    territory: str | None,
    rows: int,
    ignored: list[str],
    reported: list[str],
) -> None:
    result = read(
        (ROOT / "demo" / name).read_bytes(), name, territory=territory, gazetteer=national
    )
    assert [problem.column for problem in result.problems] == reported
    assert len(result.rows) == rows
    assert [line.reason for line in result.ignored] == ignored
    assert all(row.lon is not None and row.precision for row in result.rows)
    for row in result.rows:
        if vocabulary.load().categories[row.category].protected:
            assert "fictif" in row.name


def test_demonstration_lists_show_every_category_of_the_first_day(
    read: Read, national: Gazetteer
) -> None:
    found = {
        row.category
        for path in (ROOT / "demo").glob("*.*")
        if path.suffix not in {".md", ".toml", ".json"}
        for row in read(path.read_bytes(), path.name, gazetteer=national).rows
    }
    assert found >= {"ase", "crip", "pjj", "uaped", "epreed", "association", "cdlp"}
    assert found >= {"prevention", "milieu_ouvert", "sante", "police", "gendarmerie", "justice"}
    assert found >= {"education", "odpe", "mecs", "foyer_enfance", "lieu_de_vie", "pouponniere"}
    assert "hebergement" in found
