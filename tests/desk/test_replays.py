"""What was recorded of an event is a resource: shown once the event is over, to who reads that."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import delete, text, update

from app.main import create_app
from app.models import AgendaRecord, Resource, Role
from app.platform.database.sessions import write
from tests.desk.asked import runtime as runtime_of
from tests.desk.bureau import Bureau
from tests.makers import add_resource
from tests.makers_agenda import announced, cancelled
from tests.serving import serving

TITLE = "Enregistrement sentinelle"
BEGINS = datetime(2027, 3, 16, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def public(bureau: Bureau) -> Iterator[httpx.Client]:
    """Public pages, by the clock of the desk, each made anew as the hour goes by."""
    app = create_app(bureau.settings, bureau.databases)
    app.state.site = replace(app.state.site, now=lambda: bureau.clock.at)
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


@pytest.fixture(autouse=True)
def _before(bureau: Bureau) -> None:
    bureau.clock.at = BEGINS - timedelta(days=1)
    with write(bureau.databases.staff) as session:
        session.execute(delete(AgendaRecord))


def recorded(bureau: Bureau, audience: str = "public") -> str:
    with bureau.databases.staff.begin() as connection:
        return add_resource(connection, title=TITLE, audience=audience)


def over(bureau: Bureau) -> None:
    bureau.clock.at += timedelta(days=2)


def test_it_is_shown_once_the_event_is_over(bureau: Bureau, public: httpx.Client) -> None:
    resource = recorded(bureau)
    event = announced(runtime_of(bureau), begins_at=BEGINS, replay=resource)
    assert TITLE not in public.get(f"/agenda/{event}").text
    over(bureau)
    page = public.get(f"/agenda/{event}").text
    assert f'<a href="/ressources/{resource}/' in page
    assert TITLE in page


@pytest.mark.parametrize("became", ["professionnel", "withdrawn"])
def test_nobody_is_told_of_one_that_they_do_not_read(
    bureau: Bureau, public: httpx.Client, became: str
) -> None:
    resource = recorded(bureau)
    event = announced(runtime_of(bureau), begins_at=BEGINS, replay=resource)
    over(bureau)
    assert TITLE in public.get(f"/agenda/{event}").text
    own = Resource.public_id == resource
    with write(bureau.databases.staff) as session:
        if became == "withdrawn":
            session.execute(delete(Resource).where(own))
        else:
            session.execute(update(Resource).where(own).values(audience=became))
    bureau.clock.at += timedelta(hours=1)
    page = public.get(f"/agenda/{event}").text
    assert TITLE not in page
    assert resource not in page
    with bureau.databases.public.connect() as connection:
        shown = connection.execute(text("SELECT replay_id FROM agenda_event"))
        assert shown.scalars().all() == [None]
    page = bureau.signed_in(Role.PROFESSIONNEL).get(f"/pro/agenda/{event}").text
    assert (f"/pro/ressources/{resource}" in page) == (became == "professionnel")


def test_of_what_did_not_take_place_there_is_none(bureau: Bureau, public: httpx.Client) -> None:
    event = announced(runtime_of(bureau), begins_at=BEGINS, replay=recorded(bureau))
    cancelled(runtime_of(bureau), event)
    over(bureau)
    assert TITLE not in public.get(f"/agenda/{event}").text


def test_a_curateur_names_it_by_the_address_of_its_page(bureau: Bureau) -> None:
    resource, curateur = recorded(bureau), bureau.signed_in()
    form = {
        "type": "webinaire",
        "titre": "Repérer",
        "jour": "2027-03-16",
        "debut": "10:00",
        "fin": "11:00",
        "lecteurs": "public",
        "geste": "publier",
    }
    given = form | {"enregistrement": f"https://carte.exemple.fr/ressources/{resource}/titre"}
    answer = curateur.post("/gestion/agenda/nouveau", given)
    assert answer.status_code == 303, answer.text
    page = curateur.get(answer.headers["location"].partition("?")[0]).text
    assert f'value="/ressources/{resource}"' in page
    refused = curateur.post("/gestion/agenda/nouveau", form | {"enregistrement": "0" * 16})
    assert refused.status_code == 422
    assert "Aucune ressource publiée à cette adresse" in refused.text
