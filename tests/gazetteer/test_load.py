"""Territories in the database: loaded again without harm to what refers to them."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.commands.territories import load_if_absent
from app.gazetteer.load import load, read_gazetteer
from app.gazetteer.report import report
from app.models.actor import Actor
from app.settings import Settings

pytestmark = pytest.mark.slow


def changed(prepared: Path, folder: Path, change: Any) -> Path:
    document = json.loads(gzip.decompress(prepared.read_bytes()))
    change(document)
    path = folder / "changed.json.gz"
    path.write_bytes(gzip.compress(json.dumps(document).encode(), 1))
    return path


def versions(session: Session) -> list[tuple[str, str]]:
    """Where each row stands physically: an update, even one that changes nothing, moves it."""
    rows = session.execute(text("SELECT code, ctid::text FROM commune ORDER BY code"))
    return [(row[0], row[1]) for row in rows]


def test_second_load_writes_nothing(session: Session, prepared: Path) -> None:
    before = versions(session)
    counts = load(session.connection(), prepared)
    assert counts.territories == 108
    assert counts.communes == len(before) == 34_963
    assert counts.still_referenced == ()
    assert versions(session) == before


def test_load_updates_what_changed(session: Session, prepared: Path, tmp_path: Path) -> None:
    def rename(document: dict[str, Any]) -> None:
        row = next(row for row in document["communes"] if row[0] == "93008")
        row[1], row[6] = "Bobigny-sur-Ourcq", [2.5, 48.9]

    load(session.connection(), changed(prepared, tmp_path, rename))
    found = session.execute(
        text("SELECT name, ST_X(point) FROM commune WHERE code = '93008'")
    ).one()
    assert tuple(found) == ("Bobigny-sur-Ourcq", 2.5)


def test_merged_commune_goes_unless_something_refers_to_it(
    session: Session, prepared: Path, tmp_path: Path
) -> None:
    def merge(document: dict[str, Any]) -> None:
        gone = {"93008", "93010"}
        document["communes"] = [row for row in document["communes"] if row[0] not in gone]
        document["former"] += [
            ["93008", "Bobigny", "fusionnee", "93066", [], "bobigny", 54_000, None],
            ["93010", "Bondy", "fusionnee", "93066", [], "bondy", 53_000, None],
        ]

    session.add(
        Actor(
            slug="hotel-du-departement",
            status="draft",
            protected=False,
            category="ase",
            name="Hôtel du Département",
            commune_code="93008",
            territory_code="93",
        )
    )
    session.flush()
    counts = load(session.connection(), changed(prepared, tmp_path, merge))
    assert counts.still_referenced == ("commune 93008",)
    left = session.scalars(text("SELECT code FROM commune WHERE code IN ('93008', '93010')"))
    assert left.all() == ["93008"]
    gazetteer = read_gazetteer(session.connection())
    for code in ("93008", "93010"):
        found = gazetteer.by_insee(code)
        assert found is not None
        assert found.code == "93066"


def test_what_came_later_is_loaded_at_the_next_start(session: Session) -> None:
    connection, settings = session.connection(), Settings()
    assert load_if_absent(connection, settings) is None
    session.execute(text("UPDATE former_commune SET search_name = '', population = NULL"))
    assert load_if_absent(connection, settings) is not None
    eleventh = "SELECT search_name, population > 100000 FROM former_commune WHERE code = '75111'"
    assert tuple(session.execute(text(eleventh)).one()) == ("paris 11e arrondissement", True)
    session.execute(text("UPDATE commune SET point = NULL WHERE territory_code LIKE '98%'"))
    assert load_if_absent(connection, settings) is not None
    noumea = "SELECT point IS NOT NULL FROM commune WHERE code = '98818'"
    assert session.scalar(text(noumea))
    assert load_if_absent(connection, settings) is None


def test_gazetteer_comes_back_from_the_database(session: Session) -> None:
    gazetteer = read_gazetteer(session.connection())
    assert len(gazetteer.territories) == 108
    (found,) = gazetteer.find("OULLINS", "69600")
    assert (found.code, found.territory, found.epci) == ("69149", "69M", "200046977")
    assert found.lon == pytest.approx(4.81, abs=0.05)
    assert found.lat == pytest.approx(45.71, abs=0.05)


def test_what_communes_share_is_in_memory_once(session: Session) -> None:
    communes = read_gazetteer(session.connection()).communes
    for shared in ("territory", "epci", "postcodes"):
        given = [getattr(each, shared) for each in communes]
        assert len({id(each) for each in given}) == len(set(given)) < len(given)


def test_boundaries_are_valid_in_postgis(session: Session) -> None:
    bad = session.scalars(
        text("SELECT code FROM territory WHERE NOT (ST_IsValid(boundary) AND ST_IsValid(outline))")
    )
    assert bad.all() == []
    overlaps = session.execute(
        text(
            "SELECT a.code, b.code FROM territory a JOIN territory b "
            "ON a.code < b.code AND ST_Overlaps(a.boundary, b.boundary)"
        )
    )
    assert overlaps.all() == []


def test_report_names_the_communes_without_point(session: Session) -> None:
    said = report(session.connection())
    assert "Territoires : 108, dont 101 départements et 6 sans contour." in said
    assert "Communes : 34963 ;" in said
    assert "Communes sans point : 6." in said
    assert "Farino (98806), Kouaoua (98833)" in said
    assert "Celles (15031), Chalinargues (15035)" in said
    assert "Le Mont-Saint-Michel (50353, Manche) : 1078 m" in said
