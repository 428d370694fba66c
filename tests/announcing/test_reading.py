"""Who reads an event, and under which month."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.agenda.criteria import Query
from app.agenda.queries import read_event, select_events
from app.errors import EventUnknown
from app.models import Account, StaffSession
from app.platform.database.sessions import read
from app.runtime.staff import Runtime
from app.visibility import PUBLIC, Viewer
from tests.makers_agenda import BEGINS, announced, changed
from tests.revealed import asker_of


def test_a_professional_reads_what_is_for_the_network_while_they_are_signed_in(
    runtime: Runtime,
) -> None:
    network, shown = announced(runtime, audience="reseau"), announced(runtime)
    asker = asker_of(runtime, [])
    viewer = Viewer.professional(asker)
    with read(runtime.staff) as session:
        assert read_event(session, viewer, network).audience == "reseau"
        found = select_events(session, viewer, Query(), BEGINS)
        assert {each.public_id for each in found} == {network, shown}
    at, long_ago = asker.at, asker.at - timedelta(days=800)
    ends: tuple[tuple[type[Account | StaffSession], UUID, dict[str, Any]], ...] = (
        (Account, asker.account, {"disabled_at": at}),
        (Account, asker.account, {"confirmed_at": long_ago}),
        (StaffSession, asker.session, {"ended_at": at}),
        (StaffSession, asker.session, {"seen_at": long_ago}),
    )
    for model, key, end in ends:
        with Session(runtime.staff) as session:
            session.execute(update(model).where(model.id == key).values(end))
            with pytest.raises(EventUnknown):
                read_event(session, viewer, network)
            found = select_events(session, viewer, Query(), BEGINS)
            assert [each.public_id for each in found] == [shown], end
            session.rollback()


def test_a_month_is_that_of_the_events_own_clock(runtime: Runtime) -> None:
    # The first of March at eight o'clock in Nouméa, in February in Paris.
    noumea = datetime(2027, 2, 28, 21, tzinfo=UTC)
    public_id = announced(
        runtime, zone="Pacific/Noumea", begins_at=noumea, ends_at=noumea + timedelta(hours=1)
    )
    midnight = datetime(2027, 2, 28, 23, tzinfo=UTC)
    late = announced(runtime, begins_at=midnight - timedelta(hours=4), ends_at=midnight)
    for month, found in ((1, []), (2, [late]), (3, [public_id])):
        with read(runtime.databases.public) as session:
            asked = Query(month=date(2027, month, 1))
            shown = select_events(session, PUBLIC, asked, BEGINS)
        assert [each.public_id for each in shown] == found


def test_of_what_the_network_had_first_the_public_reads_its_own_day(runtime: Runtime) -> None:
    public_id = announced(runtime, audience="reseau")
    changed(runtime, public_id)
    with read(runtime.databases.public) as session:
        event = read_event(session, PUBLIC, public_id)
    assert event.published_at == event.changed_at
