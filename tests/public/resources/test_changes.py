"""What changes of a resource, or of whom it names, is seen on pages that were cached before."""

import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from sqlalchemy import delete, update

from app.main import create_app
from app.models import Actor, Resource
from app.platform.database.engines import Databases
from tests.makers import add_actor
from tests.resource_contents import practice
from tests.resource_world import put
from tests.serving import offline_settings, serving
from tests.world import people

pytestmark = pytest.mark.slow

ACTOR = "0123456789abcdef"
# Far more than it takes: an idle machine shows it within half a second.
PATIENCE = 20.0


@pytest.fixture
def centre(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[httpx.Client, Databases, str]]:
    """A client of a service with one practice of one actor, the databases, and its address."""
    with databases.staff.begin() as connection:
        add_actor(connection, public_id=ACTOR, name="Association d’exemple", slug="asso")
        public_id = put(connection, practice(), slug="maraude")
    app = create_app(offline_settings(tmp_path_factory.mktemp("files")), databases)
    with (
        serving(app) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        yield client, databases, f"/ressources/{public_id}/maraude"


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for what is to be seen; fails where it never is."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end


def test_what_is_taken_down_leaves_list_page_and_files(
    centre: tuple[httpx.Client, Databases, str],
) -> None:
    client, databases, path = centre
    for _ in range(2):
        assert "Maraude" in client.get("/ressources").text
        assert client.get(path).status_code == 200
    with databases.staff.begin() as connection:
        connection.execute(delete(Resource))
    wait_until(lambda: "Maraude" not in client.get("/ressources").text)
    wait_until(lambda: client.get(path).status_code == 404)
    for extension in ("csv", "ris", "atom"):
        assert "Maraude" not in client.get(f"/ressources.{extension}").text


def test_an_actor_that_is_hidden_is_named_on_no_page(
    centre: tuple[httpx.Client, Databases, str],
) -> None:
    client, databases, path = centre
    for _ in range(2):
        assert "Association d’exemple" in client.get(path).text
    with databases.staff.begin() as connection:
        hidden = update(Actor).where(Actor.public_id == ACTOR)
        connection.execute(hidden.values(status="archived"))
    wait_until(lambda: "Association d’exemple" not in client.get(path).text)


def test_a_hidden_place_is_not_named_by_what_it_did(
    centre: tuple[httpx.Client, Databases, str],
) -> None:
    client, databases, _ = centre
    with databases.staff.begin() as connection:
        ids = people(connection)
        named = [ids["ase"], ids["shelter"], ids["draft"]]
        public_id = put(
            connection, practice(title="À plusieurs", actor_ids=named), slug="plusieurs"
        )
    html = client.get(f"/ressources/{public_id}/plusieurs").text
    assert f"/acteurs/{ids['ase']}/" in html
    assert ids["shelter"] not in html
    assert ids["draft"] not in html
