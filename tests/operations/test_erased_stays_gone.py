"""What was erased comes back by no list, no interruption and no restored backup."""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import time

import pytest
from sqlalchemy import Connection, make_url, select
from sqlalchemy.orm import Session

from app.lists.forgetting import ERASED_VALUE
from app.lists.uploads import Upload
from app.models import SourceFile
from app.operations import erasure
from app.operations.doctor import remembered
from app.operations.erasure_register import entries, opened, register_path
from app.operations.lost_erasures import note_again
from app.operations.sweep import Sweep
from app.operations.unfinished_erasures import unfinished
from app.platform.cluster.directory import find_binaries
from app.platform.cluster.server import Cluster
from app.platform.database.engines import database_name
from app.platform.database.sessions import IMPORT_LOCK, hold, read, write
from app.records.acts import protect
from app.registers.sectors import take_sectors
from app.runtime.staff import Runtime
from tests.databases import cloned
from tests.makers import decide
from tests.operations.erasing import (
    PERSON,
    PHONE,
    REFUSED,
    actor_marks,
    erase,
    everything,
    finished,
    holds_phone,
    problems,
    value_marks,
)
from tests.short_lists import APART, CRIP, HEADER, counts, csv, ids, run

pytestmark = pytest.mark.slow


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


def test_it_does_not_come_back_as_the_title_of_a_column(known: Runtime) -> None:
    titled = f"{HEADER};Le soir : {PHONE}\r\n{CRIP};oui".encode("cp1252")
    run(known, titled, source="titres")
    erase(known, value_marks(known, PHONE))
    assert not holds_phone(known)
    run(known, titled.replace(b"oui", b"non"), source="titres")
    assert not holds_phone(known)


def test_it_does_not_come_back_with_a_list_that_cannot_be_read(known: Runtime) -> None:
    erase(known, value_marks(known, PHONE))
    with pytest.raises(Exception, match=r"."):
        run(known, f"rien;de connu\r\n{PHONE};x".encode())
    assert not holds_phone(known)


def test_it_does_not_come_back_with_a_list_of_sectors(known: Runtime) -> None:
    erase(known, value_marks(known, PHONE))
    data = f"Commune;MDS;Note\nBobigny;MDS de Bobigny;à rappeler : {PHONE}\n".encode()
    upload = Upload("secteurs.csv", data, "essai", "93", source="Secteurs 93")
    with write(known.staff) as session:
        done = take_sectors(session, known.vault, known.settings, upload)
    assert done.communes == 1
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


def test_backups_that_hold_it_are_reported_until_they_are_gone(
    known: Runtime, tmp_path: Path
) -> None:
    folder = tmp_path / "sauvegardes"
    folder.mkdir()
    (folder / "novembre.dump").touch()
    settings = known.settings.model_copy(update={"backup_dir": folder})
    assert remembered(known.staff, settings) == []
    erase(known, value_marks(known, PHONE))
    erasure.purge(known.staff, known.owner_url, known.vault, who="essai", patience=120)
    (reported,) = remembered(known.staff, settings)
    assert "novembre.dump" in reported.what
    (folder / "decembre.dump").touch()
    # The clock that dates a file goes by ticks: it is some milliseconds behind that of the purge.
    later = time() + 1
    os.utime(folder / "decembre.dump", (later, later))
    assert "decembre" not in remembered(known.staff, settings)[0].what
    (folder / "novembre.dump").unlink()
    assert remembered(known.staff, settings) == []


def test_a_register_that_was_lost_is_written_anew_from_its_database(known: Runtime) -> None:
    erase(known, value_marks(known, PHONE))
    path = register_path(known.settings)
    (before,) = (opened(known.vault, *each) for each in entries(path))
    path.unlink()
    with read(known.staff) as session:
        for _ in range(2):
            note_again(session, known.vault, known.settings)
    (after,) = (opened(known.vault, *each) for each in entries(path))
    assert after.marks == before.marks
    assert (after.id, after.who, after.why) == (before.id, before.who, before.why)


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
    with cloned(cluster, admin, lean_template) as databases:
        owner_url = cluster.url(cluster.superuser, database_name(databases.staff))
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
