"""What the three files hold, as other programs read them."""

import json
from datetime import datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import text, update

from app.files import as_xlsx as written
from app.files.cells import LONGEST
from app.models import Actor
from app.public.exports import as_xlsx
from app.search.rows import LICENCE
from importers.registers.catalogue import registers
from tests.hostile import HOSTILE, runs
from tests.makers import add_actor
from tests.public.exports.reading import Files, files
from tests.world import World

LICENCE_NAME = "Licence Ouverte / Open Licence 2.0 (Etalab)"
# All that a file says of a hidden actor.
OF_ITS_FAMILY = {
    *("nom", "categorie", "departement", "code_departement", "telephones", "telephones_de"),
    *("adresse_publiee", "missions", "identifiant", "fiche", "source", "licence", "extrait_le"),
}
PLACING = ("adresse", "commune", "code_commune", "latitude", "longitude", "precision")


@pytest.fixture(scope="module")
def of_59(client: httpx.Client) -> Files:
    """The files of Nord, where the hostile actors are."""
    return files(client, "territoire=59")


def test_hostile_texts_come_back_whole_and_run_nowhere(of_59: Files, world: World) -> None:
    lines = {row["identifiant"]: row for row in of_59.csv}
    rows = {row["Identifiant"]: row for row in of_59.xlsx}
    features = {each["id"]: each["properties"] for each in of_59.geojson["features"]}
    for case, given in HOSTILE.items():
        public_id = world.ids[case]
        assert features[public_id]["nom"] == given
        if case in {"controls", "lines", "tab", "long"}:
            continue
        assert rows[public_id]["Nom"] == given.strip(), case
        assert lines[public_id]["nom"].replace("'", "") == given.replace("'", ""), case
    numbers = {"latitude", "longitude"}
    cells = [cell for row in lines.values() for name, cell in row.items() if name not in numbers]
    assert not [cell for cell in cells if runs(cell)]
    assert rows[world.ids["lines"]]["Adresse"] == "Accueil\nde jour\n=1+1\nfin"
    assert lines[world.ids["lines"]]["adresse"] == "Accueil, de jour, '=1+1, fin"
    assert rows[world.ids["controls"]]["Nom"].replace("\n", "") == "Pointd’écoute"
    for cut in (rows[world.ids["long"]]["Nom"], lines[world.ids["long"]]["nom"]):
        assert len(cut.encode("utf-16-le")) // 2 <= LONGEST
        assert cut.endswith("😀…")


def test_a_workbook_wraps_its_texts_opens_its_links_and_prints_in_landscape(
    world: World, of_59: Files
) -> None:
    sheet = of_59.book["Acteurs"]
    header = [cell.value for cell in sheet[1]]
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$1", "$A:$A")
    for row in sheet.iter_rows(min_row=2):
        cells = dict(zip(header, row, strict=True))
        assert cells["Nom"].alignment.wrap_text
        assert cells["Fiche"].hyperlink.target == cells["Fiche"].value
        # Nothing else of a list becomes a link, whatever it looks like.
        linked = {name for name, cell in cells.items() if cell.hyperlink}
        assert linked <= {"Fiche", "Site"}
        if cells["Site"].hyperlink:
            assert cells["Site"].hyperlink.target.startswith(("https://", "http://"))
    assert of_59.xlsx[0].keys() >= {"Code postal", "Territoires couverts"}


