"""From the bytes of a list to actors: what is created, updated, kept, and what is never lost."""

import io
from datetime import date

import openpyxl
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.lists.importing import preview
from app.models import Actor, Revision, SourceFile, SourceRecord, SourceRow
from app.runtime.staff import Runtime
from importers.errors import FileTooLarge, UnreadableList
from tests.short_lists import ASE, CRIP, HEADER, counts, csv, run, sent


def actors(runtime: Runtime) -> dict[str, Actor]:
    with Session(runtime.staff) as session:
        return {actor.name: actor for actor in session.scalars(select(Actor))}


def test_a_list_becomes_published_actors(runtime: Runtime) -> None:
    assert counts(run(runtime, csv(CRIP, ASE))) == {"read": 2, "created": 2}
    crip = actors(runtime)["CRIP d'exemple"]
    assert (crip.category, crip.status, crip.territory_code) == ("crip", "published", "93")
    assert (crip.commune_code, crip.phones) == ("93008", ["+33199000001"])
    assert crip.email == "crip@example.org"
    # No coordinates were given and no geocoder was asked: the commune's point, and said so.
    assert crip.precision == "commune"


def test_the_same_file_twice_changes_nothing(runtime: Runtime) -> None:
    run(runtime, csv(CRIP, ASE))
    before = {name: actor.updated_at for name, actor in actors(runtime).items()}
    assert counts(run(runtime, csv(CRIP, ASE))) == {"read": 2, "unchanged": 2}
    assert {name: actor.updated_at for name, actor in actors(runtime).items()} == before


def test_a_file_that_comes_back_under_another_date_is_the_same_source(runtime: Runtime) -> None:
    run(runtime, csv(CRIP), name="Liste CRIP 2026-03.csv")
    again = run(runtime, csv(CRIP), name="liste_crip_2026-11 (2).csv")
    assert counts(again) == {"read": 1, "unchanged": 1}


@pytest.mark.slow
def test_a_changed_line_updates_its_actor_and_keeps_its_address(runtime: Runtime) -> None:
    run(runtime, csv(CRIP, ASE))
    before = actors(runtime)["CRIP d'exemple"]
    changed = run(runtime, csv(CRIP.replace("00 01", "00 09"), ASE))
    assert counts(changed) == {"read": 2, "updated": 1, "unchanged": 1}
    after = actors(runtime)["CRIP d'exemple"]
    assert after.phones == ["+33199000009"]
    assert (after.id, after.public_id) == (before.id, before.public_id)


def test_an_absent_line_is_missing_and_its_actor_stays(runtime: Runtime) -> None:
    run(runtime, csv(CRIP, ASE))
    assert counts(run(runtime, csv(CRIP))) == {"read": 1, "unchanged": 1, "missing": 1}
    assert actors(runtime)["ASE d'exemple"].status == "published"
    assert counts(run(runtime, csv(CRIP))) == {"read": 1, "unchanged": 1, "missing": 1}
    assert counts(run(runtime, csv(CRIP, ASE))) == {"read": 2, "unchanged": 2}
    with Session(runtime.staff) as session:
        missing = select(func.count()).where(SourceRecord.missing_since.is_not(None))
        assert session.scalar(missing) == 0


def test_a_partial_list_says_nothing_of_whom_it_does_not_name(runtime: Runtime) -> None:
    run(runtime, csv(CRIP, ASE))
    changed = CRIP.replace("00 01", "00 09")
    assert counts(run(runtime, csv(changed), whole=False)) == {"read": 1, "updated": 1}
    with Session(runtime.staff) as session:
        missing = select(func.count()).where(SourceRecord.missing_since.is_not(None))
        assert session.scalar(missing) == 0
    assert counts(run(runtime, csv(changed, ASE))) == {"read": 2, "unchanged": 2}


def test_a_new_line_of_a_partial_list_may_still_be_one_that_it_does_not_name(
    runtime: Runtime,
) -> None:
    run(runtime, csv(CRIP, ASE))
    renamed = "Cellule départementale;CRIP;1 rue de l'Exemple;93000;Bobigny;01 99 00 00 01;"
    for whole, missing in ((True, 2), (False, 0)):
        found = preview(
            runtime.staff, runtime.vault, runtime.settings, sent(csv(renamed), whole=whole)
        )
        assert (found.doubtful, found.missing) == (1, missing)


