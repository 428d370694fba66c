"""Events on a map: those whose place readers are told, each in its commune, the others beside."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from html import unescape

import httpx
import pytest
from sqlalchemy import select, text

from app.main import create_app
from app.models import Actor
from app.platform.database.sessions import read
from app.records import acts
from app.runtime.staff import Runtime
from tests.makers import decide
from tests.makers_agenda import announced, cancelled, withdrawn
from tests.serving import serving, settings_in
from tests.short_lists import APART, SHELTER, csv, ids, run

NOW = datetime(2027, 1, 5, 10, tzinfo=UTC)
BEGINS = datetime(2027, 1, 12, 9, tzinfo=UTC)
BOBIGNY, PARIS = "93008", "75056"


@pytest.fixture(scope="module")
def runtime(module_runtime: Runtime) -> Runtime:
    run(module_runtime, csv(SHELTER, APART))
    with read(module_runtime.staff) as session:
        home = session.scalars(select(Actor.id).where(Actor.protected)).first()
        free = session.scalars(select(Actor.id).where(Actor.name == "Association libre")).one()
    here = {"territory": "93", "commune": BOBIGNY, "place": "Salle Hugo"}
    add = partial(announced, module_runtime)
    add(title="À Bobigny", begins_at=BEGINS, **here)
    add(title="Encore à Bobigny", begins_at=BEGINS + timedelta(days=2), actor=free, **here)
    there = {"territory": "75", "commune": PARIS, "place": "Salle Zola"}
    add(title="À Paris", begins_at=BEGINS + timedelta(days=1), **there)
    add(title="En ligne", begins_at=BEGINS)
    add(title="Sans lieu", begins_at=BEGINS, commune=BOBIGNY)
    hidden = {"place": "10 rue Cachée, Bobigny", "commune": BOBIGNY, "actor": home}
    add(title="Au foyer", begins_at=BEGINS, territory="93", **hidden)
    add(title="Pour le réseau", begins_at=BEGINS, audience="reseau", **here)
    off = add(title="Annulé", begins_at=BEGINS, **here)
    cancelled(module_runtime, off)
    return module_runtime


@pytest.fixture(scope="module")
def client(runtime: Runtime, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    settings = settings_in(tmp_path_factory.mktemp("files"), rate_limit=0)
    app = create_app(settings, runtime.databases)
    app.state.site = replace(app.state.site, now=lambda: NOW)
    with serving(app) as address, httpx.Client(base_url=address, timeout=60) as client:
        yield client


def groups(page: str) -> dict[str, list[str]]:
    """The titles below each heading of the map's page."""
    parts = re.split(r'<h2 id="(?:lieu-\d+|ailleurs)">', page)[1:]
    found = {}
    for part in parts:
        name = re.sub(r"<span.*?</span> ?", "", part.partition("</h2>")[0])
        found[name] = re.findall(r'resource-card__title"><a href="[^"]+">([^<]+)', part)
    return found


def test_each_commune_has_a_pin_and_its_events_and_the_others_stand_beside(
    client: httpx.Client,
) -> None:
    page = client.get("/agenda?vue=carte").text
    found = groups(page)
    assert list(found) == ["Bobigny", "Paris", "En ligne, ou sans commune publiée"]
    assert found["Bobigny"] == ["À Bobigny", "Encore à Bobigny"]
    assert found["Paris"] == ["À Paris"]
    assert sorted(found["En ligne, ou sans commune publiée"]) == [
        *("Annulé", "Au foyer", "En ligne", "Sans lieu")
    ]
    (given,) = re.findall(r"data-pins='([^']+)'", page)
    pins = json.loads(unescape(given))
    assert [(each["number"], each["name"]) for each in pins["pins"]] == [
        *((1, "Bobigny"), (2, "Paris"))
    ]
    assert pins["pins"][0]["lat"] == pytest.approx(48.9, abs=0.1)
    assert pins["ground"].startswith("/static/")
    assert "Pour le réseau" not in page


@pytest.mark.slow
def test_who_becomes_protected_is_on_no_map_from_then_on(
    client: httpx.Client, runtime: Runtime
) -> None:
    line = "Antenne du soir;Association;7 rue Tierce;93300;Aubervilliers;01 99 00 00 51;"
    run(runtime, csv(SHELTER, APART, line))
    actor = ids(runtime)["Antenne du soir"]
    with read(runtime.staff) as session:
        number = session.scalars(select(Actor.id).where(Actor.public_id == actor)).one()
    given = {"commune": "93001", "place": "Salle", "territory": "93", "actor": number}
    announced(runtime, title="Chez l’antenne", begins_at=BEGINS, **given)
    with runtime.databases.public.connect() as connection:
        asked = text("SELECT commune_code FROM agenda_event WHERE commune_code = '93001'")
        assert connection.execute(asked).all()
    decide(runtime, acts.protect, actor, who="essai", why="Foyer d’exemple.")
    with runtime.databases.public.connect() as connection:
        assert not connection.execute(asked).all()
    assert "Aubervilliers" not in groups(client.get("/agenda?vue=carte&type=webinaire").text)


def test_filters_go_with_it_and_what_is_no_view_is_refused(client: httpx.Client) -> None:
    page = client.get("/agenda?vue=carte&territoire=75").text
    assert "Bobigny" not in groups(page)
    assert 'href="/agenda?territoire=75"' in page
    assert client.get("/agenda?vue=liste").status_code == 422
    assert "data-pins" not in client.get("/agenda").text


def test_its_page_says_in_which_town_a_place_is_unless_the_place_does(
    client: httpx.Client, runtime: Runtime
) -> None:
    here = {"begins_at": BEGINS, "territory": "93", "commune": BOBIGNY}
    for place, said in (("Salle Hugo", "Salle Hugo, Bobigny"), ("À BOBIGNY", "À BOBIGNY\n")):
        event = announced(runtime, title="Quelque part", place=place, **here)
        calendar = client.get(f"/agenda/{event}.ics").text.replace("\r", "")
        assert f"LOCATION:{said}".replace(",", "\\,") in calendar
        assert said.strip() in client.get(f"/agenda/{event}").text
        withdrawn(runtime, event)
