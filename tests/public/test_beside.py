"""Pages of actors name the resources beside them: of a situation, of an actor, of a territory."""

import re
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
from sqlalchemy import Connection, insert

from app.main import create_app
from app.models import ResourceOfSituation
from app.platform.cluster.server import Cluster
from app.resources.content import Content
from app.resources.stored import columns_of
from tests.databases import cloned
from tests.makers import add_actor, add_resource
from tests.resource_contents import document, sheet, study
from tests.serving import offline_settings, serving
from tests.world import NOW

ACTOR, HIDDEN = "a" * 16, "b" * 16
SITUATION = "/autour?s=1"
NEUTRAL = {"protected": True, "category": "heberger", "name": "Lieu d’accueil"}


def put(connection: Connection, content: Content) -> str:
    return add_resource(connection, **columns_of(content))


@pytest.fixture(scope="module")
def client(
    cluster: Cluster,
    admin: Connection,
    lean_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[httpx.Client]:
    """A client of a service with two actors and a few resources."""
    with cloned(cluster, admin, lean_template) as databases:
        with databases.staff.begin() as connection:
            add_actor(connection, public_id=ACTOR, slug="asso")
            add_actor(connection, public_id=HIDDEN, slug="lieu", **NEUTRAL)
            written = sheet(title="Retour de fugue", now=["Mettre à l’abri"], never=["Fouiller"])
            chosen = (put(connection, written), put(connection, document(title="À lire aussi")))
            for place, public_id in enumerate(chosen, 1):
                row = {"situation": 1, "place": place, "public_id": public_id}
                connection.execute(insert(ResourceOfSituation).values(row))
            put(connection, document(title="Publié par elle", actor_ids=[ACTOR, HIDDEN]))
            put(connection, study(title="Étude de La Réunion", territories=["974"]))
            secret = {"audience": "professionnel", "actor_ids": [ACTOR]}
            put(connection, document(title="Pour professionnels", **secret))
        settings = offline_settings(tmp_path_factory.mktemp("web"))
        app = create_app(settings.model_copy(update={"rate_limit": 0}), databases)
        app.state.site = replace(app.state.site, now=lambda: NOW)
        with serving(app) as address, httpx.Client(base_url=address, trust_env=False) as client:
            yield client


def beside(client: httpx.Client, path: str) -> str:
    """Return what a page says beside, as text; "" where there is nothing."""
    answer = client.get(path, follow_redirects=True)
    assert answer.status_code == 200
    found = re.findall(r'<section class="beside".*?</section>', answer.text, re.DOTALL)
    assert len(found) <= 1
    return " ".join(re.sub(r"<[^>]+>", " ", "".join(found)).split())


def test_a_situation_opens_with_the_lines_of_its_sheet_and_what_to_read(
    client: httpx.Client,
) -> None:
    said = beside(client, SITUATION)
    # What nobody validated is said to be an example before its lines are read.
    lines = (
        "Exemple, non validé",
        "Tout de suite : Mettre à l’abri",
        "À ne jamais faire&nbsp;: Fouiller",
    )
    links = ("Retour de fugue fiche, exemple, non validé", "À lire aussi document, 2021")
    places = [said.index(each) for each in (*lines, *links)]
    assert places == sorted(places)
    assert beside(client, "/autour?s=2") == beside(client, "/autour") == ""


def test_the_situation_stays_out_of_the_title(client: httpx.Client) -> None:
    title = re.search(r"<title>(.*?)</title>", client.get(SITUATION).text, re.DOTALL)
    assert title
    assert "fugue" not in title[1].lower()


def test_an_actor_names_what_it_published(client: httpx.Client) -> None:
    said = beside(client, f"/acteurs/{ACTOR}/asso")
    assert "Publié par elle" in said
    assert "professionnels" not in said


def test_a_hidden_actor_is_told_by_no_resource(client: httpx.Client) -> None:
    assert beside(client, f"/acteurs/{HIDDEN}/lieu") == ""


def test_a_territory_names_its_studies_where_nothing_narrows(client: httpx.Client) -> None:
    assert "Étude de La Réunion étude en cours" in beside(client, "/departements/974")
    assert beside(client, "/departements/974?q=mot") == ""
    assert beside(client, "/departements/93") == ""


def test_links_lead_to_resources(client: httpx.Client) -> None:
    for path in (SITUATION, f"/acteurs/{ACTOR}/asso", "/departements/974"):
        links = re.findall(r'href="(/ressources/[^"]+)"', client.get(path).text)
        assert links
        assert {client.get(link).status_code for link in links} == {200}
