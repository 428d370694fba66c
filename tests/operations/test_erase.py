"""What a person asks to erase is nowhere any more; neither a list nor a backup brings it back."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, make_url, select, text
from sqlalchemy.orm import Session

from app.errors import ActorUnknown
from app.lists.forgetting import ERASED_ACTOR, ERASED_VALUE
from app.models import Actor, Base, Erasure, Revision, SourceFile, SourceRow
from app.operations import erasure
from app.operations.doctor import remembered
from app.operations.erasure_requests import (
    Marks,
    RegisterNotWritten,
    ValueTooGeneral,
    finish,
    look,
    marks_of_actor,
    marks_of_value,
    note,
    register_path,
    unfinished,
)
from app.operations.sweep import Sweep, Swept, latest
from app.platform.cluster.directory import find_binaries
from app.platform.cluster.server import Cluster
from app.platform.database.engines import make_engine
from app.platform.database.sessions import IMPORT_LOCK, hold, read, write
from app.records.acts import protect
from app.runtime.staff import Runtime
from app.vault.columns import SEALED
from tests.databases import cloned
from tests.makers import decide
from tests.short_lists import APART, CRIP, HEADER, NEIGHBOUR, SHELTER, counts, csv, ids, run

PHONE = "06 12 34 56 78"
MAIL = "prenom.nom@exemple.fr"
PERSON = (
    "Association libre;Association;99 rue Autre;93300;Aubervilliers;+33 (0)6.12.34.56.78;" + MAIL
)
REFUSED = f";Association;;93000;Bobigny;{PHONE};"


def quiet(_done: int, _total: int) -> None: ...


def value_marks(runtime: Runtime, value: str) -> Marks:
    with read(runtime.staff) as session:
        return marks_of_value(session, runtime.vault, value)


def actor_marks(runtime: Runtime, public_id: str) -> Marks:
    with read(runtime.staff) as session:
        return marks_of_actor(session, runtime.vault, public_id)


def ask(runtime: Runtime, marks: Marks) -> None:
    owner = make_engine(runtime.owner_url)
    note(owner, runtime.vault, runtime.settings, marks, "essai", "demande du 2 novembre")
    owner.dispose()


def finished(runtime: Runtime) -> Swept | None:
    return finish(runtime.owner_url, runtime.vault, runtime.settings, "essai", quiet)


def erase(runtime: Runtime, marks: Marks) -> Swept | None:
    ask(runtime, marks)
    return finished(runtime)


def everything(runtime: Runtime) -> str:
    """All that the database says, public or sealed, opened."""
    parts = []
    with Session(runtime.staff) as session:
        for name, model in Base.metadata.tables.items():
            sealed = {each.table: each for each in SEALED}.get(name)
            if name in ("territory", "commune", "epci", "former_commune", "territory_version"):
                continue
            for row in session.execute(select(model)).mappings():
                for column, value in row.items():
                    if sealed and column in sealed.columns and value is not None:
                        opened = runtime.vault.open(name, row[sealed.key], column, value)
                        parts.append(opened.decode("utf-8", "replace"))
                    else:
                        parts.append(str(value))
    return "\n".join(parts)


def holds_phone(runtime: Runtime) -> bool:
    digits = "".join(each for each in everything(runtime) if each not in " .-()")
    return "612345678" in digits or "6)12345678" in digits


def problems(runtime: Runtime) -> list[str]:
    """What was said of the lines of the last file."""
    with Session(runtime.staff) as session:
        last = select(SourceFile.id).order_by(SourceFile.received_at.desc()).limit(1)
        rows = session.scalars(
            select(SourceRow)
            .where(SourceRow.source_file_id == last.scalar_subquery())
            .order_by(SourceRow.line)
        )
        told = [
            runtime.vault.open_json("source_row", row.id, "content", row.content)["told"]
            for row in rows
        ]
    return [each["message"] for line in told for each in line]


@pytest.fixture
def known(runtime: Runtime) -> Runtime:
    """A phone and a mailbox of a person: public, in two versions, in a refused line, in history."""
    run(runtime, csv(CRIP, PERSON, REFUSED), name=f"liste {MAIL}.csv", source="liste")
    run(
        runtime,
        csv(CRIP, PERSON.replace("+33 (0)6.12", "06.12").replace("99 rue", "98 rue"), REFUSED),
    )
    return runtime


def test_a_phone_is_erased_wherever_it_stands(known: Runtime) -> None:
    assert holds_phone(known)
    marks = value_marks(known, PHONE)
    planned = look(known.staff, known.vault, marks, quiet)
    assert holds_phone(known)
    swept = erase(known, marks)
    assert swept is not None
    assert swept.counts == planned.counts
    assert planned.counts["source_row"] == 4
    assert planned.counts["source_file"] == 2
    assert planned.counts["actor_protected"] >= 1
    assert planned.counts["revision"] >= 1
    assert not holds_phone(known)
    # The rest of the lines and of the actor stays.
    assert "98 rue Autre" in everything(known)
    assert MAIL in everything(known)
    with known.databases.public.connect() as connection:
        shown = connection.execute(text("SELECT phones FROM actor WHERE name ~ 'libre'"))
        assert shown.scalars().all() == [[]]


def test_a_mailbox_leaves_the_names_of_files_too(known: Runtime) -> None:
    assert MAIL in everything(known)
    erase(known, value_marks(known, "Prenom.NOM@exemple.fr"))
    assert MAIL not in everything(known)
    assert "liste [effacé].csv" in everything(known)


def test_the_lists_to_correct_are_named(known: Runtime) -> None:
    found = look(known.staff, known.vault, value_marks(known, PHONE), quiet)
    with read(known.staff) as session:
        lines = latest(session, known.vault, found.lines)
    assert {(name, line.line) for name, line in lines} >= {("liste", 3), ("liste", 4)}


def test_an_erased_value_does_not_come_back_with_its_list(known: Runtime) -> None:
    erase(known, value_marks(known, PHONE))
    for lines in ((CRIP, PERSON, REFUSED), (CRIP, PERSON)):
        run(known, csv(*lines), name="liste.csv")
        assert not holds_phone(known)
        assert ERASED_VALUE in problems(known)
    again = run(known, csv(CRIP, PERSON), name="liste.csv")
    assert counts(again)["unchanged"] == 2
    # Another list, that gives it in other words.
    other = csv(APART.replace("01 99 00 00 99", "0033612345678")).replace(b"libre", b"tierce")
    run(known, other, source="autre")
    assert not holds_phone(known)


def test_it_does_not_come_back_with_a_list_that_cannot_be_read(known: Runtime) -> None:
    erase(known, value_marks(known, PHONE))
    with pytest.raises(Exception, match=r"."):
        run(known, f"rien;de connu\r\n{PHONE};x".encode())
    assert not holds_phone(known)


def test_what_a_list_hides_in_another_sheet_is_not_kept(known: Runtime, tmp_path: Path) -> None:
    from openpyxl import Workbook

    erase(known, value_marks(known, PHONE))
    book = Workbook()
    for line in (HEADER, APART):
        book.active.append(line.split(";"))
    book.create_sheet("notes").append(["à rappeler", 612345678])
    book.save(tmp_path / "liste.xlsx")
    run(known, (tmp_path / "liste.xlsx").read_bytes(), name="liste.xlsx", source="classeur")
    with Session(known.staff) as session:
        last = select(SourceFile.content).order_by(SourceFile.received_at.desc()).limit(1)
        assert session.scalar(last) is None


def test_all_of_an_actor_is_erased_and_its_neighbours_stay_hidden(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER, NEIGHBOUR, APART))
    with Session(runtime.staff) as session:
        shelter = session.scalars(select(Actor).where(Actor.protected)).one()
        actor_id, public_id = str(shelter.id), shelter.public_id
    swept = erase(runtime, actor_marks(runtime, public_id))
    assert swept is not None
    assert swept.counts["actor"] == 1
    left = everything(runtime)
    assert not [each for each in ("Foyer fictif", "foyer@example.org", actor_id) if each in left]
    assert "Association voisine" in left
    with runtime.databases.public.connect() as connection:
        rows = connection.execute(text("SELECT name, address FROM actor ORDER BY name")).all()
    assert [tuple(row) for row in rows] == [
        ("Association libre", "99 rue Autre\n93300 Aubervilliers"),
        ("Association voisine", None),
    ]
    # Its list names it again, and so does another one.
    for options in ({}, {"source": "autre"}):
        summary = run(runtime, csv(SHELTER, NEIGHBOUR, APART), **options)
        assert summary.rejected == 1
        assert ERASED_ACTOR in problems(runtime)
        assert "Foyer fictif" not in everything(runtime)


def test_what_was_joined_to_an_erased_actor_goes_with_it(runtime: Runtime) -> None:
    from app.records.joining import join
    from app.records.proposals import waiting

    run(runtime, csv(APART))
    run(runtime, csv(APART.replace("99 rue Autre", "Boîte postale 4")), source="autre")
    with read(runtime.staff) as session:
        proposals = list(waiting(session, runtime.vault))
    for each in proposals:
        with write(runtime.staff) as session:
            public_id = join(session, runtime.vault, each.id, who="essai").public_id
        erase(runtime, actor_marks(runtime, public_id))
        assert "Association libre" not in everything(runtime)
    assert proposals


def test_erased_twice_finds_nothing(known: Runtime) -> None:
    marks = value_marks(known, PHONE)
    erase(known, marks)
    assert look(known.staff, known.vault, marks, quiet).counts.total() == 0
    assert finished(known) is None
    with pytest.raises(ActorUnknown):
        actor_marks(known, "0123456789abcdef")


def test_two_at_once_erase_once(known: Runtime) -> None:
    marks = value_marks(known, PHONE)
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda _: erase(known, marks), range(2)))
    assert not holds_phone(known)
    with read(known.staff) as session:
        assert unfinished(session, known.settings) == 0


def test_an_import_that_is_under_way_brings_nothing_back(known: Runtime) -> None:
    """It has read its list, and waits for the lock, as the request is noted."""
    marks = value_marks(known, PHONE)
    again = csv(CRIP, PERSON.replace("libre", "seconde"))
    with ThreadPoolExecutor() as pool:
        with write(known.staff) as session:
            hold(session, IMPORT_LOCK)
            erasing = pool.submit(erase, known, marks)
            importing = pool.submit(run, known, again, "liste.csv")
        importing.result()
        erasing.result()
    assert not holds_phone(known)
    assert "Association seconde" in everything(known)


def test_an_erasure_that_was_interrupted_is_finished_by_the_next_purge(
    known: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Sweep, "_sealed", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            erase(known, value_marks(known, PHONE))
    assert holds_phone(known)
    with read(known.staff) as session:
        assert unfinished(session, known.settings) == 1
    assert finished(known) is not None
    assert not holds_phone(known)


def test_what_was_erased_is_written_nowhere_but_as_digests(known: Runtime) -> None:
    erase(known, value_marks(known, PHONE))
    register = register_path(known.settings)
    assert oct(register.stat().st_mode & 0o777) == "0o600"
    assert "demande" not in register.read_text()
    assert not any(each in register.read_text() for each in ("12345678", "12 34 56 78"))
    with Session(known.staff) as session:
        (noted,) = session.scalars(select(Erasure)).all()
        why = known.vault.open("erasure", noted.id, "why", noted.why).decode()
        assert (why, noted.who, noted.purged_at) == ("demande du 2 novembre", "essai", None)
        assert noted.counts is not None
        assert noted.counts["source_row"] == 4
        # History says that something was erased of the actor.
        assert "erase" in session.scalars(select(Revision.action)).all()


def test_the_files_of_the_database_are_written_anew(known: Runtime) -> None:
    erase(known, value_marks(known, PHONE))
    done = erasure.purge(known.staff, known.owner_url, known.vault, who="essai")
    assert done.erasures == 1
    with read(known.staff) as session:
        assert erasure.unpurged(session) == []


def test_backups_that_hold_it_are_told_until_they_are_gone(known: Runtime, tmp_path: Path) -> None:
    folder = tmp_path / "sauvegardes"
    folder.mkdir()
    (folder / "novembre.dump").touch()
    settings = known.settings.model_copy(update={"backup_dir": folder})
    assert remembered(known.staff, settings) == []
    erase(known, value_marks(known, PHONE))
    erasure.purge(known.staff, known.owner_url, known.vault, who="essai")
    (told,) = remembered(known.staff, settings)
    assert "novembre.dump" in told.what
    (folder / "decembre.dump").touch()
    assert "decembre" not in remembered(known.staff, settings)[0].what
    (folder / "novembre.dump").unlink()
    assert remembered(known.staff, settings) == []


def test_a_register_that_cannot_be_written_erases_nothing(known: Runtime, tmp_path: Path) -> None:
    marks = value_marks(known, PHONE)
    (tmp_path / "file").touch()
    settings = known.settings.model_copy(update={"erasures_file": tmp_path / "file" / "erasures"})
    owner = make_engine(known.owner_url)
    with pytest.raises(RegisterNotWritten):
        note(owner, known.vault, settings, marks, "essai", "demande")
    owner.dispose()
    assert finished(known) is None
    assert holds_phone(known)


@pytest.mark.parametrize(
    "value",
    [
        *("", "1", "119", "3919", "Paris", "75012 Paris", "Seine-Saint-Denis", "a b", "Dupont"),
        *("06 12 34 56 78 Jean Dupont", "a@exemple.fr b@exemple.fr", "0612345678 0612345679"),
        *("@exemple.fr", "Maison d'enfants à caractère social", "x" * 5_000, "mot " * 500),
    ],
)
def test_what_is_too_general_is_refused_without_being_quoted(runtime: Runtime, value: str) -> None:
    with pytest.raises(ValueTooGeneral) as refused:
        value_marks(runtime, value)
    assert len(value) < 4 or value not in str(refused.value)


def test_words_of_many_actors_are_refused(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(runtime, csv(APART, NEIGHBOUR.replace("10, rue cachee", "99 rue Autre")))
    monkeypatch.setattr("app.operations.erasure_requests.MOST_RECORDS", 1)
    with pytest.raises(ValueTooGeneral):
        look(runtime.staff, runtime.vault, value_marks(runtime, "rue Autre"), quiet)


def test_a_restored_backup_is_erased_again(
    cluster: Cluster, admin: Connection, lean_template: str, known: Runtime, tmp_path: Path
) -> None:
    decide(known, protect, ids(known)["CRIP d'exemple"], who="essai", why="menaces")
    binaries, dump = find_binaries(cluster.data), tmp_path / "mesure23.dump"

    def address(url: str) -> str:
        plain = make_url(url).set(drivername="postgresql")
        return plain.render_as_string(hide_password=False)

    source = address(known.owner_url)
    subprocess.run([binaries / "pg_dump", "--format=custom", f"--file={dump}", source], check=True)
    erase(known, value_marks(known, PHONE))
    erase(known, actor_marks(known, ids(known)["Association libre"]))
    name = f"clone_{uuid4().hex[:12]}"
    with cloned(cluster, admin, lean_template, name) as databases:
        owner_url = cluster.url(cluster.superuser, name)
        restore = [str(binaries / "pg_restore"), "--clean", "--if-exists", "--exit-on-error"]
        subprocess.run([*restore, f"--dbname={address(owner_url)}", dump], check=True)
        restored = Runtime(known.settings, databases, known.vault, owner_url, None)
        assert holds_phone(restored)
        with read(restored.staff) as session:
            assert unfinished(session, restored.settings) == 2
        assert any("restaurée" in each.todo for each in remembered(restored.staff, known.settings))
        assert finished(restored) is not None
        assert not holds_phone(restored)
        assert "Association libre" not in everything(restored)
        assert finished(restored) is None


def test_a_value_in_many_lines_is_erased_in_batches(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.operations.sweep.AT_ONCE", 7)
    many = [PERSON.replace("libre", f"n° {number}") for number in range(40)]
    run(runtime, csv(*many))
    told: list[Any] = []
    marks = value_marks(runtime, PHONE)
    look(runtime.staff, runtime.vault, marks, lambda done, total: told.append((done, total)))
    assert len(told) > 20
    assert told[-1][0] == told[-1][1]
    swept = erase(runtime, marks)
    assert swept is not None
    assert swept.counts["source_row"] == 40
    assert not holds_phone(runtime)
