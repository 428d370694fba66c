"""What becomes of an event, and what visitors read of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from app.agenda.criteria import Query
from app.agenda.queries import read_event, select_events
from app.announcing import writing
from app.announcing.errors import (
    EventChanged,
    EventMissing,
    EventOver,
    NotYourEvent,
    NotYourTerritory,
    ReasonMissing,
    TextWithheld,
)
from app.audit.journal import Author
from app.errors import EventUnknown
from app.models import (
    Actor,
    AgendaEvent,
    AgendaRecord,
    AuditEntry,
    Role,
)
from app.platform.database.engines import Databases
from app.platform.database.sessions import read, write
from app.records.acts import unprotect
from app.runtime.staff import Runtime
from app.visibility import PUBLIC, Viewer
from app.visible.asking import Asker
from geo.zones import paris_day
from tests.makers import decide
from tests.makers_agenda import (
    AUTHOR,
    BEGINS,
    CURATEUR,
    LINK,
    NAMES_HOME,
    announced,
    before,
    cancelled,
    changed,
    drafted,
    event_of,
    publish,
    read_by_visitors,
    record_of,
)
from tests.short_lists import csv, run

REFERENT, WHO = Viewer.staff(Role.REFERENT_DEPARTEMENT, ["93"]), Author("autre", "referent")


def actor_of(runtime: Runtime, name: str) -> UUID:
    with read(runtime.staff) as session:
        return session.scalars(select(Actor.id).where(Actor.name == name)).one()


def test_visitors_read_what_is_published_for_them_alone(runtime: Runtime) -> None:
    drafted(runtime, title="Brouillon sentinelle")
    network = announced(runtime, title="Réseau sentinelle", audience="reseau")
    shown = announced(runtime, title="Publié", place="12 rue de la Mairie, Pantin")
    found = read_by_visitors(runtime)
    assert "sentinelle" not in found
    assert "Publié" in found
    assert "12 rue de la Mairie" in found
    with read(runtime.databases.public) as session:
        assert [each.public_id for each in select_events(session, PUBLIC, Query(), BEGINS)] == [
            shown
        ]
        with pytest.raises(EventUnknown):
            read_event(session, PUBLIC, network)


@pytest.mark.parametrize("table", ["agenda_record", "agenda_mark", "public.agenda_event"])
def test_the_login_of_visitors_reads_no_table_of_the_desk(
    worker_databases: Databases, table: str
) -> None:
    with (
        worker_databases.public.connect() as connection,
        pytest.raises(ProgrammingError, match="permission denied"),
    ):
        connection.execute(text(f"SELECT * FROM {table}"))


def test_a_link_lies_nowhere_in_clear(runtime: Runtime) -> None:
    announced(runtime, audience="reseau")
    announced(runtime)
    with runtime.staff.connect() as connection:
        for table in ("agenda_event", "agenda_record"):
            rows = connection.execute(text(f"SELECT t::text FROM {table} t")).scalars()
            assert "visio" not in "\n".join(rows)
    with read(runtime.staff) as session:
        records = session.scalars(select(AgendaRecord)).all()
        assert {writing.content_of(runtime.vault, each).url for each in records} == {LINK}


@pytest.mark.parametrize("field", ["title", "text", "place", "url"])
def test_a_text_that_names_a_home_is_not_published_and_says_why(
    runtime: Runtime, field: str
) -> None:
    given: dict[str, Any] = {field: NAMES_HOME}
    public_id = drafted(runtime, **given)
    with pytest.raises(TextWithheld) as caught:
        publish(runtime, public_id)
    assert {each.why for each in caught.value.remarks} >= {"hidden"}
    assert read_by_visitors(runtime) == ""
    assert record_of(runtime, public_id).masked


def test_a_place_is_read_beside_who_organises_and_all_that_is_said(runtime: Runtime) -> None:
    def hidden() -> set[str]:
        with read(runtime.staff) as session:
            return set(session.scalars(select(Actor.public_id).where(Actor.protected)))

    former, name = hidden(), "MECS Les Tilleuls"
    line = f"{name};Association;4 rue Ouverte;93300;Aubervilliers;01 99 45 00 98;"
    run(runtime, csv(line), source="tilleuls")
    (home,) = hidden() - former
    decide(runtime, unprotect, home, who="essai", consent=paris_day(), why="accord écrit")
    text = "Nous ouvrons notre foyer. Venez nombreux. Un goûter est prévu. À bientôt."
    for given in ({"actor": actor_of(runtime, name), "title": "Portes ouvertes"}, {"text": text}):
        public_id = drafted(runtime, **given, place="12 rue des Lilas, 93500 Pantin")
        with pytest.raises(TextWithheld) as caught:
            publish(runtime, public_id)
        assert {(each.field, each.why) for each in caught.value.remarks} == {("place", "near")}


def test_a_published_event_is_not_changed_into_one_that_names_a_home(runtime: Runtime) -> None:
    public_id = announced(runtime, title="Titre")
    with pytest.raises(TextWithheld):
        changed(runtime, public_id, title=NAMES_HOME)
    assert "Titre" in read_by_visitors(runtime)


def test_the_view_hides_place_and_organiser_whatever_a_row_says(runtime: Runtime) -> None:
    public_id = announced(runtime, place="Salle sentinelle")
    with write(runtime.staff) as session:
        row = session.scalars(select(AgendaEvent)).one()
        row.actor_id = "f" * 16
    assert "sentinelle" not in read_by_visitors(runtime)
    asker = Asker(UUID(int=1), UUID(int=2), datetime.now(UTC))
    for viewer, engine in (
        (PUBLIC, runtime.databases.public),
        (PUBLIC, runtime.staff),
        (Viewer.professional(asker), runtime.staff),
    ):
        with read(engine) as session:
            event = read_event(session, viewer, public_id)
        assert (event.place, event.organiser) == (None, None)


def test_an_event_of_a_home_shows_neither_place_nor_name(runtime: Runtime) -> None:
    with read(runtime.staff) as session:
        home = session.scalars(select(Actor.id).where(Actor.protected)).first()
    public_id = announced(runtime, actor=home, place="10 rue Cachée, Bobigny")
    found = read_by_visitors(runtime)
    assert public_id in found
    assert "Cach" not in found
    assert "Lieu d" not in found


def test_what_is_cancelled_stays_and_says_why(runtime: Runtime) -> None:
    public_id = announced(runtime)
    cancelled(runtime, public_id, "Intervenante absente.")
    with read(runtime.databases.public) as session:
        event = read_event(session, PUBLIC, public_id)
    assert event.cancelled_at is not None
    assert (event.reason, event.sequence) == ("Intervenante absente.", 2)


@pytest.mark.parametrize(("reason", "refused"), [("", ReasonMissing), (NAMES_HOME, TextWithheld)])
def test_a_reason_is_asked_for_and_screened(
    runtime: Runtime, reason: str, refused: type[Exception]
) -> None:
    public_id = announced(runtime)
    with pytest.raises(refused):
        cancelled(runtime, public_id, reason)
    assert record_of(runtime, public_id).status == "published"


def test_a_change_of_what_is_cancelled_says_the_same_day(runtime: Runtime) -> None:
    public_id = announced(runtime)
    cancelled(runtime, public_id)
    with read(runtime.databases.public) as session:
        former = read_event(session, PUBLIC, public_id)
    changed(runtime, public_id, title="Autrement")
    with read(runtime.databases.public) as session:
        later = read_event(session, PUBLIC, public_id)
    assert (later.title, later.cancelled_at) == ("Autrement", former.cancelled_at)


def test_a_change_is_a_new_number_and_the_same_first_day(runtime: Runtime) -> None:
    public_id = announced(runtime)
    with read(runtime.databases.public) as session:
        former = read_event(session, PUBLIC, public_id)
    changed(runtime, public_id, title="Autre heure", begins_at=BEGINS + timedelta(hours=1))
    with read(runtime.databases.public) as session:
        later = read_event(session, PUBLIC, public_id)
    assert (later.sequence, later.published_at) == (former.sequence + 1, former.published_at)
    assert later.changed_at > former.changed_at


def test_two_who_write_at_once_do_not_overwrite_each_other(runtime: Runtime) -> None:
    public_id = drafted(runtime)
    with write(runtime.staff) as session:
        record = writing.find(session, CURATEUR, AUTHOR.who, public_id, lock=True)
        given = (record, event_of(title="Second"), "autre", before())
        with pytest.raises(EventChanged):
            writing.change(session, runtime.vault, CURATEUR, AUTHOR, *given)


def test_what_is_over_is_not_published(runtime: Runtime) -> None:
    public_id = drafted(runtime, begins_at=datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(EventOver):
        publish(runtime, public_id)


def test_what_is_over_is_not_cancelled(runtime: Runtime) -> None:
    public_id = announced(runtime)
    with write(runtime.staff) as session:
        record = writing.find(session, CURATEUR, AUTHOR.who, public_id, lock=True)
        given = (session, runtime.vault, CURATEUR, AUTHOR, record, "Salle fermée.")
        with pytest.raises(EventOver):
            writing.cancel(*given, record.ends_at)
    assert record_of(runtime, public_id).status == "published"


def test_a_referent_proposes_in_their_territory_and_reads_their_own(runtime: Runtime) -> None:
    other, now = drafted(runtime, title="D’un autre"), before()
    with write(runtime.staff) as session:
        given = (session, runtime.vault, REFERENT, WHO)
        with pytest.raises(NotYourTerritory):
            writing.create(*given, event_of(), now)
        record = writing.create(*given, event_of(territory="93"), now)
        writing.propose(session, runtime.vault, WHO, record)
        assert record.status == "proposed"
        with pytest.raises(NotYourEvent):
            writing.publish(*given, record, now)
        with pytest.raises(EventMissing):
            writing.find(session, REFERENT, WHO.who, other)
        own = record.public_id
    with write(runtime.staff) as session:
        record = writing.find(session, CURATEUR, AUTHOR.who, own, lock=True)
        writing.publish(session, runtime.vault, CURATEUR, AUTHOR, record, now)
    with write(runtime.staff) as session:
        record = writing.find(session, REFERENT, WHO.who, own, lock=True)
        content = replace(event_of(territory="93"), title="Changé")
        with pytest.raises(NotYourEvent):
            writing.change(
                *(session, runtime.vault, REFERENT, WHO, record, content),
                *(writing.version_of(record), now),
            )


def test_an_administrateur_opens_none(runtime: Runtime) -> None:
    public_id = drafted(runtime)
    with read(runtime.staff) as session, pytest.raises(EventMissing):
        writing.find(session, Viewer.staff(Role.ADMINISTRATEUR), AUTHOR.who, public_id)


def test_each_act_is_in_the_journal(runtime: Runtime) -> None:
    public_id = announced(runtime)
    cancelled(runtime, public_id)
    with read(runtime.staff) as session:
        subject = str(record_of(runtime, public_id).id)
        asked = select(AuditEntry.action).where(AuditEntry.subject == subject)
        actions = session.scalars(asked.order_by(AuditEntry.number)).all()
    assert actions == ["event_written", "event_published", "event_cancelled"]
