"""Which addresses of resources are to be looked at, and what is said of those that are dead."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cataloguing.links import Heard, Verdict, counting_dead, due, note, read_dead, settle
from app.cataloguing.withdrawing import withdraw
from app.models import Resource, ResourceLink, ResourceRecord
from app.platform.database.sessions import IMPORT_LOCK, write
from app.resources.forms import Form
from app.runtime.staff import Runtime
from tests.makers_resources import CURATEUR, READER, again, draft_resource, made, now

# No clock is changed between these.
AT, DAY = datetime(2026, 6, 3, 10, tzinfo=UTC), timedelta(days=1)
OWN = "https://exemple.fr/rapport?a=1&b=2"


def urls(runtime: Runtime, days: int = 0) -> list[str]:
    """Return the addresses that are due in so many days."""
    with write(runtime.staff) as session:
        return sorted(each.url for each in due(session, runtime.vault, AT + days * DAY))


def looked(runtime: Runtime, verdict: Verdict, days: int = 0) -> None:
    """Note the same of every address, as a night in so many days would find it."""
    at = AT + days * DAY
    with write(runtime.staff) as session:
        for link in due(session, runtime.vault, at + 30 * DAY):
            note(session, link, Heard(verdict, 404 if verdict == "dead" else None), at)
        settle(session, runtime.vault, at)


def dead_since(runtime: Runtime, resource: UUID) -> bool:
    with Session(runtime.staff) as session:
        said = select(Resource.link_dead_since).where(Resource.id == resource)
        return session.scalars(said).one() is not None


def work(runtime: Runtime) -> int:
    with Session(runtime.staff) as session:
        return session.scalars(counting_dead()).one()


def test_what_is_published_is_looked_at_once_a_week(runtime: Runtime) -> None:
    made(runtime)
    made(runtime, Form.SHEET)
    made(runtime, Form.PRACTICE)
    with write(runtime.staff) as session:
        draft_resource(session, runtime.vault, Form.DOCUMENT, url="https://exemple.fr/brouillon")
    assert urls(runtime) == ["https://exemple.fr/guide", OWN]
    looked(runtime, "alive")
    assert urls(runtime, days=6) == []
    assert len(urls(runtime, days=7)) == 2


def test_a_dead_address_is_work_at_once_and_said_to_visitors_after_a_month(
    runtime: Runtime,
) -> None:
    resource = made(runtime)
    looked(runtime, "dead")
    assert work(runtime) == 1
    with Session(runtime.staff) as session:
        (dead,) = read_dead(session, runtime.vault)
        public_id = session.get_one(ResourceRecord, resource).public_id
    assert (dead.public_id, dead.url, dead.status) == (public_id, OWN, 404)
    looked(runtime, "dead", days=29)
    assert not dead_since(runtime, resource)
    looked(runtime, "dead", days=30)
    assert dead_since(runtime, resource)
    looked(runtime, "alive", days=37)
    assert not dead_since(runtime, resource)
    assert work(runtime) == 0


def test_what_nobody_reached_for_a_fortnight_is_dead(runtime: Runtime) -> None:
    made(runtime)
    looked(runtime, "unsure")
    looked(runtime, "unsure", days=7)
    assert work(runtime) == 0
    looked(runtime, "unsure", days=14)
    assert work(runtime) == 1
    looked(runtime, "unsure", days=21)
    assert work(runtime) == 1


def test_an_answer_in_between_begins_anew(runtime: Runtime) -> None:
    made(runtime)
    for verdict, days in (("unsure", 0), ("alive", 7), ("unsure", 14), ("unsure", 21)):
        looked(runtime, verdict, days)  # type: ignore[arg-type]
    assert work(runtime) == 0


def test_an_address_that_a_sheet_refers_to_is_work_and_no_notice(runtime: Runtime) -> None:
    resource = made(runtime, Form.SHEET)
    looked(runtime, "dead")
    looked(runtime, "dead", days=40)
    assert work(runtime) == 1
    assert not dead_since(runtime, resource)


@pytest.mark.parametrize("how", ["withdrawn", "another address"])
def test_an_address_that_nobody_reads_any_more_is_forgotten(runtime: Runtime, how: str) -> None:
    resource = made(runtime)
    looked(runtime, "dead")
    if how == "withdrawn":
        with write(runtime.staff) as session:
            withdraw(session, runtime.vault, CURATEUR, READER, resource, now())
    else:
        again(runtime, resource, url="https://exemple.fr/nouvelle")
    with write(runtime.staff) as session:
        settle(session, runtime.vault, AT)
        assert session.scalars(select(ResourceLink)).all() == []
    assert work(runtime) == 0


def test_a_corrected_text_whose_address_is_dead_says_so_again(runtime: Runtime) -> None:
    resource = made(runtime)
    looked(runtime, "dead")
    looked(runtime, "dead", days=31)
    again(runtime, resource, summary="Un autre résumé.")
    assert not dead_since(runtime, resource)
    with write(runtime.staff) as session:
        settle(session, runtime.vault, AT + 32 * DAY)
    assert dead_since(runtime, resource)


def test_addresses_are_settled_one_after_the_other_with_whoever_takes_texts_down(
    runtime: Runtime,
) -> None:
    made(runtime)
    free = select(func.pg_try_advisory_xact_lock(IMPORT_LOCK))
    with write(runtime.staff) as session, Session(runtime.staff) as other:
        settle(session, runtime.vault, AT)
        assert not other.scalar(free)
