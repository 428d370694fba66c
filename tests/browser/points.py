"""A desk with points to be checked, and what tests of its page in a browser do on it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize
from sqlalchemy import Connection, select

from app.desk.application import create_desk
from app.desk.shell.gate import COOKIE
from app.geocoding.batch import geocode
from app.models import Actor
from app.platform.cluster.server import Cluster
from app.platform.database.sessions import read
from app.runtime.staff import Runtime
from app.vault.sealing import Vault
from tests.browser.curateur import session_of_a_curateur
from tests.chromium import seen
from tests.databases import cloned
from tests.geocoding.geocoder_peer import geocoder_peer
from tests.serving import offline_settings, serving
from tests.short_lists import SHELTER, csv, run

DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
HERE = "/gestion/points"
# Of one commune where its middle is the point, so that several stand on one point; of another.
NAMES = [
    *(f"Association {number}" for number in range(1, 4)),
    "Association de la voie",
    "Association du Nord",
    "Association ailleurs",
]
LINES = [
    *(f"{name};Association;{at} rue Perdue;93000;Bobigny;;" for at, name in enumerate(NAMES[:3])),
    f"{NAMES[3]};Association;4 rue Étendue;93000;Bobigny;;",
    f"{NAMES[4]};Association;5 rue Perdue;59000;Lille;;",
    f"{NAMES[5]};Association;6 rue Douteuse;93000;Bobigny;;",
]


@dataclass
class Points:
    """A desk with a few points to be checked, and the session of a curateur."""

    base: str
    token: str
    runtime: Runtime


@pytest.fixture(scope="module")
def points(
    cluster: Cluster,
    admin: Connection,
    lean_template: str,
    vault: Vault,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Points]:
    settings = offline_settings(tmp_path_factory.mktemp("points"))
    with (
        geocoder_peer("HTTP/1.0") as peer,
        cloned(cluster, admin, lean_template) as databases,
    ):
        settings = settings.model_copy(update={"geocoder_url": peer.url})
        runtime = Runtime(settings, databases, vault, "", None)
        run(runtime, csv(SHELTER, *LINES), territory=None)
        geocode(databases.staff, vault, settings, "essai")
        token = session_of_a_curateur(databases, vault)
        with serving(create_desk(settings, databases, vault)) as address:
            yield Points(address.replace("127.0.0.1", "localhost"), token, runtime)


def context_of(chromium: Browser, points: Points, **options: object) -> Iterator[BrowserContext]:
    given = {"base_url": points.base, "viewport": DESK} | options
    context = chromium.new_context(**given)  # type: ignore[arg-type]
    context.add_cookies([
        {"name": COOKIE, "value": points.token, "domain": "localhost", "path": "/", "secure": True}
    ])  # fmt: skip
    yield context
    context.close()


@pytest.fixture
def points_browser(chromium: Browser, points: Points) -> Iterator[BrowserContext]:
    yield from context_of(chromium, points)


@pytest.fixture
def points_bare(chromium: Browser, points: Points) -> Iterator[BrowserContext]:
    yield from context_of(chromium, points, java_script_enabled=False)


def page_of_points(browser: BrowserContext) -> Page:
    """The page in a browser, with its map."""
    page = browser.new_page()
    page.goto(HERE)
    page.wait_for_selector(".desk-pin")
    return page


def pin(page: Page, number: int) -> Locator:
    return page.get_by_role("button", name=f"Point {number} :")


def row(page: Page, name: str) -> Locator:
    return page.locator("[data-pin]").filter(has=page.get_by_role("link", name=name, exact=True))


def number_of(page: Page, name: str) -> int:
    return int(row(page, name).get_attribute("data-pin") or 0)


def middle(where: Locator) -> tuple[float, float]:
    box = where.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def fields(page: Page, name: str) -> tuple[float, float]:
    lat, lon = (
        float(row(page, name).get_by_label(label).input_value().replace(",", "."))
        for label in ("Latitude", "Longitude")
    )
    return lat, lon


def save(page: Page, name: str) -> Locator:
    return row(page, name).get_by_role("button", name="Enregistrer ce point")


def undone(page: Page) -> None:
    """Take back what was just done, so that the next test finds the same."""
    page.keyboard.press("u")
    seen(page.get_by_text("1 remis comme avant."))


def stored(points: Points, name: str) -> tuple[float, float, str]:
    at = select(Actor.point.ST_Y(), Actor.point.ST_X(), Actor.precision)
    with read(points.runtime.staff) as session:
        return tuple(session.execute(at.where(Actor.name == name)).one())
