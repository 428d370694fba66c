"""What is taken from readers without anybody at the desk: at night, at a request, once restored."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.announcing import writing
from app.announcing.content import as_json, from_json
from app.models import AgendaRecord
from app.operations import revoked_again
from app.operations.erased_resources import event_left, take_out
from app.platform.database.sessions import write
from app.records.erased import GONE, Erased, mark
from app.runtime.staff import Runtime
from app.vault.digests import index_key
from tests.makers_agenda import (
    AUTHOR,
    BEGINS,
    CURATEUR,
    NAMES_HOME,
    announced,
    event_of,
    read_by_visitors,
    record_of,
)


def test_a_restored_backup_shows_none_that_was_taken_back(runtime: Runtime) -> None:
    public_id = announced(runtime)
    with write(runtime.staff) as session:
        subjects = [str(record_of(runtime, public_id).id)]
        assert revoked_again.events(session, runtime.vault, subjects, "essai") == 1
    assert read_by_visitors(runtime) == ""


def test_what_is_erased_at_a_request_takes_the_event_down(runtime: Runtime) -> None:
    announced(runtime, title="Appelez le 01 99 77 66 55")
    announced(runtime, title="Autre")
    with write(runtime.staff) as session:
        key = index_key(session, runtime.vault)
        of_phone, digest = mark(key, ("phone", "199776655"))
        erased = Erased(key, {of_phone: [digest]})
        assert list(take_out(session, erased, writes=True)) == ["agenda_event"]
    assert "Autre" in read_by_visitors(runtime)
    assert "Appelez" not in read_by_visitors(runtime)


@pytest.mark.parametrize("word", ["cayenne", "reunion"])
def test_an_erased_word_leaves_an_event_that_can_be_read(runtime: Runtime, word: str) -> None:
    with write(runtime.staff) as session:
        key = index_key(session, runtime.vault)
    kind, digest = mark(key, ("words 1", word))
    said = as_json(event_of(form="reunion", zone="America/Cayenne", title="Réunion à Cayenne"))
    content = from_json(event_left(said, Erased(key, {kind: [digest]})))
    assert (content.form, content.zone) == ("reunion", "America/Cayenne")
    assert GONE in content.title


def test_what_no_release_took_down_is_taken_at_night(runtime: Runtime) -> None:
    announced(runtime, title="Autre")
    public_id = announced(runtime, title="Nommé")
    with write(runtime.staff) as session:
        record = writing.find(session, CURATEUR, AUTHOR.who, public_id, lock=True)
        said = as_json(event_of(text=NAMES_HOME))
        sealed = runtime.vault.seal_json(writing.TABLE, record.id, writing.COLUMN, said)
        record.content = sealed
        assert writing.read_again(session, runtime.vault, BEGINS) == 1
    found = read_by_visitors(runtime)
    assert "Nommé" not in found
    assert "Autre" in found
    assert record_of(runtime, public_id).masked


def test_what_is_long_over_is_forgotten(runtime: Runtime) -> None:
    announced(runtime)
    with write(runtime.staff) as session:
        writing.forget_old(session, BEGINS + timedelta(days=700))
        assert session.scalars(select(AgendaRecord)).all()
        writing.forget_old(session, BEGINS + timedelta(days=740))
        assert not session.scalars(select(AgendaRecord)).all()
