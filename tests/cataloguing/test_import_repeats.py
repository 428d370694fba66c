"""Lines of one catalogue that are one resource: one of them changes it, the others are asked."""

import pytest
from sqlalchemy.orm import Session

from app.cataloguing.import_errors import ChangedTwice
from app.cataloguing.versions import read
from app.runtime.staff import Runtime
from tests.cataloguing.catalogues import (
    REPORT,
    SUMMARY,
    applied,
    catalogue,
    imported,
    outcomes,
    planned,
    previewed,
    shown,
)
from tests.makers_resources import CURATEUR, public_id_of

FIRST = REPORT | {"resume": "Un autre résumé."}
SECOND = REPORT | {"id": "encore", "resume": "Encore un autre résumé."}
CLOSE = [
    {"titre": "Rapports d’exemple", "annee": 2021, "type": "rapport"},
    {"titre": "Rapport d’exemples", "annee": 2021, "type": "rapport"},
]


def test_two_lines_that_surely_are_one_known_resource_change_it_once(runtime: Runtime) -> None:
    imported(runtime, REPORT)
    import_id = planned(runtime, catalogue(FIRST, SECOND))
    first, second = shown(runtime, import_id).lines
    assert (first.outcome, second.outcome) == ("update", "doubtful")
    assert second.choices == ("create", "skip")
    assert second.changes == ()
    assert second.said[-1] == "La ligne 1 de ce fichier la met déjà à jour."
    (done,) = applied(runtime, import_id, {2: "update"}).done
    assert (done.line, done.number) == (1, 2)


def test_what_is_related_to_a_line_that_is_left_out_is_to_its_resource(runtime: Runtime) -> None:
    (report,) = shown(runtime, imported(runtime, REPORT)).done
    related = SUMMARY | {"relation": {"est la synthèse de": "encore"}}
    import_id = planned(runtime, catalogue(FIRST, SECOND, related))
    summary = applied(runtime, import_id).done[-1]
    with Session(runtime.staff) as session:
        content = read(session, runtime.vault, CURATEUR, summary.id).content
        (relation,) = content.own.relations  # type: ignore[union-attr]
        assert relation.resource_id == public_id_of(session, report.id)


def test_a_line_that_changes_nothing_leaves_another_to_change_it(runtime: Runtime) -> None:
    imported(runtime, REPORT)
    assert outcomes(previewed(runtime, catalogue(REPORT, SECOND))) == ["unchanged", "update"]
    assert outcomes(previewed(runtime, catalogue(SECOND, REPORT))) == ["update", "unchanged"]


def test_two_answers_that_change_one_resource_write_nothing(runtime: Runtime) -> None:
    imported(runtime, REPORT)
    import_id = planned(runtime, catalogue(*CLOSE))
    assert outcomes(shown(runtime, import_id)) == ["doubtful"] * 2
    with pytest.raises(ChangedTwice, match="lignes 1 et 2"):
        applied(runtime, import_id, {1: "update", 2: "update"})
    (done,) = applied(runtime, import_id, {1: "update", 2: "skip"}).done
    assert done.line == 1


def test_a_sure_line_and_an_answer_change_one_resource_once(runtime: Runtime) -> None:
    imported(runtime, REPORT)
    import_id = planned(runtime, catalogue(CLOSE[0], FIRST))
    assert outcomes(shown(runtime, import_id)) == ["doubtful", "update"]
    with pytest.raises(ChangedTwice):
        applied(runtime, import_id, {1: "update"})
