"""Leaks planted on purpose: a check that finds none of them proves nothing."""

import base64
import re
from collections.abc import Callable, Iterator
from copy import copy
from functools import lru_cache, partial
from math import inf
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.responses import PlainTextResponse, Response
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.models import Actor, ActorProtected
from app.platform.database.engines import Databases, make_engine
from app.platform.web import versions
from app.public.legal import queries as legal_queries
from app.runtime.staff import Runtime
from tests.attack.conftest import Attacked, client_of, hidden_ids_in, service
from tests.attack.freshness import stale
from tests.attack.sentinels import Sentinels
from tests.attack.walk import CannotWalk, Values, ask, endpoints, requests, walk

# Where a leak is planted on purpose, and what names an actor beside it.
LEAKING = ("/api/", "/ressources/", "/lettres")
QUICK = Values({(): [()], ("code",): [("93",)]}, {"q": [""]}, few=0)


def bare() -> FastAPI:
    """An application of its own: planted routes and nothing else."""
    return FastAPI(openapi_url=None, docs_url=None, redoc_url=None)


def answering(answer: Callable[[], Response]) -> FastAPI:
    """Return an application with one planted answer."""
    app = bare()

    @app.get("/x")
    def planted() -> Response:
        return answer()

    return app


# --------------------------------------------------------- a route enters the walk by itself


def test_a_new_route_is_walked() -> None:
    app = bare()
    feature = APIRouter()

    @feature.get("/nouveau/{code}")
    def new(code: str, q: str = "") -> str:
        return code + q

    app.include_router(feature)
    assert ("GET", "/nouveau/93?q=", ()) in set(requests(app, QUICK))


def test_a_route_that_cannot_be_walked_fails() -> None:
    def path(unknown: str) -> str:
        return unknown

    def query(inconnu: str = "") -> str:
        return inconnu

    def body(given: dict[str, Any]) -> str:
        return str(given)

    for method, address, endpoint in (
        ("GET", "/x/{unknown}", path),
        ("GET", "/x", query),
        ("GET", "/x", body),
        ("POST", "/x", lambda: ""),
    ):
        app = bare()
        app.add_api_route(address, endpoint, methods=[method])
        with pytest.raises(CannotWalk):
            list(requests(app, QUICK))
    app = bare()
    app.mount("/autre", bare())
    with pytest.raises(CannotWalk):
        endpoints(app)


# --------------------------------------------------------- leaks in answers


def found_in(app: FastAPI, sentinels: Sentinels) -> set[str]:
    """Return what a walk of an application finds."""
    with client_of(app) as client:
        return {
            hit
            for asked, answer in walk(client, app, QUICK)
            for hit in sentinels.in_text(answer.searched, "", asked[1])
            | sentinels.in_text(answer.body, answer.encoding, asked[1])
        }


@pytest.mark.slow
@pytest.mark.parametrize("spelled", ["{x} {y}", "{y:.3f},{x:.3f}", "{x:.1f};{y:.1f}", "base64"])
def test_a_coordinate_in_geojson_is_found(attacked: Attacked, spelled: str) -> None:
    place = attacked.dataset.secrets[20]
    text = f'{{"coordinates": [{place.lon}, {place.lat}]}}'
    spelled = (
        base64.b64encode(text.encode()).decode()
        if spelled == "base64"
        else spelled.format(x=place.lon, y=place.lat)
    )
    app = bare()

    @app.get("/api/fuite.geojson")
    def leak() -> Response:
        return Response(f'{{"type": "Point", "where": "{spelled}"}}', media_type="text/plain")

    assert found_in(app, attacked.sentinels)


@pytest.mark.slow
def test_a_secret_in_a_header_a_redirect_or_an_error_is_found(attacked: Attacked) -> None:
    word = attacked.dataset.secrets[20].word(0)
    for response in (
        Response(headers={"x-nom": word}),
        Response(status_code=307, headers={"location": f"/acteurs/{quote(word)}"}),
        PlainTextResponse(word, status_code=500),
    ):
        assert found_in(answering(partial(copy, response)), attacked.sentinels)