def test_an_actor_known_from_another_list_is_not_made_twice(runtime: Runtime) -> None:
    run(runtime, csv(CRIP), source="liste A")
    again = run(runtime, csv(CRIP.replace("00 01", "00 09")), source="liste B")
    assert counts(again) == {"read": 1, "conflicting": 1}
    assert actors(runtime)["CRIP d'exemple"].phones == ["+33199000001"]


def test_a_line_that_says_nothing_of_a_field_clears_only_what_its_own_list_had_said(
    runtime: Runtime,
) -> None:
    run(runtime, csv(CRIP), source="liste A")
    silent = CRIP.replace("crip@example.org", "")
    run(runtime, csv(silent), source="liste B")
    assert actors(runtime)["CRIP d'exemple"].email == "crip@example.org"
    run(runtime, csv(silent), source="liste A")
    assert actors(runtime)["CRIP d'exemple"].email is None


def test_counts_add_up_to_the_lines_after_the_header(runtime: Runtime) -> None:
    lines = (CRIP, "", ASE, CRIP, HEADER, "Total;2;;;;;", "Sans commune;ASE;;;;;")
    summary = run(runtime, csv(*lines), territory=None)
    numbers = summary.counts()
    done = numbers["created"] + numbers["updated"] + numbers["unchanged"] + numbers["rejected"]
    assert numbers["read"] == done
    assert numbers["read"] + numbers["ignored"] == len(lines)
    assert (numbers["created"], numbers["rejected"], numbers["ignored"]) == (2, 2, 3)


def test_each_line_is_kept_with_what_became_of_it(runtime: Runtime) -> None:
    run(runtime, csv(CRIP, "", CRIP))
    with Session(runtime.staff) as session:
        rows = session.scalars(select(SourceRow).order_by(SourceRow.line)).all()
        assert [(row.line, row.outcome) for row in rows] == [
            (2, "created"),
            (3, "ignored"),
            (4, "rejected"),
        ]
        seen = runtime.vault.open_json("source_row", rows[0].id, "content", rows[0].content)
        assert seen["read"]["name"] == "CRIP d'exemple"
        assert seen["raw"][0] == "CRIP d'exemple"
        opened = runtime.vault.open_json("source_row", rows[2].id, "content", rows[2].content)
        assert "ligne 2" in opened["told"][0]["message"]
        assert opened["raw"] == seen["raw"]


def test_lines_of_several_sheets_are_kept_apart_and_the_names_of_sheets_sealed(
    runtime: Runtime,
) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Foyer caché"
    second = book.create_sheet("Partenaires")
    for sheet, name in ((book.active, "Un d'exemple"), (second, "Deux d'exemple")):
        sheet.append(["Nom", "Type", "Commune"])
        sheet.append([name, "CRIP", "Bobigny"])
    out = io.BytesIO()
    book.save(out)
    summary = run(runtime, out.getvalue(), name="liste.xlsx")
    assert summary.created == 2
    with Session(runtime.staff) as session:
        rows = session.scalars(select(SourceRow).order_by(SourceRow.sheet)).all()
        assert [(row.sheet, row.line, row.outcome) for row in rows] == [
            (0, 2, "created"),
            (1, 2, "created"),
        ]
        assert len({row.actor_id for row in rows}) == 2
        seen = runtime.vault.open_json("source_row", rows[0].id, "content", rows[0].content)
        assert (seen["sheet"], seen["raw"]) == ("Foyer caché", ["Un d'exemple", "CRIP", "Bobigny"])


@pytest.mark.slow
def test_a_line_hidden_in_its_file_is_a_draft_and_unpublishes_nobody(runtime: Runtime) -> None:
    def hidden(*, hide: bool) -> bytes:
        book = openpyxl.Workbook()
        book.active.append(["Nom", "Type", "Commune"])
        book.active.append(["Un d'exemple", "CRIP", "Bobigny"])
        book.active.append(["Deux d'exemple", "CRIP", "Bobigny"])
        book.active.row_dimensions[2].hidden = hide
        book.active.row_dimensions[3].hidden = True
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    run(runtime, hidden(hide=False), name="liste.xlsx")
    run(runtime, hidden(hide=True), name="liste.xlsx")
    with Session(runtime.staff) as session:
        found = session.scalars(select(Actor.status).order_by(Actor.status)).all()
        assert found == ["draft", "published"]


