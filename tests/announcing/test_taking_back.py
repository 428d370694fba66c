"""What is taken from readers without anybody at the desk: at night, at a request, once restored."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.announcing import writing
from app.announcing.content import as_json, from_json
from app.announcing.listing import listed
from app.inbox.message import EventAsked
from app.models import Actor, AgendaRecord, AgendaRegistration, AuditEntry, Withdrawal
from app.operations import revoked_again
from app.operations.erased_resources import event_left, take_out
from app.operations.sweep import Sweep
from app.platform.database.sessions import read, write
from app.records.erased import GONE, Erased, mark
from app.registrations import registering
from app.runtime.staff import Runtime
from app.vault.digests import index_key
from tests.makers_agenda import (
    AUTHOR,
    BEGINS,
    CURATEUR,
    NAMES_HOME,
    WRITTEN,
    announced,
    by_a_lost_key,
    cancelled,
    changed,
    event_of,
    publish,
    read_by_visitors,
    record_of,
    withdrawn,
    written_otherwise,
)


def test_a_restored_backup_shows_none_that_was_taken_back(runtime: Runtime) -> None:
    public_id = announced(runtime)
    with write(runtime.staff) as session:
        subjects = [str(record_of(runtime, public_id).id)]
        assert revoked_again.events(session, runtime.vault, subjects, "essai") == 1
    assert read_by_visitors(runtime) == ""


@pytest.mark.parametrize("fields", [{"title": "Corrigé"}, {"text": "Corrigé"}, {"place": "Là"}])
def test_a_restored_backup_shows_no_text_that_was_corrected_since(
    runtime: Runtime, fields: dict[str, Any]
) -> None:
    public_id = announced(runtime, place="Ici")
    subject = str(record_of(runtime, public_id).id)
    with read(runtime.staff) as session:
        noted = select(Withdrawal.subject).where(Withdrawal.what == "event")
        assert subject not in session.scalars(noted).all()
    changed(runtime, public_id, **{"place": "Ici", **fields})
    with read(runtime.staff) as session:
        assert subject in session.scalars(noted).all()


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
    of_word, digest = mark(key, ("words 1", word))
    said = as_json(event_of(form="reunion", zone="America/Cayenne", title="Réunion à Cayenne"))
    content = from_json(event_left(said, Erased(key, {of_word: [digest]})))
    assert (content.form, content.zone) == ("reunion", "America/Cayenne")
    assert GONE in content.title


def test_what_no_release_took_down_is_taken_at_night_past_or_to_come(runtime: Runtime) -> None:
    announced(runtime, title="Autre")
    coming = announced(runtime, title="Nommé")
    past = announced(runtime, title="Nommé hier", begins_at=WRITTEN + timedelta(days=2))
    for public_id in (coming, past):
        reseal(runtime, public_id, as_json(event_of(text=NAMES_HOME)))
    assert read_again(runtime) == 2
    found = read_by_visitors(runtime)
    assert "Nommé" not in found
    assert "Autre" in found
    record = record_of(runtime, coming)
    assert record.masked
    with read(runtime.staff) as session:
        noted = select(AuditEntry).where(AuditEntry.subject == str(record.id))
        last = session.scalars(noted.order_by(AuditEntry.number.desc())).first()
        assert last is not None
        assert last.action == "event_taken"


def test_a_row_that_still_names_a_hidden_organiser_is_taken_at_night(runtime: Runtime) -> None:
    with read(runtime.staff) as session:
        free = session.scalars(select(Actor.id).where(Actor.name == "Association libre")).one()
        home = session.scalars(select(Actor.id).where(Actor.protected)).first()
    public_id = announced(runtime, actor=free, place="Salle sentinelle")
    assert read_again(runtime) == 0
    reseal(runtime, public_id, as_json(event_of(actor=home, place="Salle sentinelle")))
    assert read_again(runtime) == 1
    assert read_by_visitors(runtime) == ""


@pytest.mark.parametrize("spoil", [written_otherwise, by_a_lost_key])
def test_one_that_does_not_open_is_taken_at_night_and_keeps_no_other(
    runtime: Runtime, spoil: Callable[[bytes], bytes]
) -> None:
    public_id, named = announced(runtime, title="Abîmé"), announced(runtime, title="Nommé")
    announced(runtime, title="Autre")
    with write(runtime.staff) as session:
        record = writing.find(session, CURATEUR, AUTHOR.who, public_id, lock=True)
        record.content = spoil(record.content)
    reseal(runtime, named, as_json(event_of(text=NAMES_HOME)))
    assert read_again(runtime) == 2
    found = read_by_visitors(runtime)
    assert "Autre" in found
    assert "Abîmé" not in found
    with read(runtime.staff) as session:
        given = (session, runtime.vault, CURATEUR, AUTHOR.who)
        lines = listed(*given, "proposes", WRITTEN)
        assert [each.opens for each in lines].count(False) == 1


def reseal(runtime: Runtime, public_id: str, said: dict[str, Any]) -> None:
    """Write the sealed record of an event as no release does."""
    with write(runtime.staff) as session:
        record = writing.find(session, CURATEUR, AUTHOR.who, public_id, lock=True)
        given = (writing.TABLE, record.id, writing.COLUMN, said)
        record.content = runtime.vault.seal_json(*given)


def read_again(runtime: Runtime) -> int:
    with write(runtime.staff) as session:
        return writing.read_again(session, runtime.vault)


def test_what_is_long_over_is_forgotten(runtime: Runtime) -> None:
    announced(runtime)
    with write(runtime.staff) as session:
        writing.forget_old(session, BEGINS + timedelta(days=700))
        assert session.scalars(select(AgendaRecord)).all()
        writing.forget_old(session, BEGINS + timedelta(days=740))
        assert not session.scalars(select(AgendaRecord)).all()


def test_what_is_withdrawn_is_a_draft_again(runtime: Runtime) -> None:
    public_id = announced(runtime)
    withdrawn(runtime, public_id)
    assert read_by_visitors(runtime) == ""
    assert record_of(runtime, public_id).status == "draft"


def test_what_was_cancelled_and_is_withdrawn_is_published_as_it_takes_place(
    runtime: Runtime,
) -> None:
    public_id = announced(runtime)
    cancelled(runtime, public_id)
    withdrawn(runtime, public_id)
    publish(runtime, public_id)
    record = record_of(runtime, public_id)
    assert (record.status, record.cancelled_at) == ("published", None)


def test_visitors_are_given_a_new_version_of_france_and_of_its_territory(runtime: Runtime) -> None:
    def versions() -> dict[str, object]:
        with Session(runtime.databases.public) as session:
            asked = text("SELECT territory_code, version FROM territory_version")
            return {row.territory_code: row.version for row in session.execute(asked)}

    first = versions()
    announced(runtime, territory="93", audience="reseau")
    assert versions() == first
    announced(runtime, territory="93")
    second = versions()
    assert {code for code, each in second.items() if each != first[code]} == {"", "93"}


def test_an_address_that_is_erased_comes_to_nothing(runtime: Runtime) -> None:
    public_id = announced(runtime, registers=True)
    asked = EventAsked(event=public_id, mail="camille.sentinelle@example.org")
    with write(runtime.staff) as session:
        registering.add(session, runtime.vault, asked, WRITTEN)
        key = index_key(session, runtime.vault)
        of_mail, digest = mark(key, ("mail", asked.mail))
    Sweep(runtime.staff, runtime.vault, Erased(key, {of_mail: [digest]}), writes=True).run()
    with write(runtime.staff) as session:
        assert session.scalars(select(AgendaRegistration)).all() == []
