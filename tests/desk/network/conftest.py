"""A desk with a few members of the network, and the actors that they work for."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import delete

from app.models import MemberBlock, MemberMessage, MemberReport, NetworkMember, Role
from app.platform.database.sessions import write
from app.runtime.staff import Runtime
from tests.desk.asked import runtime as runtime_of
from tests.desk.bureau import Browser, Bureau, Person
from tests.networked import joins, moved_to
from tests.short_lists import APART, CRIP, SHELTER, csv, run

# Nobody is hidden at first; tests hide them.
BECOME_HIDDEN = (
    "Service du soir;Association;7 rue Tierce;93300;Aubervilliers;01 99 00 00 51;",
    "Service du matin;Association;8 rue Quarte;93300;Aubervilliers;01 99 00 00 52;",
)
Joined = Callable[..., tuple[Person, Browser]]


@pytest.fixture(scope="module")
def filled(bureau: Bureau) -> Runtime:
    runtime = runtime_of(bureau)
    run(runtime, csv(CRIP, SHELTER, APART, *BECOME_HIDDEN))
    return runtime


@pytest.fixture
def runtime(filled: Runtime, bureau: Bureau) -> Iterator[Runtime]:
    yield filled
    with write(bureau.databases.staff) as session:
        for each in (NetworkMember, MemberMessage, MemberBlock, MemberReport):
            session.execute(delete(each))


@pytest.fixture
def joined(bureau: Bureau, runtime: Runtime) -> Joined:
    """Have somebody new join; territories: for which they are approved."""

    def join(*territories: str) -> tuple[Person, Browser]:
        person = bureau.enrolled(Role.PROFESSIONNEL)
        joins(runtime, person.id, bureau.clock.at)
        if territories:
            moved_to(runtime, person.id, *territories)
        return person, bureau.signed_in_as(person)

    return join
