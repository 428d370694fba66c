"""Who asks for contacts otherwise than for one child at a time is put before administrateurs."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.audit.actions import Action
from app.models import Reveal, Role, Territory
from app.platform.database.sessions import read, write
from app.revealing.asking import MOST_DENIED, new_number
from app.revealing.unusual import NIGHTS, REFUSALS, TERRITORIES, WITHIN
from geo.zones import PARIS_TIME
from tests.desk.bureau import Bureau
from tests.desk.contacts import MOTIVE, noted, page_of
from tests.desk.home import Home
from tests.makers import add_actor

ACCOUNTS = "/gestion/comptes"


def is_named(bureau: Bureau, account: UUID) -> bool:
    """Whether administrateurs are told of somebody, where their first page counts as many."""
    browser = bureau.signed_in(Role.ADMINISTRATEUR)
    page = browser.get(ACCOUNTS).text
    section = (
        page.split('id="inhabituel"')[1].split("</section>")[0] if "inhabituel" in page else ""
    )
    named = section.count("<li")
    today = browser.get("/gestion").text
    assert ("de façon inhabituelle" in today) == (named > 0)
    return f"qui={account}" in section


def ask(bureau: Bureau, account: UUID, actors: Iterable[UUID], moments: list[datetime]) -> None:
    """Ask for each actor at a moment of its own, and end it at once."""
    with write(bureau.databases.staff) as session:
        for actor, at in zip(actors, moments, strict=True):
            row = Reveal(id=uuid4(), actor_id=actor, account_id=account, number=new_number())
            row.motive, row.sealed = "shelter", b"sealed"
            row.chosen_at = row.asked_at = row.ended_at = at
            session.add(row)


@pytest.mark.slow
def test_who_tries_what_no_form_offers_is_named_after_some_times(
    bureau: Bureau, place: Home
) -> None:
    person = bureau.enrolled(Role.PROFESSIONNEL)
    browser = bureau.signed_in_as(person)
    # An address whose telephone one is not told, and a motive that is missing, which is none.
    refused = [*(["contact"] * (REFUSALS - 1)), "adresse"]
    assert browser.post(f"{page_of(place)}/contact").status_code == 422
    for tried, way in enumerate(refused):
        assert not is_named(bureau, person.id), tried
        motive = MOTIVE if way == "contact" else {"motif": "bring"}
        assert browser.post(f"{page_of(place)}/{way}", motive).status_code in {403, 409}
    assert is_named(bureau, person.id)
    assert noted(bureau, place).count(Action.CONTACT_DENIED) == REFUSALS
    for _ in range(MOST_DENIED):
        assert browser.post(f"{page_of(place)}/contact", MOTIVE).status_code == 403
    assert noted(bureau, place).count(Action.CONTACT_DENIED) == MOST_DENIED
    page = bureau.signed_in(Role.ADMINISTRATEUR).get(ACCOUNTS).text
    assert place.word not in page
    assert place.public_id not in page


def nights(now: datetime, hours: Iterable[tuple[int, int]]) -> list[datetime]:
    """Moments so many days ago, at an hour in Paris."""
    local = now.astimezone(PARIS_TIME)
    return [
        (local - timedelta(days=days)).replace(hour=hour, minute=30, second=0)
        for days, hour in hours
    ]


@pytest.mark.parametrize(
    ("hours", "named"),
    [
        ([(1 + each, 23) for each in range(NIGHTS)], True),
        # By day, the same night twice, and a night too few.
        ([(1 + each, 14) for each in range(NIGHTS)], False),
        ([*((1 + each, 23) for each in range(NIGHTS - 1)), (1, 22)], False),
        ([*((1 + each, 23) for each in range(NIGHTS - 1)), (NIGHTS - 2, 3)], False),
    ],
)
def test_who_asks_in_many_nights_is_named(
    bureau: Bureau, home: Home, hours: list[tuple[int, int]], named: bool
) -> None:
    person = bureau.enrolled(Role.PROFESSIONNEL)
    moments = nights(bureau.clock.at, hours)
    ask(bureau, person.id, [home.id] * len(moments), moments)
    assert is_named(bureau, person.id) == named


def test_who_asks_in_many_territories_is_named_for_some_days(bureau: Bureau) -> None:
    person = bureau.enrolled(Role.PROFESSIONNEL)
    with read(bureau.databases.staff) as session:
        codes = session.scalars(select(Territory.code).order_by(Territory.code)).all()
    with write(bureau.databases.staff) as session:
        connection = session.connection()
        actors = [add_actor(connection, territory_code=each) for each in codes[:TERRITORIES]]
    noon = bureau.clock.at.astimezone(PARIS_TIME).replace(hour=12) - timedelta(days=1)
    ask(bureau, person.id, actors[1:], [noon] * (TERRITORIES - 1))
    assert not is_named(bureau, person.id)
    ask(bureau, person.id, actors[:1], [noon - WITHIN])
    assert not is_named(bureau, person.id)
    ask(bureau, person.id, actors[:1], [noon])
    assert is_named(bureau, person.id)
