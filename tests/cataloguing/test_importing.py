"""Catalogues of resources: what a plan says, what is written once it is confirmed, and undone."""

from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cataloguing.holding import waiting
from app.cataloguing.import_errors import ImportDecided, ImportOutdated, ImportUnknown
from app.cataloguing.importing import drop, plan, read_imports, refresh
from app.cataloguing.publishing import NotYourDecision
from app.cataloguing.versions import history, read, save
from app.cataloguing.withdrawing import withdraw
from app.files.as_xlsx import write_xlsx
from app.files.workbook import Sheet
from app.models import ResourceImport, ResourceRecord, Role
from app.operations.forgetting import IMPORTS_FOR, forget_ended
from app.platform.database.sessions import write
from app.resources.columns import columns
from app.resources.content import Content
from app.resources.forms import Form
from app.resources.resource import Resource
from app.runtime.staff import Runtime
from app.visibility import PUBLIC, Viewer
from tests.cataloguing.catalogues import (
    LIMIT,
    REPORT,
    SUMMARY,
    applied,
    catalogue,
    imported,
    outcomes,
    planned,
    previewed,
    shown,
    undone,
)
from tests.makers_resources import (
    CURATEUR,
    READER,
    WRITER,
    held_one,
    made,
    now,
    public_id_of,
    publish_version,
    seen,
    status,
)
from tests.resource_contents import SITE, document, practice, published
from tests.short_lists import SHELTER, csv, run

REFERENT = Viewer.staff(Role.REFERENT_DEPARTEMENT, ["93"])


def latest(runtime: Runtime, resource: UUID) -> Content:
    with Session(runtime.staff) as session:
        return read(session, runtime.vault, CURATEUR, resource).content


def resources(runtime: Runtime) -> int:
    with Session(runtime.staff) as session:
        return len(session.scalars(select(ResourceRecord.id)).all())


def our_file(contents: Sequence[tuple[Content, str]]) -> bytes:
    """Return our own workbook of resources, by their public ids."""
    of_file, file = columns(SITE), BytesIO()
    rows: list[Resource] = [published(each, public_id=of) for each, of in contents]
    sheet = Sheet(
        name="Ressources",
        columns=of_file,
        total=len(rows),
        title="Ressources",
        publisher="Exemple",
        at=now(),
        about=[],
    )
    write_xlsx(sheet, [[[column.value(each) for column in of_file] for each in rows]], file)
    return file.getvalue()


def test_a_plan_writes_nothing_and_says_what_nobody_takes(runtime: Runtime) -> None:
    made_of_it = previewed(runtime, catalogue(REPORT, SUMMARY))
    assert outcomes(made_of_it) == ["create", "create"]
    assert made_of_it.left == ("niveau_de_preuve",)
    assert made_of_it.lines[0].said == ("Nature proposée d’après le type : recherche.",)
    assert resources(runtime) == 0


def test_what_is_confirmed_waits_for_a_curateur(runtime: Runtime) -> None:
    import_id = imported(runtime, SUMMARY, REPORT)
    (summary, report) = shown(runtime, import_id).done
    assert status(runtime, report.id) == "waiting"
    assert "Rapport d’exemple" not in seen(runtime)
    content = latest(runtime, report.id)
    assert (content.nature, content.reach, content.said_year) == ("recherche", "national", 2021)
    with Session(runtime.staff) as session:
        (relation,) = latest(runtime, summary.id).own.relations  # type: ignore[union-attr]
        assert relation.relation == "synthese_de"
        assert relation.resource_id == public_id_of(session, report.id)
        stored = read(session, runtime.vault, CURATEUR, report.id)
        steps = history(session, runtime.vault, CURATEUR, stored)
        (saved,) = (each for each in steps if each.act == "saved")
    assert saved.note == "catalogue.json, n° 2 · https://exemple.fr/liste · Daté de mai."


def test_the_same_catalogue_changes_nothing_a_second_time(runtime: Runtime) -> None:
    imported(runtime, REPORT, SUMMARY)
    assert outcomes(previewed(runtime, catalogue(REPORT, SUMMARY))) == ["unchanged"] * 2


