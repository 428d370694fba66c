"""A resource that was erased does not come back with a backup: the register has its id."""

import json

from sqlalchemy.orm import Session

from app.cataloguing.import_applying import apply
from app.cataloguing.importing import plan
from app.operations.deleted_resources import (
    brought_back,
    erase_again,
    erase_for_good,
    undo_for_good,
)
from app.operations.erasure_register import append_resource, erased_resources, register_path
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from tests.makers_resources import CURATEUR, READER, made, now, seen, status


def test_what_was_erased_is_noted_and_not_found_to_be_back(runtime: Runtime) -> None:
    resource = made(runtime, title="Sentinelle")
    with write(runtime.staff) as session:
        given = (session, runtime.vault, runtime.settings, CURATEUR, READER, resource)
        erase_for_good(*given, now())
    with read(runtime.staff) as session:
        assert brought_back(session, erased_resources(register_path(runtime.settings))) == []
    assert str(resource) in register_path(runtime.settings).read_text(encoding="utf-8")


def test_what_an_undone_catalogue_erases_is_noted_and_what_was_there_is_not(
    runtime: Runtime,
) -> None:
    there = made(runtime, title="Autre titre", doi="10.1234/autre")
    lines = [
        {"titre": "Sentinelle", "type": "guide"},
        {"titre": "Encore autre", "type": "guide", "doi": "10.1234/autre"},
    ]
    by, data = (runtime.vault, CURATEUR, READER), json.dumps(lines).encode()
    with write(runtime.staff) as session:
        import_id = plan(session, *by, data, "x.json", now(), max_bytes=1_000)
        new, changed = apply(session, *by, import_id, {}, now()).done
    with write(runtime.staff) as session:
        given = (runtime.vault, runtime.settings, CURATEUR, READER, import_id)
        assert undo_for_good(session, *given, now()).not_undone == ()
    assert (status(runtime, new.id), changed.id) == ("erased", there)
    gone = erased_resources(register_path(runtime.settings))
    assert (new.id in gone, there in gone) == (True, False)


def test_what_a_backup_brought_back_is_erased_again(runtime: Runtime) -> None:
    resource, other = made(runtime, title="Sentinelle"), made(runtime, title="Autre titre")
    # As a database is that was restored from before the erasure.
    append_resource(register_path(runtime.settings), resource)
    with write(runtime.staff) as session:
        back = brought_back(session, erased_resources(register_path(runtime.settings)))
        erase_again(session, runtime.vault, back, "os:essai")
    assert back == [resource]
    assert (status(runtime, resource), status(runtime, other)) == ("erased", "published")
    assert "Sentinelle" not in seen(runtime)
    with Session(runtime.staff) as session:
        assert brought_back(session, erased_resources(register_path(runtime.settings))) == []
