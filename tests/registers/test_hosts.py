"""A hospital that FINESS alone names is no answer by itself: a step that nobody takes names it."""

from collections.abc import Callable
from functools import partial
from html import unescape
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from app.main import create_app
from app.runtime.staff import Runtime
from tests.registers.test_protected import HEADER, name_it
from tests.registers.test_units import bring
from tests.registers.test_updating import HOSPITAL, update
from tests.serving import offline_settings, serving
from tests.short_lists import run

HOST = HOSPITAL | {"catégorie": "hopital"}
NAME = "Hôpital d’exemple"
LISTED = f"{HOST['n° FINESS']};{NAME};Santé;1 rue de l’Exemple;93000;Bobigny;01 99 00 00 77;;"
# All that a visitor may ask of a territory; "{}" is its filters.
ASKED = (
    "/departements/93",
    "/departements/93?q=hopital",
    "/api/departements/93/actors.geojson",
    "/api/actors.geojson?lieu=93008&rayon=25",
    "/api/groupes.geojson?territoire=93&zoom=9&bbox=2,48,3,49",
    "/table?territoire=93",
    "/table.csv?territoire=93",
    "/sitemaps/93.xml",
)


def by_status(runtime: Runtime) -> dict[str, tuple[str, str]]:
    with runtime.databases.public.connect() as connection:
        rows = connection.execute(text("SELECT name, status, category FROM actor"))
        return {row.name: (row.status, row.category) for row in rows}


def list_it(runtime: Runtime) -> None:
    run(runtime, "\r\n".join((HEADER, LISTED)).encode("cp1252"))


@pytest.mark.slow
def test_it_is_in_no_list_map_count_or_file(runtime: Runtime, tmp_path: Path) -> None:
    update(runtime, HOST, HOSPITAL | {"n° FINESS": "930000500", "nom": "PMI d’exemple"})
    with serving(create_app(offline_settings(tmp_path), runtime.databases)) as base:
        answers = {
            path: httpx.get(base + path, follow_redirects=True, timeout=60) for path in ASKED
        }
    for path, answer in answers.items():
        assert answer.status_code == 200, path
        assert NAME not in unescape(answer.text), path
    assert "1 acteur<" in answers["/departements/93"].text
    assert "PMI d’exemple" in unescape(answers["/departements/93"].text)


@pytest.mark.slow
def test_it_is_named_where_nobody_examines_a_child(runtime: Runtime, tmp_path: Path) -> None:
    update(runtime, HOST)
    with serving(create_app(offline_settings(tmp_path), runtime.databases)) as base:
        for place in ("/departements/93?s=3", "/autour?lieu=93008&s=3"):
            page = unescape(httpx.get(base + place, follow_redirects=True, timeout=60).text)
            step = page.partition("group__meanwhile")[2].partition("</section>")[0]
            assert f"{NAME}, Bobigny" in step
            assert "01 99 00 00 01" in step
            assert "le 15" in step
        elsewhere = unescape(httpx.get(f"{base}/departements/01?s=3", timeout=60).text)
    assert NAME not in elsewhere


@pytest.mark.slow
def test_a_unit_stands_at_it_and_its_step_names_it_no_more(
    runtime: Runtime, tmp_path: Path
) -> None:
    update(runtime, HOST)
    bring(runtime, tmp_path)
    assert by_status(runtime)[f"UAPED – {NAME}"] == ("published", "uaped")
    with serving(create_app(offline_settings(tmp_path), runtime.databases)) as base:
        page = unescape(httpx.get(f"{base}/departements/93?s=3", timeout=60).text)
    assert f"UAPED – {NAME}" in page
    first = page.partition("Examiner et entendre")[2].partition("Conseil pédiatrique")[0]
    assert "group__hosts" not in first


@pytest.mark.slow
@pytest.mark.parametrize("list_first", [True, False])
def test_what_a_list_says_of_a_hospital_stays(runtime: Runtime, list_first: bool) -> None:
    steps: list[Callable[[], object]] = [partial(list_it, runtime), partial(update, runtime, HOST)]
    for step in steps if list_first else steps[::-1]:
        step()
    assert by_status(runtime) == {NAME: ("published", "sante")}


@pytest.mark.slow
@pytest.mark.parametrize("directory_first", [True, False])
def test_a_hospital_that_another_register_names_is_what_that_one_says(
    runtime: Runtime, directory_first: bool
) -> None:
    same = {key: HOST[key] for key in ("nom", "adresse", "téléphone")} | {"catégorie": "sante"}
    steps: list[Callable[[], object]] = [
        partial(name_it, runtime, "annuaire", **same),
        partial(update, runtime, HOST),
    ]
    for step in steps if directory_first else steps[::-1]:
        step()
    assert "published" in {status for status, _ in by_status(runtime).values()}
    assert ("host", "sante") not in by_status(runtime).values()
    assert ("published", "hopital") not in by_status(runtime).values()


def test_the_same_edition_twice_changes_nothing(runtime: Runtime) -> None:
    update(runtime, HOST)
    (part,) = update(runtime, HOST)
    assert part.summary is None
    assert by_status(runtime) == {NAME: ("host", "hopital")}