def test_what_a_line_says_otherwise_is_shown_and_what_it_leaves_out_stays(
    runtime: Runtime,
) -> None:
    imported(runtime, REPORT)
    other = REPORT | {"annee": None, "resume": "Un autre résumé.", "themes": ["fugue"]}
    import_id = planned(runtime, catalogue(other))
    (line,) = shown(runtime, import_id).lines
    assert line.outcome == "update"
    assert [each.label for each in line.changes] == ["Résumé", "Thèmes"]
    (done,) = applied(runtime, import_id).done
    content = latest(runtime, done.id)
    assert (content.summary, content.themes, content.year) == ("Un autre résumé.", ("fugue",), 2021)


def test_a_nature_that_a_curateur_chose_is_not_proposed_anew(runtime: Runtime) -> None:
    resource = made(runtime, title=REPORT["titre"], subtitle="", url=REPORT["url"], year=2021)
    assert latest(runtime, resource).nature == "etude-de-dossiers"
    (line,) = previewed(runtime, catalogue(REPORT)).lines
    assert line.outcome == "update"
    assert "Nature" not in {each.label for each in line.changes}


def test_published_at_once_where_somebody_says_so(runtime: Runtime) -> None:
    (done,) = shown(runtime, imported(runtime, REPORT, publishes=True)).done
    assert done.published
    assert "Rapport d’exemple" in seen(runtime)


