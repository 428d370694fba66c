"""The file of a territory, sent back: nothing of it is new, and what was changed is exact."""

import io
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.lists.conflicts import conflicts
from app.lists.missing import missing
from app.lists.returned import (
    EMPTIED,
    HIGHER,
    MASKED,
    TWICE,
    UNKNOWN,
    OtherTerritory,
    SeveralTerritories,
)
from app.lists.update_file import ID_TITLE, MARKS_TITLE
from app.models import Actor, Source, SourceFile
from app.platform.database.sessions import read, write
from app.records import acts
from app.records.edits import correct
from app.records.record import ActorRecord, Origin
from app.records.viewing import see
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from geo.zones import paris_day
from tests.databases import Copy
from tests.lists.handed_out import NAME, changed, handed_out, rows_of, with_rows
from tests.short_lists import APART, ASE, CRIP, NEIGHBOUR, SHELTER, counts, csv, run

pytestmark = pytest.mark.slow

LILLE = "Association du Nord;Association;3 rue Autre;59000;Lille;01 99 00 00 20;"
FORMULA = "=cmd|'/C calc'!A0;Association;31 rue Ouverte;93000;Bobigny;01 99 00 00 51;"
FULL = (
    "Nom;Sigle;Catégorie;Missions;Publics;Langues;Âge minimum;Âge maximum;Adresse;Code postal;"
    "Commune;Téléphone;Astreinte (public);Horaires d'astreinte;Courriel;Site internet;Horaires;"
    "Accessibilité;Comment orienter (public);Qui peut orienter (public);Couverture;Description;"
    "Vérifié le",
    "Service complet;SC;Association;Écoute, Soins;Filles;anglais, arabe;12;21;4 rue Pleine;93300;"
    "Aubervilliers;01 99 00 00 40 / 01 99 00 00 41;01 99 00 00 42;tous les jours de 18h à 8h;"
    "accueil@example.org;https://example.org/service;du lundi au vendredi de 9h à 17h;"
    "Oui, sauf l'étage;Par téléphone;Tout le monde;Bobigny, Nord;Un service ouvert.;31/01/2026",
)


@pytest.fixture(scope="module")
def written(module_runtime: Runtime) -> Runtime:
    """A territory of open services, a shelter, its neighbour, and an actor of which all is said."""
    run(module_runtime, csv(CRIP, ASE, SHELTER, NEIGHBOUR, APART, FORMULA))
    run(module_runtime, "\r\n".join(FULL).encode("cp1252"), source="pleine")
    run(module_runtime, csv(LILLE), territory="59", source="nord")
    return module_runtime


@pytest.fixture
def sent(written: Runtime, copy_of: Copy) -> Runtime:
    return copy_of(written)


def records(runtime: Runtime) -> dict[UUID, ActorRecord]:
    with read(runtime.staff) as session:
        return {each.actor_id: each.record for each in see(session, runtime.vault, OPERATOR)}


def public(runtime: Runtime) -> list[tuple[Any, ...]]:
    with Session(runtime.staff) as session:
        columns = [each for each in Actor.__table__.c if each.name != "updated_at"]
        return sorted(map(tuple, session.execute(select(*columns)).all()), key=repr)


def differences(before: dict[UUID, ActorRecord], after: dict[UUID, ActorRecord]) -> dict[str, Any]:
    """Field -> value, of what became another."""
    return {
        name: value
        for actor, record in after.items()
        for name, value in record
        if actor not in before or value != getattr(before[actor], name)
    }


def messages(summary: Any) -> list[str]:
    return [each.message for each in summary.problems]


def back(runtime: Runtime, data: bytes, **options: Any) -> Any:
    return run(runtime, data, NAME, **({"territory": "93"} | options))


