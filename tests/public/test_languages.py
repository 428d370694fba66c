"""A facet of the table, languages, from a column of a list to all that pages and files show."""

import csv
import json
from collections.abc import Callable, Iterator
from io import BytesIO
from urllib.parse import urlencode

import httpx
import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.main import create_app
from app.models import Actor
from app.runtime.staff import Runtime
from importers import vocabulary
from tests.databases import Copy
from tests.makers import add_actor
from tests.serving import serving
from tests.short_lists import run

LIST = """Nom;Catégorie;Code postal;Commune;Téléphone;Langues parlées
Écoute d'exemple;Association;93000;Bobigny;01 99 00 00 01;Français, anglais / farsi
Police d'exemple;Police;93000;Bobigny;01 99 00 00 02;EN et LSF
Santé d'exemple;Santé;93000;Bobigny;01 99 00 00 03;
Maison d'exemple;MECS;93200;Saint-Denis;01 99 00 00 04;Wolof
"""
HERE = "/departements/93"
Get = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def written(module_runtime: Runtime) -> Runtime:
    """A service that has read the list."""
    summary = run(module_runtime, LIST.encode())
    assert [problem.value for problem in summary.problems] == ["EN et LSF"]
    return module_runtime


@pytest.fixture
def imported(written: Runtime, copy_of: Copy) -> Runtime:
    return copy_of(written)


@pytest.fixture
def get(imported: Runtime) -> Iterator[Get]:
    """What asks the service for an address, and expects it to answer."""
    app = create_app(imported.settings.model_copy(update={"rate_limit": 0}), imported.databases)
    with serving(app) as base, httpx.Client(base_url=base, trust_env=False, timeout=30) as client:

        def asked(path: str, **parameters: str) -> httpx.Response:
            answer = client.get(path, params=parameters or None)
            assert answer.status_code == 200, answer.text
            return answer

        yield asked


def languages(runtime: Runtime) -> dict[str, list[str]]:
    with Session(runtime.staff) as session:
        return {each.name: each.languages for each in session.scalars(select(Actor))}


def test_a_list_names_languages_and_a_protected_place_shows_none(imported: Runtime) -> None:
    assert languages(imported) == {
        "Écoute d'exemple": ["fr", "en", "fa"],
        "Police d'exemple": ["en"],
        "Santé d'exemple": [],
        "Lieu d'accueil – Seine-Saint-Denis": [],
    }


def test_the_table_itself_refuses_a_language_of_a_protected_place(runtime: Runtime) -> None:
    with runtime.staff.begin() as connection, pytest.raises(IntegrityError, match="neutral"):
        add_actor(connection, protected=True, category="heberger", languages=["wo"])


def test_pages_offer_languages_with_their_counts_and_say_what_is_asked(get: Get) -> None:
    everything = get(HERE).text
    assert "Langues parlées" in everything
    assert 'name="langue" value="en"' in everything
    assert 'value="wo"' not in everything
    page = get(HERE, langue="en").text
    for name in ("Écoute d'exemple", "Police d'exemple"):
        assert name.replace("'", "&#39;") in page
    assert "Santé d&#39;exemple" not in page
    # The chip gives the language up; the card says which ones there are.
    assert "Anglais<span" in page
    assert "Langues parlées : Anglais, Français, Persan" in page
    sheet = get(page.split('<h3 class="card__name"><a href="')[1].split('"')[0]).text
    assert "<dt>Langues parlées</dt><dd>Anglais" in sheet


@pytest.mark.slow
def test_the_table_and_its_files_have_a_column_of_languages(get: Get) -> None:
    asked = {"territoire": "93", "langue": "fa"}
    table = get("/table", **asked).text
    assert 'data-label="Langues">Anglais, Français, Persan<' in table
    lines = get("/table.csv", **asked).content.decode("utf-8-sig").splitlines()
    rows = list(csv.DictReader(lines, delimiter=";"))
    assert [row["langues"] for row in rows] == ["Anglais | Français | Persan"]
    sheet = load_workbook(BytesIO(get("/table.xlsx", **asked).content)).worksheets[0]
    titles, values = list(sheet.iter_rows(values_only=True))[:2]
    assert "Anglais" in str(dict(zip(titles, values, strict=True))["Langues parlées"])
    (feature,) = json.loads(get("/table.geojson", **asked).content)["features"]
    assert feature["properties"]["langues"] == ["Anglais", "Français", "Persan"]
    drawn = get("/api/actors.geojson", **asked).json()
    assert drawn["counts"]["total"] == 1


def test_an_embed_its_builder_and_oembed_keep_a_language(get: Get) -> None:
    frame = get("/integration/93", langue="en").text
    assert 'id="f-langue"' in frame
    assert "Langues parlées" in frame
    builder = get("/integrer", dans="93", langue="en").text
    assert '/integration/93?langue=en"' in builder
    base = str(get(HERE).url).removesuffix(HERE)
    answer = get("/oembed", url=f"{base}{HERE}?{urlencode({'langue': 'en'})}", format="json").json()
    assert "/integration/93?langue=en" in answer["html"]


@pytest.mark.slow
def test_programs_are_told_every_language_and_another_one_is_refused(get: Get) -> None:
    paths = get("/api/openapi.json").json()["paths"]
    parameters = {each["name"]: each for each in paths["/api/actors.geojson"]["get"]["parameters"]}
    known = parameters["langue"]["schema"]["items"]["enum"]
    assert known == ["", *vocabulary.load().languages]
    with pytest.raises(AssertionError, match="Filtre inconnu"):
        get(HERE, langue="xx")


def test_nothing_tells_that_a_protected_place_speaks_a_language(get: Get) -> None:
    for path in (HERE, "/table", "/table.csv", "/api/actors.geojson", "/integration/93"):
        answer = get(path, langue="wo")
        assert "Seine-Saint-Denis</a></h3>" not in answer.text
        assert "Lieu d’accueil –" not in answer.text
