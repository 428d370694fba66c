"""What catalogues say of a resource is taken from them once it is erased, wherever it stands."""

from uuid import UUID

from app.cataloguing.import_forgetting import forget_lines
from app.cataloguing.versions import save
from app.cataloguing.withdrawing import erase
from app.platform.database.sessions import write
from app.runtime.staff import Runtime
from tests.cataloguing.catalogues import (
    REPORT,
    SUMMARY,
    catalogue,
    imported,
    planned,
    shown,
    undone,
)
from tests.makers_resources import CURATEUR, READER, now
from tests.resource_contents import document

TITLE = "« Rapport d’exemple »"


def forgotten(runtime: Runtime, resource: UUID) -> None:
    """Erase a resource, and take from catalogues what they say of it, as a purge does."""
    with write(runtime.staff) as session:
        erase(session, runtime.vault, CURATEUR, READER, resource, now())
        forget_lines(session, runtime.vault, [resource])


def test_a_relation_of_another_line_names_it_no_more(runtime: Runtime) -> None:
    (report,) = shown(runtime, imported(runtime, REPORT)).done
    imported(runtime, {name: said for name, said in SUMMARY.items() if name != "relation"})
    import_id = planned(runtime, catalogue(REPORT, SUMMARY))
    (change,) = shown(runtime, import_id).lines[1].changes
    assert (change.label, TITLE in change.after) == ("Relations", True)
    forgotten(runtime, report.id)
    left = shown(runtime, import_id)
    assert TITLE not in str(left)
    assert "« ressource effacée »" in left.lines[1].changes[0].after
    assert left.lines[1].line.title == SUMMARY["titre"]


def test_a_line_that_was_close_to_its_own_names_it_no_more(runtime: Runtime) -> None:
    import_id = imported(runtime, REPORT, REPORT | {"id": "encore"}, SUMMARY)
    forgotten(runtime, shown(runtime, import_id).done[0].id)
    left = shown(runtime, import_id)
    assert [each.outcome for each in left.lines] == ["wrong", "wrong", "create"]
    assert TITLE not in str(left)


def test_an_undone_catalogue_names_it_no_more(runtime: Runtime) -> None:
    (report,) = shown(runtime, imported(runtime, REPORT)).done
    import_id = imported(runtime, REPORT | {"titre": "Rapport d’exemple, revu"})
    undone(runtime, import_id)
    assert TITLE in str(shown(runtime, import_id))
    forgotten(runtime, report.id)
    assert "Rapport d’exemple" not in str(shown(runtime, import_id))


def test_what_was_left_as_it_is_is_named_no_more(runtime: Runtime) -> None:
    import_id = imported(runtime, REPORT, SUMMARY)
    report, summary = shown(runtime, import_id).done
    with write(runtime.staff) as session:
        for done, title in ((report, "Titre corrigé"), (summary, "Autre titre corrigé")):
            content = document(title=title, subtitle="")
            save(session, runtime.vault, READER, done.id, content, now(), based_on=1)
    assert len(undone(runtime, import_id).not_undone) == 2
    forgotten(runtime, report.id)
    assert shown(runtime, import_id).not_undone == ("Autre titre corrigé",)