def test_the_bytes_received_are_kept_sealed(runtime: Runtime) -> None:
    data = csv(CRIP)
    run(runtime, data, name="liste du foyer.csv")
    with Session(runtime.staff) as session:
        file = session.scalars(select(SourceFile)).one()
        assert file.content is not None
        assert runtime.vault.open("source_file", file.id, "content", file.content) == data
        assert b"CRIP" not in file.content
        assert b"foyer" not in file.name
        assert file.status == "imported"


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04 not a zip", HEADER.encode("cp1252"), b"\x00\x01\x02"]
)
def test_an_unreadable_list_writes_no_actor_and_its_bytes_are_kept(
    runtime: Runtime, data: bytes
) -> None:
    with pytest.raises(UnreadableList):
        run(runtime, data)
    assert actors(runtime) == {}
    with Session(runtime.staff) as session:
        file = session.scalars(select(SourceFile)).one()
        assert file.content is not None
        assert runtime.vault.open("source_file", file.id, "content", file.content) == data
        assert file.status == "refused"


def test_a_list_over_the_limit_is_refused_unread(runtime: Runtime) -> None:
    with pytest.raises(FileTooLarge, match="20 Mo"):
        run(runtime, bytes(runtime.settings.import_max_bytes + 1))


def test_a_dry_run_tells_the_same_and_writes_nothing(runtime: Runtime) -> None:
    would = preview(runtime.staff, runtime.vault, runtime.settings, sent(csv(CRIP, ASE)))
    assert counts(would) == {"read": 2, "created": 2}
    with Session(runtime.staff) as session:
        for table in ("actor", "source", "source_file", "source_row", "sealed_secret"):
            assert session.scalar(text(f"SELECT count(*) FROM {table}")) == 0


def test_a_draft_list_publishes_nothing_and_later_lists_do_not_publish_it(
    runtime: Runtime,
) -> None:
    run(runtime, csv(CRIP), draft=True)
    assert actors(runtime)["CRIP d'exemple"].status == "draft"
    run(runtime, csv(CRIP.replace("00 01", "00 09")))
    assert actors(runtime)["CRIP d'exemple"].status == "draft"


def test_a_category_that_nobody_knows_is_never_published(runtime: Runtime) -> None:
    run(runtime, csv("Lieu d'exemple;inconnue;3 rue X;93000;Bobigny;;"))
    with Session(runtime.staff) as session:
        actor = session.scalars(select(Actor)).one()
    assert (actor.category, actor.status, actor.protected) == ("piloter", "draft", True)
    assert "Lieu d'exemple" not in actor.name


def test_every_change_leaves_a_revision_with_before_and_after(runtime: Runtime) -> None:
    run(runtime, csv(CRIP))
    run(runtime, csv(CRIP.replace("crip@", "alerte@")))
    with Session(runtime.staff) as session:
        revisions = session.scalars(select(Revision).order_by(Revision.at)).all()
    assert [(each.who, each.action) for each in revisions] == [
        ("essai", "create"),
        ("essai", "update"),
    ]
    last = revisions[-1]
    change = runtime.vault.open_json("revision", last.id, "change", last.change)
    assert set(change) == {"emails"}
    before, after, origin = change["emails"]
    assert (before, after) == (["crip@example.org"], ["alerte@example.org"])
    # What had written the value before: the same line of the file before.
    assert (origin["line"], origin["rank"]) == (2, 10)
    why = runtime.vault.open_json("revision", last.id, "why", last.why)
    assert (why["line"], why["day"][:3]) == (2, date.today().isoformat()[:3])  # noqa: DTZ011


def test_a_failure_half_way_writes_no_actor(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("half-way")

    monkeypatch.setattr("app.lists.applying.write_lines", fail)
    with pytest.raises(RuntimeError, match="half-way"):
        run(runtime, csv(CRIP))
    assert actors(runtime) == {}
    with Session(runtime.staff) as session:
        assert session.scalars(select(SourceFile.status)).one() == "received"
