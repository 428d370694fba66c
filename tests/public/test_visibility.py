"""What a visitor must never see, and what is shown in its place."""

import re
from datetime import UTC, datetime

import httpx
import pytest

from app.main import create_app
from app.models import Actor
from app.platform.database.sessions import read
from app.search.cards import CRIP_LABEL, NATIONAL_LABEL
from app.search.sheets import read_sheet
from app.visibility import published
from importers import vocabulary
from tests.serving import offline_settings, serving, unnumbered
from tests.world import World, listed

NOW = datetime(2026, 6, 10, 10, tzinfo=UTC)
PAGES = ("/", "/departements/93", "/departements/59", "/api/departements/93/actors.geojson")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("word", ["Brouillon", "Archive"])
def test_drafts_and_archives_are_nowhere(client: httpx.Client, path: str, word: str) -> None:
    assert word not in client.get(path).text


@pytest.mark.parametrize("end", ["", "/acteur"])
def test_bad_absent_and_hidden_ids_get_one_same_answer(
    world: World, client: httpx.Client, end: str
) -> None:
    ids = ("x", "%00", "0" * 15, "f" * 16, "..", world.ids["draft"], world.ids["archived"])
    answers = [client.get(f"/acteurs/{public_id}{end}") for public_id in ids]
    # ".." is resolved by the client before it is sent: another address, an answer of its own.
    asked = [answer for answer in answers if answer.url.path.startswith("/acteurs/")]
    assert {answer.status_code for answer in asked} == {404}
    assert len({unnumbered(answer.text) for answer in asked}) == 1
    assert len(asked) == len(ids) - 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "session=admin; role=admin; mesure23=1"},
        {"Authorization": "Bearer admin"},
        {"Authorization": "Basic YWRtaW46YWRtaW4="},
        {"X-Api-Key": "admin", "Remote-User": "admin", "X-Forwarded-User": "admin"},
    ],
    ids=lambda headers: " ".join(headers),
)
def test_nobody_is_anybody_else_than_the_public(
    world: World, client: httpx.Client, headers: dict[str, str]
) -> None:
    sheets = [f"/acteurs/{world.ids[name]}/acteur" for name in ("ase", "shelter", "draft")]
    for path in (*PAGES, *sheets, "/nulle-part"):
        # Packed, two numbers of requests are not of one length.
        plain = {"Accept-Encoding": "identity"}
        with_them = client.get(path, headers=headers | plain)
        without = client.get(path, headers=plain)
        assert with_them.status_code == without.status_code
        assert unnumbered(with_them.text) == unnumbered(without.text)
        said = [
            {k: v for k, v in each.headers.items() if k not in ("date", "x-request-id")}
            for each in (with_them, without)
        ]
        assert said[0] == said[1]
        assert "set-cookie" not in with_them.headers


@pytest.mark.slow
def test_each_sheet_has_the_same_link_for_professionals(
    world: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    given = {"desk_url": "https://bureau.example.org", "rate_limit": 0}
    settings = offline_settings(tmp_path_factory.mktemp("links")).model_copy(update=given)
    links, sheets = set(), 0
    with (
        serving(create_app(settings, world.databases)) as address,
        httpx.Client(base_url=address, timeout=60, follow_redirects=True) as client,
    ):
        for public_id in world.ids.values():
            page = client.get(f"/acteurs/{public_id}/acteur")
            if page.status_code == 200:
                sheets += 1
                found = re.findall(r"<a [^>]*/pro/acteurs/[^>]*>[^<]*</a>", page.text)
                links.add(tuple(each.replace(public_id, "ID") for each in found))
    # Whatever is hidden of it, so that the link tells of nobody.
    assert sheets > 10
    assert len(links) == 1
    assert len(links.pop()) == 1


def test_protected_actors_are_listed_and_never_drawn(world: World, client: httpx.Client) -> None:
    hidden = {world.ids[name] for name in ("shelter", "front gate", "held")}
    here = listed(client.get("/departements/93").text)
    assert hidden < here
    # What it covers would say where it is.
    assert world.ids["protected from 75"] not in here
    assert world.ids["protected from 75"] in listed(client.get("/departements/75").text)
    drawn = client.get("/api/departements/93/actors.geojson").text
    assert not any(public_id in drawn for public_id in hidden)


@pytest.mark.parametrize(
    ("actor", "phones", "label"),
    [
        ("front gate", ("+33148000000",), None),
        ("shelter", ("+33143939393",), CRIP_LABEL),
        ("shelter without crip", ("119",), NATIONAL_LABEL),
        ("protected from 75", ("119",), NATIONAL_LABEL),
        ("ase", (), None),
    ],
)
def test_a_protected_place_is_called_by_its_gate_else_the_crip_else_119(
    world: World, actor: str, phones: tuple[str, ...], label: str | None
) -> None:
    with read(world.databases.public) as session:
        sheet = read_sheet(session, vocabulary.load(), world.ids[actor], NOW)
    assert (sheet.phones, sheet.phone_label) == (phones, label)


def test_sheet_of_a_protected_actor_says_no_place(world: World, client: httpx.Client) -> None:
    page = client.get(f"/acteurs/{world.ids['shelter']}/acteur", follow_redirects=True)
    assert page.status_code == 200
    assert "Bobigny" not in page.text


def test_public_columns_leave_the_internal_id_out() -> None:
    assert "id" in Actor.__table__.c
    assert "id" not in published().c


def test_published_holds_for_the_staff_login_too(world: World) -> None:
    actor = published()
    with world.databases.staff.connect() as connection:
        found = set(connection.scalars(actor.select().with_only_columns(actor.c.public_id)))
    assert world.names(found) == set(world.ids) - {"draft", "archived"}
