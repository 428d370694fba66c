"""Pages of registered embeds over HTTP: the lock holds, and whose pages may frame them is exact."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection

from app.embeds.look import Look
from app.embeds.registered import read_locked
from app.embeds.registration import Draft, register
from app.embeds.stored import revoke
from app.main import create_app
from app.models import Embed
from app.platform.cluster.server import Cluster
from app.platform.database.sessions import write
from app.runtime.staff import Runtime
from app.vault.sealing import Vault
from tests.databases import cloned
from tests.embeds.samples import DRAFT, image
from tests.serving import offline_settings, serving, unnumbered
from tests.world import HOSTILE, World, listed, people

ORIGINS = ("https://www.exemple.fr", "https://exemple.fr:8443", "http://127.0.0.1:8000")
Make = Callable[..., str]


@pytest.fixture(scope="module")
def runtime(
    cluster: Cluster,
    admin: Connection,
    lean_template: str,
    vault: Vault,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Runtime]:
    """A database of this module, to which its tests add embeds, each its own."""
    with cloned(cluster, admin, lean_template) as databases:
        settings = offline_settings(tmp_path_factory.mktemp("embeds"))
        yield Runtime(settings, databases, vault, "", None)


@pytest.fixture(scope="module")
def shown(runtime: Runtime) -> World:
    """The small world of tests/world.py in it."""
    with runtime.staff.begin() as connection:
        return World(runtime.databases, people(connection))


@pytest.fixture(scope="module")
def client(runtime: Runtime, shown: World) -> Iterator[httpx.Client]:
    """A client of a service over that world, which follows no redirect by itself."""
    settings = runtime.settings.model_copy(update={"rate_limit": 0})
    with (
        serving(create_app(settings, runtime.databases)) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=60) as client,
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
    page = client.get(path + asked)
    assert page.status_code == 200
    assert shown.names(listed(page.text)) == {"listens", "not drawn"}


def test_an_address_narrows_what_is_locked(client: httpx.Client, shown: World, make: Make) -> None:
    page = client.get(make("territoire=93&fonction=ecoute") + "?public=mineurs&categorie=ase")
    assert shown.names(listed(page.text)) == {"ase"}


@pytest.mark.parametrize("filters", [True, False], ids=["shown", "hidden"])
def test_a_page_says_what_it_is_locked_to_and_lets_go_of_none_of_it(
    client: httpx.Client, make: Make, filters: bool
) -> None:
    path = make(
        "territoire=93&categorie=association&categorie=ase&fonction=ecoute",
        look=Look(filters=filters),
    )
    page = client.get(f"{path}?public=mineurs").text
    said = re.findall(r'<span class="chip">([^<]+)</span>', page)
    assert said == ["Aide sociale à l’enfance (ASE)", "Association", "Écoute"]
    # What the visitor has chosen can be taken away, where there is a choice.
    assert len(re.findall(r'<a class="chip" href="', page)) == filters


def test_hidden_filters_are_not_taken_from_the_address(
    client: httpx.Client, shown: World, make: Make
) -> None:
    path = make("territoire=93&categorie=ase", look=Look(filters=False))
    page = client.get(path + "?public=parents&q=nothing&age=3")
    assert shown.names(listed(page.text)) == {"ase"}


def test_a_finer_position_than_the_page_uses_does_not_stay_in_the_address(
    client: httpx.Client, make: Make
) -> None:
    path = make("territoire=93")
    led = client.get(path + "?loin=48.9351234,2.3556789&lieu=75056")
    assert led.status_code == 303
    assert re.fullmatch(rf"{path}\?loin=48\.\d{{3}}%2C2\.\d{{3}}", led.headers["location"])
    assert frame_ancestors(led) == [list(ORIGINS)]


def test_a_wrong_filter_is_said_in_the_frame(client: httpx.Client, make: Make) -> None:
    page = client.get(make() + "?public=nobody", headers={"accept": "text/html"})
    assert page.status_code == 422
    assert "nobody" in page.text
    assert frame_ancestors(page) == [list(ORIGINS)]


def test_exactly_its_origins_may_frame_it_and_nothing_is_cached(
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
    with write(runtime.staff) as session:
        revoke(session, runtime.vault, path.rpartition("/")[2], who="essai", why="contrat-fini")
    page = client.get(path)
    assert page.status_code == 410
    assert (
        "Cette carte intégrée a été retirée par l’éditeur de ce service"
        " (GIP France Enfance Protégée)."
    ) in page.text
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


@pytest.mark.parametrize("embed_id", ["x", "%00", "é", "0" * 500, "A" * 24])
def test_an_unknown_and_a_malformed_embed_are_one_answer_in_the_frame(
    client: httpx.Client, embed_id: str
) -> None:
    unknown, malformed = (
        client.get(f"/integration/carte/{each}", headers={"accept": "text/html"})
        for each in ("0" * 24, embed_id)
    )
    assert malformed.status_code == 404
    assert unnumbered(malformed.text) == unnumbered(unknown.text)
    assert (
        malformed.headers["content-security-policy"] == (unknown.headers["content-security-policy"])
    )
    assert "introuvable" in malformed.text
    assert "data-exit" in malformed.text
    assert frame_ancestors(malformed) == []
    logo = client.get(f"/integration/carte/{embed_id}/logo", headers={"accept": "text/html"})
    assert logo.status_code == 404
    assert frame_ancestors(logo) == [["'none'"]]


def test_what_is_wrong_with_an_address_says_nothing_of_its_embed(
    client: httpx.Client, make: Make
) -> None:
    wrong = [
        client.get(f"{path}?q={'a' * 501}", headers={"accept": "text/html"})
        for path in (make(), f"/integration/carte/{'0' * 24}")
    ]
    assert [each.status_code for each in wrong] == [422, 422]
    assert unnumbered(wrong[0].text) == unnumbered(wrong[1].text)
    assert [frame_ancestors(each) for each in wrong] == [[], []]


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP"])
def test_a_logo_is_an_image_and_runs_nothing(
    client: httpx.Client, make: Make, image_format: str
) -> None:
    path = make(logo=image(image_format))
    logo = client.get(f"{path}/logo")
    assert logo.content == image(image_format)
    assert logo.headers["content-type"] == f"image/{image_format.lower()}"
    assert logo.headers["x-content-type-options"] == "nosniff"
    (policy,) = logo.headers.get_list("content-security-policy")
    assert policy.startswith("default-src 'none'; sandbox")
    assert f'src="{path}/logo"' in client.get(path).text


def test_an_embed_without_logo_has_none(client: httpx.Client, make: Make) -> None:
    path = make()
    assert client.get(f"{path}/logo").status_code == 404
    assert f"{path}/logo" not in client.get(path).text