def test_more_links_than_a_spreadsheet_takes_stay_texts(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(written, "MOST_LINKS", 3)
    sheet = files(client, "territoire=59").book["Acteurs"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert sum(cell.hyperlink is not None for cell in cells) == 3


def test_a_workbook_has_texts_numbers_and_days_and_no_formula(of_59: Files) -> None:
    book = of_59.book
    sheet = book["Acteurs"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == sheet.dimensions
    assert {cell.data_type for row in sheet for cell in row} == {"s", "n", "d"}
    header = [cell.value for cell in sheet[1]]
    by_name = {row[header.index("Identifiant")].value: row for row in sheet.iter_rows(min_row=2)}
    row = dict(zip(header, by_name["a000000000000000"], strict=True))
    assert row["Nom"].data_type == "s"
    assert row["Nom"].quotePrefix
    assert not row["Courriel"].quotePrefix
    assert row["Vérifié le"].value == datetime(2026, 1, 31)  # noqa: DTZ001 - a day of Excel
    assert row["Vérifié le"].number_format == "DD/MM/YYYY"
    assert (row["Âge minimum"].value, row["Âge maximum"].value) == (3, 17)
    assert (row["Latitude"].value, row["Longitude"].value) == (50.6, -1.5)
    assert row["Téléphones"].value == "01 43 93 93 93 | +32 2 123 45 67"
    assert row["Code du département"].value == "59"


def test_a_line_of_csv_is_as_french_spreadsheets_read_it(of_59: Files) -> None:
    content = of_59.answers["csv"].content
    assert content.startswith(b'\xef\xbb\xbf"nom";')
    assert content.count(b"\r\n") == content.count(b"\n") == len(of_59.csv) + 1
    row = next(each for each in of_59.csv if each["identifiant"] == "a000000000000000")
    assert row["latitude"] == "50,6"
    assert row["verifie_le"] == "2026-01-31"
    assert row["telephones"] == "01 43 93 93 93 | '+32 2 123 45 67"
    assert row["fiche"] == "https://carte.exemple/acteurs/a000000000000000/acteur"
    assert row["licence"] == LICENCE_NAME
    assert "GIP France Enfance Protégée" in row["source"]
    assert row["extrait_le"] == "2026-06-10"


def test_every_file_says_whose_it_is_and_what_was_asked(client: httpx.Client) -> None:
    query = "territoire=93&s=1&categorie=ase&q=%3D1"
    asked = files(client, query)
    about = {row[0].value: row[1].value for row in asked.book["À propos"]}
    assert about["Licence"] == LICENCE == LICENCE_NAME
    assert "Mesure 23, GIP France Enfance Protégée" in about["Source des données"]
    assert about["Lieu"] == "Seine-Saint-Denis"
    assert "Aide sociale à l’enfance (ASE)" in about["Critères"]
    assert "« =1 »" in about["Critères"]
    assert about["Nombre d’acteurs"] == len(asked.csv)
    assert about["Adresse de cette vue"].startswith("https://carte.exemple/table?territoire=93&s=1")
    moment = about["Extrait le (heure de Paris)"]
    assert moment == datetime(2026, 6, 10, 12, 30)  # noqa: DTZ001 - an hour of Excel
    collection = asked.geojson
    assert collection["licence"] == LICENCE_NAME
    assert collection["source"] == about["Source des données"]
    assert collection["extrait_le"] == "2026-06-10T12:30:00+02:00"
    assert " ; ".join(collection["criteres"]) == about["Critères"]
    assert collection["total"] == len(collection["features"])


def test_places_are_placed_around_the_place_that_is_asked(client: httpx.Client) -> None:
    asked = files(client, "lieu=93066&rayon=5")
    distances = [float(row["distance_km"].replace(",", ".")) for row in asked.csv if row["commune"]]
    assert distances == sorted(distances)
    assert "Distance à vol d’oiseau (km)" in asked.xlsx[0]
    drawn = [each for each in asked.geojson["features"] if each["geometry"]]
    assert all(each["properties"]["distance_km"] is not None for each in drawn)
    assert "distance_km" not in files(client, "territoire=59").csv[0]


def test_a_shelter_is_named_and_not_placed(client: httpx.Client, world: World) -> None:
    asked = files(client, "territoire=93&categorie=heberger")
    by_id = {row["identifiant"]: row for row in asked.csv}
    assert by_id.keys() == {world.ids[n] for n in ("shelter", "front gate")}
    for row in by_id.values():
        assert {name for name, value in row.items() if value} <= OF_ITS_FAMILY
        assert row["nom"] == "Lieu d’accueil – Seine-Saint-Denis"
        assert (row["categorie"], row["missions"]) == ("Lieu d’accueil", "Hébergement")
        assert row["adresse_publiee"] == "non"
    for row in asked.xlsx:
        assert row["Missions"] == "Hébergement"
        assert not any(row[name] for name in ("Pour qui", "Âge minimum", "Langues parlées"))
    # The number of the territory's CRIP, and its own.
    assert by_id[world.ids["shelter"]]["telephones"] == "01 43 93 93 93"
    assert by_id[world.ids["front gate"]]["telephones"] == "01 48 00 00 00"
    for feature in asked.geojson["features"]:
        assert feature["geometry"] is None
        assert {name for name, value in feature["properties"].items() if value} <= OF_ITS_FAMILY


def test_whether_an_address_is_published_is_no_sign_that_it_is_held(
    client: httpx.Client, world: World
) -> None:
    rows = {row["identifiant"]: row for row in files(client, "territoire=93").csv}
    held, without = (rows[world.ids[name]] for name in ("held", "without address"))
    assert held["adresse_publiee"] == "non"
    assert not any(held[name] for name in PLACING)
    assert held["nom"] == "L'Entraide"
    ids = ("identifiant", "fiche")
    assert held | dict.fromkeys(ids) == without | dict.fromkeys(ids)


def test_an_empty_selection_gives_whole_files(client: httpx.Client) -> None:
    asked = files(client, "territoire=01&q=zzzzzz")
    assert asked.ids() == [[], [], []]
    assert asked.answers["csv"].text.startswith('\ufeff"nom";')
    book = asked.book
    assert book.sheetnames == ["Acteurs", "À propos"]
    assert [row[0] for row in book["Acteurs"].iter_rows(max_col=1, values_only=True)] == ["Nom"]
    assert {row[0].value: row[1].value for row in book["À propos"]}["Nombre d’acteurs"] == 0
    assert asked.geojson["features"] == []


@pytest.mark.parametrize(
    ("query", "place"),
    [("territoire=93&s=2&q=fugue", "93"), ("lieu=48.935,2.355&s=3", "autour"), ("", "france")],
)
def test_the_name_of_a_file_says_nothing_of_the_search(
    client: httpx.Client, query: str, place: str
) -> None:
    for extension, answer in files(client, query).answers.items():
        name = f'attachment; filename="acteurs-{place}-2026-06-10.{extension}"'
        assert answer.headers["content-disposition"] == name
        assert answer.headers["cache-control"] == "no-store"


def test_the_same_moment_gives_the_same_bytes(client: httpx.Client) -> None:
    first, second = (files(client, "territoire=59").answers for _ in range(2))
    assert {k: v.content for k, v in first.items()} == {k: v.content for k, v in second.items()}


def test_texts_are_packed_on_the_way_and_workbooks_are_not_packed_twice(
    client: httpx.Client,
) -> None:
    packed = {"Accept-Encoding": "gzip"}
    answers = {
        extension: client.get(f"/table.{extension}?territoire=59", headers=packed)
        for extension in ("csv", "geojson", "xlsx")
    }
    encodings = {extension: a.headers.get("content-encoding") for extension, a in answers.items()}
    assert encodings == {"csv": "gzip", "geojson": "gzip", "xlsx": None}
    plain = client.get("/table.csv?territoire=59", headers={"Accept-Encoding": "identity"})
    assert int(plain.headers["content-length"]) == len(plain.content)


def test_a_workbook_that_would_be_too_long_is_refused_in_words(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(as_xlsx, "MOST_ROWS", 10)
    json_asked = {"Accept": "application/json"}
    answer = client.get("/table.xlsx?territoire=59", headers=json_asked)
    assert answer.status_code == 422
    assert "au plus 10" in answer.json()["detail"]
    page = client.get("/table.xlsx?territoire=59", headers={"Accept": "text/html"})
    assert "téléchargez le CSV" in page.text
    assert client.get("/table.csv?territoire=59").status_code == 200


@pytest.mark.parametrize("extension", ["csv", "xlsx", "geojson"])
@pytest.mark.parametrize(
    ("query", "status"),
    [("territoire=999", 404), ("lieu=00000", 404), ("categorie=x", 422), ("age=x", 422)],
)
def test_what_is_not_known_is_said(
    client: httpx.Client, extension: str, query: str, status: int
) -> None:
    assert client.get(f"/table.{extension}?{query}").status_code == status
    assert client.get(f"/table?{query}").status_code == status


def test_only_columns_of_the_public_record_are_there(client: httpx.Client, world: World) -> None:
    collection: dict[str, Any] = files(client, "territoire=93").geojson
    with world.databases.staff.connect() as connection:
        ids = connection.scalars(text("SELECT id::text FROM actor")).all()
    written = json.dumps(collection)
    assert not [internal for internal in ids if internal in written]
    assert world.ids["draft"] not in written
    assert world.ids["archived"] not in written


def test_an_actor_that_a_register_names_has_the_licence_of_that_register(
    client: httpx.Client, world: World
) -> None:
    others = {code: each.licence for code, each in registers().items() if each.mapping}
    with world.databases.staff.begin() as connection:
        added = [
            add_actor(connection, register=code, territory_code="988", name=code) for code in others
        ]
    try:
        said = {row["nom"]: row["licence"] for row in files(client, "territoire=988").csv}
    finally:
        with world.databases.staff.begin() as connection:
            connection.execute(update(Actor).where(Actor.id.in_(added)).values(status="archived"))
    assert said["finess"] == said["annuaire"] == LICENCE_NAME
    for code in ("ror", "inclusion"):
        assert said[code] == others[code] != LICENCE_NAME