@pytest.mark.slow
def test_a_hidden_id_in_the_sitemap_is_found(
    attacked: Attacked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A statement that forgets to ask what is published, by a login that may read the rest.
    every = select(Actor.public_id, Actor.slug, Actor.verified_on).where(
        Actor.territory_code == bindparam("territory")
    )
    monkeypatch.setattr(legal_queries, "SHEETS", every)
    staff = attacked.databases.staff
    app = service(Databases(staff, staff), tmp_path)
    with client_of(app) as client:
        index = ask(client, ("GET", "/sitemap.xml", ()))
        maps = re.findall(r"//[^/]+(/sitemaps/[^<]+)", index.body.decode())
        answers = [ask(client, ("GET", address, ())) for address in maps]
    found = set().union(*(hidden_ids_in(answer, attacked) for answer in answers))
    assert found


@pytest.mark.slow
def test_a_name_in_a_sort_key_is_found(attacked: Attacked, elsewhere: Runtime) -> None:
    def sorted_by_true_name(runtime: Runtime) -> list[str]:
        with Session(runtime.staff) as session:
            rows = session.execute(
                select(Actor.public_id, ActorProtected)
                .join(ActorProtected, ActorProtected.actor_id == Actor.id)
                .where(Actor.status == "published")
            ).all()
        opened = {
            public_id: runtime.vault.open_json(
                "actor_protected", sealed.actor_id, "record", sealed.record
            )["name"]
            for public_id, sealed in rows
        }
        return sorted(opened, key=lambda public_id: str(opened[public_id]))

    digests = []
    for runtime in (attacked.runtime, elsewhere):
        ids = sorted_by_true_name(runtime)
        with client_of(answering(partial(PlainTextResponse, " ".join(ids)))) as client:
            answer = ask(client, ("GET", "/x", ()))
        assert answer.status == 200
        digests.append(answer.digest)
    assert digests[0] != digests[1]


# --------------------------------------------------------- protection takes effect at once


@pytest.fixture
def processes(own: Runtime, tmp_path: Path) -> Iterator[list[FastAPI]]:
    """Two applications over two pools: what one of them caches, the other does not know of."""
    url = own.databases.public.url
    second = Databases(own.databases.staff, make_engine(url.render_as_string(hide_password=False)))
    yield [service(own.databases, tmp_path), service(second, tmp_path)]
    second.public.dispose()


@pytest.mark.slow
def test_what_is_protected_leaves_every_process_within_a_second(
    own: Runtime, attacked: Attacked, processes: list[FastAPI]
) -> None:
    assert stale(own, attacked.dataset, processes) == set()


@pytest.mark.slow
def test_it_leaves_as_soon_where_versions_cannot_be_read_any_more(
    own: Runtime, attacked: Attacked, processes: list[FastAPI]
) -> None:
    def hinder() -> None:
        owner = make_engine(own.owner_url)
        with owner.begin() as connection:
            login = own.databases.public.url.username
            connection.exec_driver_sql(f'REVOKE ALL ON open.territory_version FROM "{login}"')
        owner.dispose()

    assert stale(own, attacked.dataset, processes, hinder, LEAKING) == set()


@pytest.mark.slow
def test_a_stale_cache_is_found(
    own: Runtime, attacked: Attacked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Read once, and believed for ever.
    monkeypatch.setattr(versions, "PERIOD", 3_600.0)
    monkeypatch.setattr(versions, "TRUSTED", inf)
    shown = stale(own, attacked.dataset, [service(own.databases, tmp_path)], beginning=LEAKING)
    assert any("actors.geojson" in address for address in shown)


@pytest.mark.slow
def test_a_cache_of_ones_own_is_found(own: Runtime, attacked: Attacked, tmp_path: Path) -> None:
    app = service(own.databases, tmp_path)

    @lru_cache
    def names() -> str:
        with own.databases.public.connect() as connection:
            return " ".join(connection.scalars(select(Actor.name)).all())

    app.add_api_route("/api/noms", lambda: PlainTextResponse(names()), response_model=None)
    shown = stale(own, attacked.dataset, [app], beginning=LEAKING)
    assert any("/api/noms" in address for address in shown)