def test_a_file_holds_what_visitors_read_and_a_protected_actor_by_its_neutral_name(
    sent: Runtime,
) -> None:
    data = handed_out(sent)
    rows = {row["Nom"]: row for row in rows_of(data)}
    assert set(rows) == {
        *("CRIP d'exemple", "ASE d'exemple", "Association libre", "=cmd|'/C calc'!A0"),
        *("Service complet", "Lieu d'accueil – Seine-Saint-Denis", "Association voisine"),
    }
    for name in ("Lieu d'accueil – Seine-Saint-Denis", "Association voisine"):
        filled = {title for title, value in rows[name].items() if value}
        assert filled == {ID_TITLE, "Nom", MARKS_TITLE}
    with ZipFile(io.BytesIO(data)) as archive:
        parts = b"".join(archive.read(each) for each in archive.namelist())
    for secret in ("Foyer fictif", "Cachée", "cachee", "99 00 00 10", "+33199000010", "foyer@"):
        assert secret.encode() not in parts
    assert b"<f>" not in parts
    properties = load_workbook(io.BytesIO(data)).properties
    assert not properties.creator
    assert not properties.lastModifiedBy


@pytest.mark.parametrize("territory", ["93", None])
def test_a_file_returned_unchanged_changes_nothing(sent: Runtime, territory: str | None) -> None:
    before, shown = records(sent), public(sent)
    summary = back(sent, handed_out(sent), territory=territory)
    assert counts(summary) == {"read": 7, "unchanged": 7, "protected": 2}
    assert summary.doubtful == 0
    assert messages(summary) == []
    assert records(sent) == before
    assert public(sent) == shown
    with read(sent.staff) as session:
        assert list(conflicts(session, sent.vault, OPERATOR)) == []


