"""Pages of registered embeds over HTTP: the lock holds, and whose pages may frame them is exact."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.curation.embeds import Draft, register, revoke
from app.db import write
from app.embeds.look import Look
from app.embeds.registered import read_locked
from app.main import create_app
from app.models import Embed
from app.runtime import Runtime
from tests.conftest import offline_settings
from tests.embeds.test_logo import image
from tests.embeds.test_registered import DRAFT
from tests.web.conftest import HOSTILE, World, listed, people, serving

ORIGINS = ("https://www.exemple.fr", "https://exemple.fr:8443", "http://127.0.0.1:8000")
Make = Callable[..., str]


@pytest.fixture
def shown(runtime: Runtime) -> World:
    """The small world of tests/web, in a database that a test may change."""
    with runtime.staff.begin() as connection:
        return World(runtime.databases, people(connection))


@pytest.fixture
def client(runtime: Runtime, shown: World, tmp_path: Path) -> Iterator[httpx.Client]:
    """A client of a service over that world."""
    settings = offline_settings(tmp_path).model_copy(update={"rate_limit": 0})
    with (
        serving(create_app(settings, runtime.databases)) as address,
        httpx.Client(base_url=address, trust_env=False) as client,
    ):
        yield client


@pytest.fixture
def make(runtime: Runtime) -> Make:
    """Register an embed of a query; return its path."""

    def registered(query: str = "territoire=93", **columns: Any) -> str:
        with write(runtime.staff) as session:
            draft: Draft = replace(DRAFT, origins=ORIGINS, search=read_locked(session, query))
            return "/integration/carte/" + register(session, replace(draft, **columns), "essai")

    return registered


def frame_ancestors(response: httpx.Response) -> list[list[str]]:
    """Return who may frame a page, by policy; a page has one."""
    policies = response.headers.get_list("content-security-policy")
    return [
        directive.split()[1:]
        for policy in policies
        for directive in policy.split(";")
        if directive.split()[0] == "frame-ancestors"
    ]


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "?territoire=59&dans=59&dans=75&lieu=59350&rayon=tout",
        "?lieu=nowhere&dans=999",
        "?categorie=crip&categorie=pjj",
        "?categorie=unknown&liste=non&filtres=oui&couleur=blue",
    ],
)
def test_a_page_shows_what_is_locked_whatever_is_asked(
    client: httpx.Client, shown: World, make: Make, asked: str
) -> None:
    path = make("territoire=93&categorie=association&fonction=ecoute")
    page = client.get(path + asked, follow_redirects=True)
    assert page.status_code == 200
    assert shown.names(listed(page.text)) == {"listens", "not drawn"}


def test_an_address_narrows_what_is_locked(client: httpx.Client, shown: World, make: Make) -> None:
    page = client.get(make("territoire=93&fonction=ecoute") + "?public=mineurs&categorie=ase")
    assert shown.names(listed(page.text)) == {"ase"}


def test_hidden_filters_are_not_taken_from_the_address(
    client: httpx.Client, shown: World, make: Make
) -> None:
    path = make("territoire=93&categorie=ase", look=Look(filters=False))
    page = client.get(path + "?public=parents&q=nothing&age=3")
    assert shown.names(listed(page.text)) == {"ase"}


def test_a_wrong_filter_is_said(client: httpx.Client, make: Make) -> None:
    assert client.get(make() + "?public=nobody").status_code == 422


def test_exactly_its_origins_may_frame_it_and_nothing_is_kept(
    client: httpx.Client, make: Make
) -> None:
    page = client.get(make())
    assert frame_ancestors(page) == [list(ORIGINS)]
    assert page.headers["cache-control"] == "no-store"
    assert "x-frame-options" not in page.headers
    assert frame_ancestors(client.get("/departements/93")) == [["'none'"]]


def test_its_links_stay_on_it(client: httpx.Client, make: Make) -> None:
    path = make("territoire=93")
    page = client.get(path).text
    assert f'"{path}' in page
    assert 'href="/departements/93?' not in page
    assert 'action="/departements' not in page


def test_name_and_contact_are_shown_as_text(client: httpx.Client, make: Make) -> None:
    name = " ".join(HOSTILE.split())[:100]
    page = client.get(make(name=name, contact="https://exemple.fr/?a=1&b=2"))
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    assert "https://exemple.fr/?a=1&amp;b=2" in page.text


def test_a_revoked_embed_says_so_at_once_where_it_stood(
    client: httpx.Client, runtime: Runtime, make: Make
) -> None:
    path = make(logo=image("PNG"))
    assert client.get(path).status_code == 200
    assert client.get(f"{path}/logo").status_code == 200
    revoke(runtime, path.rpartition("/")[2], who="essai", why="contrat-fini")
    page = client.get(path)
    assert page.status_code == 410
    assert "Cette carte intégrée a été retirée par" in page.text
    assert "GIP France Enfance Protégée" in page.text
    assert "contrat-fini" not in page.text
    assert 'href="tel:119"' in page.text
    assert 'href="tel:17"' in page.text
    assert frame_ancestors(page) == [list(ORIGINS)]
    assert page.headers["cache-control"] == "no-store"
    assert not listed(page.text)
    assert client.get(f"{path}/logo").status_code == 404


def test_an_embed_whose_lock_is_known_no_more_says_so(
    client: httpx.Client, runtime: Runtime
) -> None:
    with write(runtime.staff) as session:
        row = {"look": "", "origins": list(ORIGINS), "name": "Exemple", "created_by": "essai"}
        session.add(Embed(id="a" * 24, search="territoire=999", **row))
    page = client.get(f"/integration/carte/{'a' * 24}")
    assert page.status_code == 410
    assert "n’existe plus" in page.text
    assert frame_ancestors(page) == [list(ORIGINS)]


@pytest.mark.parametrize("embed_id", ["0" * 24, "x", "%00", "é", "0" * 500, "..%2f..%2fsante"])
def test_an_unknown_embed_is_a_page_in_french(client: httpx.Client, embed_id: str) -> None:
    for path in (f"/integration/carte/{embed_id}", f"/integration/carte/{embed_id}/logo"):
        page = client.get(path, headers={"accept": "text/html"})
        assert page.status_code == 404
        assert frame_ancestors(page) == [["'none'"]]
    assert "introuvable" in page.text


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_logo_is_an_image_and_runs_nothing(client: httpx.Client, make: Make, kind: str) -> None:
    path = make(logo=image(kind))
    logo = client.get(f"{path}/logo")
    assert logo.content == image(kind)
    assert logo.headers["content-type"] == f"image/{kind.lower()}"
    assert logo.headers["x-content-type-options"] == "nosniff"
    (policy,) = logo.headers.get_list("content-security-policy")
    assert policy.startswith("default-src 'none'; sandbox")
    assert f'src="{path}/logo"' in client.get(path).text


def test_an_embed_without_logo_has_none(client: httpx.Client, make: Make) -> None:
    path = make()
    assert client.get(f"{path}/logo").status_code == 404
    assert f"{path}/logo" not in client.get(path).text