@pytest.mark.slow
def test_a_line_that_names_a_hidden_place_is_held(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    text = "Voir la MECS, 10 rue Cachée à Bobigny."
    (done,) = shown(runtime, imported(runtime, REPORT | {"resume": text}, publishes=True)).done
    assert done.held
    assert status(runtime, done.id) == "held"
    assert "Cachée" not in seen(runtime)


def test_a_close_title_is_a_question_and_is_left_out_without_an_answer(runtime: Runtime) -> None:
    imported(runtime, REPORT)
    close = {"titre": "Rapports d’exemple", "annee": 2021, "type": "rapport"}
    import_id = planned(runtime, catalogue(close))
    (line,) = shown(runtime, import_id).lines
    assert (line.outcome, line.choices) == ("doubtful", ("create", "update", "skip"))
    assert line.said[0] == "Titre et année proches de « Rapport d’exemple »."
    assert applied(runtime, import_id).done == ()
    assert resources(runtime) == 1


@pytest.mark.parametrize(("choice", "count"), [("create", 2), ("update", 1)])
def test_a_question_is_answered_by_a_person(runtime: Runtime, choice: Any, count: int) -> None:
    imported(runtime, REPORT)
    close = {"titre": "Rapports d’exemple", "annee": 2021, "type": "rapport"}
    (done,) = applied(runtime, planned(runtime, catalogue(close)), {1: choice}).done
    assert latest(runtime, done.id).title == "Rapports d’exemple"
    assert resources(runtime) == count


def test_two_lines_of_one_document_are_not_written_twice(runtime: Runtime) -> None:
    made_of_it = previewed(runtime, catalogue(REPORT, REPORT | {"id": "encore"}))
    assert outcomes(made_of_it) == ["create", "doubtful"]
    assert made_of_it.lines[1].choices == ("create", "skip")
    assert "(ligne 1 de ce fichier)" in made_of_it.lines[1].said[0]


def test_a_sheet_is_never_made_of_a_line_and_a_training_needs_its_body(runtime: Runtime) -> None:
    rows: list[dict[str, Any]] = [
        {"titre": "Fiche", "genre": "fiche"},
        {"titre": "Stage d’exemple", "genre": "formation"},
        {"titre": "Stage d’exemple", "genre": "formation", "organismes": ["École d’exemple"]},
    ]
    made_of_it = previewed(runtime, catalogue(*rows))
    assert outcomes(made_of_it) == ["wrong", "wrong", "create"]
    assert "au bureau" in made_of_it.lines[0].said[-1]


def test_a_line_of_another_form_is_a_question(runtime: Runtime) -> None:
    made(runtime, Form.SHEET, title="Retour de fugue", bodies=["Organisme d’exemple"])
    row = {"titre": "Retour de fugue", "auteurs": ["Organisme d’exemple"], "type": "guide"}
    (line,) = previewed(runtime, catalogue(row)).lines
    assert (line.outcome, line.choices) == ("doubtful", ("create", "skip"))
    assert line.said[1] == "Mais c’est autre chose : fiche."


def test_what_was_withdrawn_does_not_come_back_by_itself(runtime: Runtime) -> None:
    (done,) = shown(runtime, imported(runtime, REPORT, publishes=True)).done
    with write(runtime.staff) as session:
        withdraw(session, runtime.vault, CURATEUR, READER, done.id, now(), "essai")
    (line,) = previewed(runtime, catalogue(REPORT)).lines
    assert line.outcome == "doubtful"
    assert "Cette ressource est retirée." in line.said


def test_a_held_text_is_found_as_well(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    held_one(runtime, title="Titre retenu", doi="10.1234/retenu", summary="10 rue Cachée, Bobigny")
    row = {"titre": "Autre titre", "doi": "10.1234/retenu", "type": "rapport"}
    assert outcomes(previewed(runtime, catalogue(row))) == ["update"]


@pytest.mark.slow
def test_our_own_file_changes_nothing_by_itself(runtime: Runtime) -> None:
    ids = []
    for form in (Form.DOCUMENT, Form.SHEET, Form.PRACTICE):
        resource = made(runtime, form)
        with Session(runtime.staff) as session:
            ids.append((latest(runtime, resource), public_id_of(session, resource)))
    made_of_it = previewed(runtime, our_file(ids), "ressources.xlsx")
    assert [each.changes for each in made_of_it.lines] == [()] * 3
    assert outcomes(made_of_it) == ["unchanged"] * 3


def test_a_cell_of_our_own_file_that_was_changed_changes_that_resource(runtime: Runtime) -> None:
    resource = made(runtime, title="Maraude", form=Form.PRACTICE)
    with Session(runtime.staff) as session:
        public_id = public_id_of(session, resource)
    file = our_file([(practice(title="Un nouveau titre"), public_id)])
    (done,) = applied(runtime, planned(runtime, file, "ressources.xlsx")).done
    assert done.id == resource
    content = latest(runtime, resource)
    assert (content.title, content.evaluation) == ("Un nouveau titre", practice().evaluation)


def test_a_plan_that_is_outdated_writes_nothing_until_it_is_read_again(runtime: Runtime) -> None:
    import_id = planned(runtime, catalogue(REPORT))
    imported(runtime, REPORT | {"note": "Daté de juin."})
    with pytest.raises(ImportOutdated):
        applied(runtime, import_id)
    with write(runtime.staff) as session:
        again_made = refresh(session, runtime.vault, CURATEUR, import_id).plan
    assert outcomes(again_made) == ["unchanged"]
    assert applied(runtime, import_id).done == ()


def test_a_plan_is_applied_once_and_undone_once(runtime: Runtime) -> None:
    import_id = imported(runtime, REPORT)
    with pytest.raises(ImportDecided):
        applied(runtime, import_id)
    undone(runtime, import_id)
    with pytest.raises(ImportDecided):
        undone(runtime, import_id)
    dropped = planned(runtime, catalogue(REPORT))
    with write(runtime.staff) as session:
        drop(session, runtime.vault, CURATEUR, dropped)
    with pytest.raises(ImportDecided):
        applied(runtime, dropped)
    with pytest.raises(ImportUnknown):
        undone(runtime, uuid4())


def test_an_undone_import_leaves_nothing_of_what_was_new(runtime: Runtime) -> None:
    import_id = imported(runtime, REPORT, SUMMARY)
    assert undone(runtime, import_id).not_undone == ()
    assert {status(runtime, each.id) for each in shown(runtime, import_id).done} == {"erased"}
    assert outcomes(previewed(runtime, catalogue(REPORT, SUMMARY))) == ["create"] * 2


def test_what_visitors_could_read_is_withdrawn_by_undoing(runtime: Runtime) -> None:
    import_id = imported(runtime, REPORT, publishes=True)
    undone(runtime, import_id)
    (done,) = shown(runtime, import_id).done
    assert status(runtime, done.id) == "withdrawn"


@pytest.mark.parametrize("publishes", [True, False])
def test_what_was_changed_is_as_it_was(runtime: Runtime, publishes: bool) -> None:
    of: dict[str, Any] = {
        "title": REPORT["titre"],
        "subtitle": "",
        "url": REPORT["url"],
        "year": 2021,
    }
    resource = made(runtime, **of, summary="Le premier résumé.")
    import_id = imported(runtime, REPORT, publishes=publishes)
    assert (REPORT["resume"] in seen(runtime)) is publishes
    assert undone(runtime, import_id).not_undone == ()
    assert latest(runtime, resource).summary == "Le premier résumé."
    assert status(runtime, resource) == "published"
    assert "Le premier résumé." in seen(runtime)


@pytest.mark.slow
def test_what_was_held_waits_for_nobody_once_it_is_undone(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    of: dict[str, Any] = {"title": REPORT["titre"], "subtitle": "", "url": REPORT["url"]}
    resource = made(runtime, **of, year=2021)
    import_id = imported(runtime, REPORT | {"resume": "10 rue Cachée, Bobigny"}, publishes=True)
    assert status(runtime, resource) == "held"
    undone(runtime, import_id)
    assert status(runtime, resource) == "published"
    with Session(runtime.staff) as session:
        assert waiting(session, runtime.vault, CURATEUR) == []


def test_what_somebody_wrote_since_stays_and_is_named(runtime: Runtime) -> None:
    import_id = imported(runtime, REPORT, SUMMARY)
    (report, summary) = shown(runtime, import_id).done
    with write(runtime.staff) as session:
        content = document(title="Titre corrigé")
        save(session, runtime.vault, READER, report.id, content, now(), based_on=1)
        publish_version(session, runtime.vault, summary.id, summary.number)
    left = undone(runtime, import_id).not_undone
    assert set(left) == {"Titre corrigé : Guide des signes", SUMMARY["titre"]}
    assert SUMMARY["titre"] in seen(runtime)


@pytest.mark.parametrize("viewer", [PUBLIC, REFERENT, Viewer.staff(Role.ADMINISTRATEUR)])
def test_nobody_but_a_curateur_imports(runtime: Runtime, viewer: Viewer) -> None:
    with Session(runtime.staff) as session:
        by = (session, runtime.vault, viewer)
        with pytest.raises(NotYourDecision):
            plan(*by, WRITER, catalogue(REPORT), "x.json", now(), max_bytes=LIMIT)
        with pytest.raises(NotYourDecision):
            read_imports(*by)


def test_a_plan_stands_sealed_and_is_forgotten_in_time(runtime: Runtime) -> None:
    planned(runtime, catalogue(REPORT))
    with Session(runtime.staff) as session:
        assert b"exemple" not in session.scalars(select(ResourceImport.plan)).one()
        assert len(read_imports(session, runtime.vault, CURATEUR)) == 1
    forget_ended(runtime.staff, now() + IMPORTS_FOR - timedelta(days=1))
    with Session(runtime.staff) as session:
        assert len(read_imports(session, runtime.vault, CURATEUR)) == 1
    forget_ended(runtime.staff, now() + IMPORTS_FOR + timedelta(days=1))
    with Session(runtime.staff) as session:
        assert read_imports(session, runtime.vault, CURATEUR) == []


def test_relations_in_a_circle_end(runtime: Runtime) -> None:
    one = {"id": "a", "titre": "Premier", "type": "rapport", "relation": {"suite de": "b"}}
    other = {"id": "b", "titre": "Second", "type": "rapport", "relation": {"suite de": "a"}}
    assert len(shown(runtime, imported(runtime, one, other)).done) == 2