def test_what_a_spreadsheet_does_to_cells_is_no_change(sent: Runtime) -> None:
    def as_others_write(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        found = []
        for row in reversed(rows):
            titles = sorted(row, key=lambda title: (title != "Nom", title))
            other = {title: row[title] for title in titles}
            for title in ("Âge minimum", "Âge maximum"):
                other[title] = other[title] and float(other[title])
            other["Code postal"] = other["Code postal"] and int(other["Code postal"])
            if phone := other["Téléphone"]:
                numbers = ["".join(filter(str.isdigit, each)) for each in phone.split("\n")]
                other["Téléphone"] = " / ".join(numbers) if numbers[1:] else int(numbers[0])
            if day := other["Vérifié le"]:
                other["Vérifié le"] = "-".join(reversed(day.split("/")))
            found.append(other | {"Remarques": "vu"})
        return found

    before = records(sent)
    summary = back(sent, with_rows(handed_out(sent), as_others_write))
    assert counts(summary) == {"read": 7, "unchanged": 7, "protected": 2}
    assert messages(summary) == []
    assert records(sent) == before


def test_a_file_is_compared_with_what_it_said_and_not_with_what_became_of_it_since(
    sent: Runtime,
) -> None:
    data = handed_out(sent)
    run(sent, csv(CRIP.replace("00 01", "00 77"), ASE, SHELTER, NEIGHBOUR, APART, FORMULA))
    before = records(sent)
    assert counts(back(sent, data)) == {"read": 7, "unchanged": 7, "protected": 2}
    assert records(sent) == before


CASES: dict[str, tuple[Any, dict[str, Any]]] = {
    "name": ("Service plein", {"name": "Service plein"}),
    "acronym": ("SP", {"acronym": "SP"}),
    "phones": ("01 99 00 00 48", {"phones": ("+33199000048", "+33199000042")}),
    "emails": ("autre@example.org", {"emails": ("autre@example.org",)}),
    "website": ("https://example.org/autre", {"website": "https://example.org/autre"}),
    "age_min": (14, {"age_min": 14}),
    "languages": ("anglais", {"languages": ("en",)}),
    "audiences": ("Parents et familles", {"audiences": ("parents",)}),
    "description": ("Autre chose.", {"description": "Autre chose."}),
    "verified_on": ("01/02/2026", {"verified_on": "2026-02-01"}),
    "status": ("fermé", {"status": "archived"}),
}


@pytest.mark.parametrize("field", CASES)
def test_a_cell_that_was_changed_changes_that_field_of_that_actor(
    sent: Runtime, field: str
) -> None:
    cell, expected = CASES[field]
    before = records(sent)
    data = changed(handed_out(sent), "Service complet", **{field: cell})
    summary = back(sent, data)
    assert messages(summary) == []
    assert counts(summary) == {"read": 7, "unchanged": 6, "updated": 1, "protected": 2}
    found = differences(before, records(sent))
    assert {name: str(value) for name, value in found.items()} == {
        name: str(value) for name, value in expected.items()
    }
    if field != "status":
        again = handed_out(sent)
        assert counts(back(sent, again)) == {"read": 7, "unchanged": 7, "protected": 2}
        assert counts(back(sent, data))["unchanged"] == 7


def test_a_new_address_moves_the_actor(sent: Runtime) -> None:
    before = records(sent)
    moved = {"address": "9 rue Neuve", "postcode": "93000", "city": "Bobigny"}
    back(sent, changed(handed_out(sent), "Service complet", **moved))
    assert differences(before, records(sent)) == {
        "address": "9 rue Neuve\n93000 Bobigny",
        "street": "9 rue Neuve",
        "postcode": "93000",
        "city": "Bobigny",
        "commune": "93008",
    }


def test_what_is_written_of_a_protected_actor_publishes_nothing(sent: Runtime) -> None:
    before, shown = records(sent), public(sent)
    cells = {"name": "Foyer fictif", "address": "10 rue Cachée", "city": "Bobigny"}
    more = {"category": "Association", "phones": "01 99 00 00 10", "status": "fermé"}
    neutral = "Lieu d'accueil – Seine-Saint-Denis"
    summary = back(sent, changed(handed_out(sent), neutral, **cells, **more))
    assert messages(summary) == [MASKED]
    assert counts(summary)["unchanged"] == 7
    assert (records(sent), public(sent)) == (before, shown)


def test_an_emptied_cell_erases_nothing(sent: Runtime) -> None:
    before = records(sent)
    summary = back(sent, changed(handed_out(sent), "Service complet", phones=None, acronym=None))
    assert messages(summary) == [EMPTIED, EMPTIED]
    assert records(sent) == before


def test_what_cannot_be_read_is_said_and_left(sent: Runtime) -> None:
    before = records(sent)
    odd = {"category": "Machin", "languages": "anglais ; klingon", "status": "peut-être"}
    more = {"emails": "pas une adresse", "age_min": "beaucoup"}
    summary = back(sent, changed(handed_out(sent), "Service complet", **odd, **more))
    assert len(messages(summary)) >= 5
    assert {each.column for each in summary.problems} == {
        *("Catégorie", "Langues", "État", "Courriel", "Âge minimum")
    }
    assert records(sent) == before


def test_an_id_that_is_unknown_elsewhere_or_twice_is_said_and_makes_no_actor(
    sent: Runtime,
) -> None:
    lille = rows_of(handed_out(sent, "59"))[0][ID_TITLE]

    def change(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        by_name = {row["Nom"]: row for row in rows}
        by_name["CRIP d'exemple"][ID_TITLE] = "0123456789abcdef"
        by_name["ASE d'exemple"][ID_TITLE] = lille
        by_name["Association libre"][ID_TITLE] = by_name["Service complet"][ID_TITLE]
        return rows

    before = records(sent)
    summary = back(sent, with_rows(handed_out(sent), change))
    assert sorted(messages(summary)) == sorted([UNKNOWN, UNKNOWN, TWICE, TWICE])
    assert counts(summary) == {"read": 7, "rejected": 4, "unchanged": 3, "protected": 2}
    assert records(sent) == before


def test_the_file_of_another_territory_is_refused(sent: Runtime) -> None:
    before = records(sent)
    with pytest.raises(OtherTerritory):
        back(sent, handed_out(sent, "59"))
    both = rows_of(handed_out(sent, "59"))
    with pytest.raises(SeveralTerritories):
        back(sent, with_rows(handed_out(sent), lambda rows: rows + both), territory=None)
    assert records(sent) == before
    with Session(sent.staff) as session:
        assert set(session.scalars(select(SourceFile.status)).all()) == {"imported", "refused"}


def test_a_line_without_id_is_a_new_actor_and_a_copy_is_no_double_in_silence(
    sent: Runtime,
) -> None:
    def change(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        new = {"Nom": "Point neuf", "Catégorie": "Association", "Commune": "Bobigny"}
        copy = next(row for row in rows if row["Nom"] == "Association libre")
        return [*rows, new, copy | {ID_TITLE: None, "Téléphone": "01 99 00 00 88"}]

    summary = back(sent, with_rows(handed_out(sent), change), territory=None)
    assert counts(summary) == {"read": 9, "created": 2, "unchanged": 7, "protected": 2}
    assert summary.doubtful == 1
    assert [pair.other for pair in summary.pairs] == ["Association libre"]


def test_a_line_that_lost_its_id_is_found_as_usual(sent: Runtime) -> None:
    def change(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        row = next(row for row in rows if row["Nom"] == "Association libre")
        row[ID_TITLE] = None
        return rows

    before = records(sent)
    summary = back(sent, with_rows(handed_out(sent), change))
    assert counts(summary) == {"read": 7, "unchanged": 7, "protected": 2}
    assert records(sent) == before


def test_a_line_that_was_deleted_is_missing_until_it_comes_back(
    sent: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.lists.handed_out.paris_day", lambda: paris_day() + timedelta(days=1))
    data = handed_out(sent)
    before = records(sent)

    def names() -> list[tuple[str, str]]:
        with read(sent.staff) as session:
            return [(each.name, each.source) for each in missing(session, sent.vault, OPERATOR)]

    less = with_rows(data, lambda rows: [each for each in rows if each["Nom"] != "ASE d'exemple"])
    for _ in range(2):
        summary = back(sent, less)
        assert counts(summary) == {"read": 6, "unchanged": 6, "missing": 1, "protected": 2}
        assert summary.missing_names == ("ASE d'exemple",)
        assert names() == [("ASE d'exemple", "Fichier de mise à jour")]
    assert counts(back(sent, data)) == {"read": 7, "unchanged": 7, "protected": 2}
    assert names() == []
    assert records(sent) == before


def test_it_belongs_to_the_source_of_its_territory_whatever_it_is_called(sent: Runtime) -> None:
    for acronym, filename in (("SP", "93 corrigé par Léa v2.xlsx"), ("SQ", "autre.xlsx")):
        run(sent, changed(handed_out(sent), "Service complet", acronym=acronym), filename)
    with Session(sent.staff) as session:
        sources = session.scalars(select(Source)).all()
        names = {
            each.id: sent.vault.open("source", each.id, "name", each.name).decode()
            for each in sources
        }
        (own,) = (each for each in sources if names[each.id] == "Fichier de mise à jour")
        received = select(SourceFile.id).where(SourceFile.source_id == own.id)
        assert own.territory_code == "93"
        assert len(session.scalars(received).all()) == 2


def test_what_was_written_at_the_desk_stays(sent: Runtime) -> None:
    ids = {row["Nom"]: row[ID_TITLE] for row in rows_of(handed_out(sent))}
    with write(sent.staff) as session:
        writer, edit = acts.find(session, sent.vault, ids["Service complet"])
        by = Origin(source="staff", day=date(2026, 6, 1), rank=acts.RANK_OF_STAFF)
        correct(edit, {"acronym": "BUREAU"}, by)
        acts.write(session, sent.vault, writer, edit, "update", "essai")
    before = records(sent)
    data = changed(handed_out(sent), "Service complet", acronym="LISTE", age_min=15)
    assert messages(back(sent, data)) == [HIGHER]
    assert differences(before, records(sent)) == {"age_min": 15}
