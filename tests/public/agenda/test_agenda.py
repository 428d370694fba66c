"""The agenda as visitors read it, in each of its formats."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import httpx
import icalendar
import pytest
from sqlalchemy import select

from app.main import create_app
from app.models import Actor
from app.platform.database.sessions import read
from app.runtime.staff import Runtime
from tests.makers_agenda import LINK, announced, cancelled, changed, drafted
from tests.meanwhile import until
from tests.serving import serving, settings_in
from tests.short_lists import APART, SHELTER, csv, ids, run

SITE = "https://carte.exemple"
NOW = datetime(2027, 1, 5, 10, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"
NETWORK, DRAFT, OF_HOME = "Réseau sentinelle", "Brouillon sentinelle", "Portes ouvertes"


@pytest.fixture(scope="module")
def runtime(module_runtime: Runtime) -> Runtime:
    run(module_runtime, csv(SHELTER, APART))
    return module_runtime


@pytest.fixture(scope="module")
def events(runtime: Runtime) -> dict[str, str]:
    """Public ids by a word of our own."""
    with read(runtime.staff) as session:
        home = session.scalars(select(Actor.id).where(Actor.protected)).first()
        free = session.scalars(select(Actor.id).where(Actor.name == "Association libre")).one()
    january = datetime(2027, 1, 12, 9, tzinfo=UTC)
    return {
        "webinar": announced(runtime, begins_at=january, themes=("fugue",)),
        "training": announced(
            runtime,
            form="formation",
            title="Écouter & croire",
            territory="93",
            actor=free,
            place="Salle Hugo, Pantin",
            begins_at=january + timedelta(days=30),
            capacity=20,
        ),
        "overseas": announced(
            runtime,
            form="reunion",
            title="Réunion de La Réunion",
            territory="974",
            zone="Indian/Reunion",
            begins_at=january + timedelta(days=1),
        ),
        "of home": announced(
            runtime,
            title=OF_HOME,
            territory="93",
            actor=home,
            place="10 rue Cachée, Bobigny",
            begins_at=january + timedelta(days=3),
        ),
        "network": announced(
            runtime, title=NETWORK, audience="reseau", territory="93", begins_at=january
        ),
        "draft": drafted(runtime, title=DRAFT, begins_at=january),
        "over": announced(runtime, title="Passé", begins_at=datetime(2026, 12, 28, 9, tzinfo=UTC)),
    }


@pytest.fixture(scope="module")
def client(
    runtime: Runtime, events: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    settings = settings_in(tmp_path_factory.mktemp("files"), rate_limit=0, public_url=SITE)
    app = create_app(settings, runtime.databases)
    app.state.site = replace(app.state.site, now=lambda: NOW)
    with (
        serving(app) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        yield client


def titles(page: str) -> list[str]:
    return re.findall(r'resource-card__title"><a href="[^"]+">([^<]+)', page)


def entries(answer: httpx.Response) -> list[str]:
    found = icalendar.Calendar.from_ical(answer.content)
    assert isinstance(found, icalendar.Calendar)
    return [str(each["SUMMARY"]) for each in found.walk("VEVENT")]


def test_the_list_says_what_comes_next_month_by_month(client: httpx.Client) -> None:
    page = client.get("/agenda").text
    assert titles(page) == [
        *("Repérer et orienter", "Réunion de La Réunion", OF_HOME, "Écouter &amp; croire")
    ]
    assert re.findall(r'<h2 id="mois-[^>]+>([^<]+)', page) == ["Janvier 2027", "Février 2027"]
    said = page.replace("\u00a0", " ")
    assert "10 h – 12 h à Paris, 13 h – 15 h à La Réunion" in said


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("territoire=974", ["Repérer et orienter", "Réunion de La Réunion"]),
        ("type=formation", ["Écouter &amp; croire"]),
        ("theme=fugue", ["Repérer et orienter"]),
        ("mois=2027-02", ["Écouter &amp; croire"]),
        ("mois=2026-12", ["Passé"]),
        ("mois=2027-06", []),
        ("territoire=974&theme=fugue&type=webinaire", ["Repérer et orienter"]),
    ],
)
def test_filters_and_months_select(client: httpx.Client, asked: str, found: list[str]) -> None:
    assert titles(client.get(f"/agenda?{asked}").text) == found


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        *(("territoire=999", 404), ("territoire=x", 422), ("type=autre", 422), ("theme=x", 422)),
        *(("mois=2027-13", 422), ("mois=x", 422)),
    ],
)
def test_what_is_unknown_is_refused(client: httpx.Client, asked: str, status: int) -> None:
    assert client.get(f"/agenda?{asked}").status_code == status


@pytest.mark.parametrize(("month", "links"), [("2000-01", ["2000-02"]), ("2099-12", ["2099-11"])])
def test_no_month_leads_to_one_that_is_refused(
    client: httpx.Client, month: str, links: list[str]
) -> None:
    page = client.get(f"/agenda?mois={month}").text
    assert re.findall(r'rel="(?:prev|next) nofollow" href="/agenda\?mois=([^"]+)"', page) == links


def test_a_month_is_a_grid_of_its_weeks(client: httpx.Client) -> None:
    page = client.get("/agenda?mois=2027-01").text
    assert "<caption>Janvier 2027</caption>" in page
    cell = re.findall(r'<td[^>]*><time datetime="2027-01-12">12</time>(.*?)</td>', page)
    assert "Repérer et orienter" in cell[0]
    assert 'href="/agenda?mois=2026-12"' in page
    assert 'href="/agenda?mois=2027-02"' in page


def test_a_page_says_when_where_and_by_whom(
    client: httpx.Client, events: dict[str, str], runtime: Runtime
) -> None:
    page = client.get(f"/agenda/{events['training']}").text
    assert "jeudi 11 février 2027" in page
    assert "Salle Hugo, Pantin" in page
    assert f"/acteurs/{ids(runtime)['Association libre']}/" in page
    (written,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    data = json.loads(written)
    assert data["@type"] == "EducationEvent"
    assert data["startDate"] == "2027-02-11T10:00:00+01:00"
    assert data["eventStatus"] == "https://schema.org/EventScheduled"
    assert data["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert data["organizer"]["name"] == "Association libre"
    assert data["maximumAttendeeCapacity"] == 20


def test_the_calendar_of_one_is_read_back(client: httpx.Client, events: dict[str, str]) -> None:
    answer = client.get(f"/agenda/{events['overseas']}.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    (entry,) = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert entry.decoded("DTSTART") == datetime(2027, 1, 13, 9, tzinfo=UTC)
    assert entry["DTSTART"].params["TZID"] == "Indian/Reunion"
    assert entry["URL"] == f"{SITE}/agenda/{events['overseas']}"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (
            "",
            ["Passé", "Repérer et orienter", "Réunion de La Réunion", OF_HOME, "Écouter & croire"],
        ),
        ("?territoire=974", ["Passé", "Repérer et orienter", "Réunion de La Réunion"]),
        ("?theme=fugue", ["Repérer et orienter"]),
    ],
)
def test_a_calendar_of_a_selection_goes_a_month_back(
    client: httpx.Client, asked: str, found: list[str]
) -> None:
    assert entries(client.get(f"/agenda.ics{asked}")) == found


def test_the_feed_has_what_comes(client: httpx.Client) -> None:
    answer = client.get("/agenda.atom?territoire=974")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(answer.content)  # noqa: S314 - our own
    found = {entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")}
    assert found == {"Repérer et orienter", "Réunion de La Réunion"}


@pytest.mark.slow
def test_nothing_of_a_home_of_the_network_or_of_a_link_is_in_any_format(
    client: httpx.Client, events: dict[str, str]
) -> None:
    asked = ["/agenda", "/agenda?mois=2027-01", "/agenda.ics", "/agenda.atom", "/departements/93"]
    asked += [f"/agenda/{each}{end}" for each in events.values() for end in ("", ".ics")]
    for path in asked:
        text = client.get(path).text
        for secret in ("Cachée", "Foyer fictif", LINK, "visio"):
            assert secret not in text, (path, secret)
        assert NETWORK not in text, path
        assert DRAFT not in text, path
    for hidden in ("network", "draft"):
        for end in ("", ".ics"):
            answer = client.get(f"/agenda/{events[hidden]}{end}")
            absent = client.get(f"/agenda/{'0' * 16}{end}")
            assert answer.status_code == absent.status_code == 404


def test_a_territory_and_an_actor_say_what_comes_next(
    client: httpx.Client, events: dict[str, str], runtime: Runtime
) -> None:
    page = client.get("/departements/93").text
    assert f'href="/agenda/{events["training"]}"' in page
    assert f'href="/agenda/{events["webinar"]}"' not in page
    public_id = ids(runtime)["Association libre"]
    sheet = client.get(f"/acteurs/{public_id}", follow_redirects=True).text
    assert f'href="/agenda/{events["training"]}"' in sheet
    assert f'href="/agenda/{events["of home"]}"' not in sheet


def test_a_cached_page_says_at_once_what_changed(client: httpx.Client, runtime: Runtime) -> None:
    later = datetime(2027, 9, 7, 9, tzinfo=UTC)
    public_id = announced(runtime, title="Avant", begins_at=later)
    path = f"/agenda/{public_id}"
    assert "Avant" in client.get(path).text
    changed(runtime, public_id, title="Après", begins_at=later)
    cancelled(runtime, public_id)
    until(lambda: "Salle fermée." in client.get(path).text)
    assert "Après" in client.get(path).text
