"""A registered embed in real pages: on its own origin, and on the same host at another port."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Frame, Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from app.embeds.code import iframe
from app.embeds.registered import path_of
from app.embeds.registration import register
from app.embeds.stored import revoke
from app.main import create_app
from app.platform.database.sessions import write
from app.runtime.staff import Runtime
from app.search.criteria import Search
from tests.browser.test_exit import ELSEWHERE
from tests.chromium import wait_until
from tests.embeds.samples import DRAFT, image
from tests.serving import offline_settings, serving
from tests.world import people

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@dataclass
class Site:
    """A site that shows whatever HTML it is given, at its own origin."""

    origin: str
    html: str = ""


@contextmanager
def site() -> Iterator[Site]:
    """Run a site of somebody else's on the loopback."""
    shown = Site("")

    async def page(_: Request) -> HTMLResponse:
        # Without an icon, a browser asks for one and tells that there is none.
        head = '<!doctype html><html lang="fr"><title>Site</title><link rel="icon" href="data:,">'
        return HTMLResponse(head + shown.html)

    with serving(Starlette(routes=[Route("/", page)])) as origin:
        shown.origin = origin
        yield shown


@pytest.fixture
def service(runtime: Runtime, tmp_path: Path) -> Iterator[str]:
    """The address of the service over the small world of tests/world.py."""
    with runtime.staff.begin() as connection:
        people(connection)
    settings = offline_settings(tmp_path).model_copy(update={"rate_limit": 0})
    with serving(create_app(settings, runtime.databases)) as address:
        yield address


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of its own, as wide as a desk."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def framed(page: Page) -> Frame:
    """Return the frame of the page, once it has settled."""
    page.wait_for_load_state("networkidle")
    (frame,) = page.main_frame.child_frames
    return frame


def shown_on(page: Page, service: str) -> Callable[[Site, str], Frame]:
    """Return what opens a site with the code of an embed, as `embed create` prints it."""

    def show(site: Site, embed_id: str) -> Frame:
        site.html = iframe(service + path_of(embed_id), "Carte", 640)
        page.goto(site.origin)
        return framed(page)

    return show


def test_only_its_origin_shows_it_and_revocation_is_seen_there(
    page: Page, service: str, runtime: Runtime
) -> None:
    errors: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(message.text)

    page.on("console", listen)
    show = shown_on(page, service)
    with site() as ours, site() as other:
        with write(runtime.staff) as session:
            embed_id = register(session, replace(DRAFT, origins=(ours.origin,)), "essai")

        frame = show(ours, embed_id)
        frame.wait_for_selector("[data-actor]", state="attached")
        frame.wait_for_selector(".map-area[data-state=ready]", state="attached")
        assert not errors

        refused = show(other, embed_id)
        wait_until(page, lambda: refused.url.startswith("chrome-error:"))
        wait_until(page, lambda: any("frame-ancestors" in error for error in errors))

        with write(runtime.staff) as session:
            revoke(session, runtime.vault, embed_id, who="essai", why="essai")
        frame = show(ours, embed_id)
        frame.wait_for_selector("text=Cette carte intégrée a été retirée par")
        assert frame.locator('a[href="tel:119"]').is_visible()
        gone = show(other, embed_id)
        wait_until(page, lambda: gone.url.startswith("chrome-error:"))


def test_what_is_left_of_a_revoked_one_has_its_exit_and_its_height(
    page: Page, service: str, runtime: Runtime
) -> None:
    show = shown_on(page, service)
    with site() as ours:
        with write(runtime.staff) as session:
            embed_id = register(session, replace(DRAFT, origins=(ours.origin,)), "essai")
        with write(runtime.staff) as session:
            revoke(session, runtime.vault, embed_id, who="essai", why="essai")
        page.add_init_script("addEventListener('message', event => { window.sent = event.data })")
        frame = show(ours, embed_id)
        # The site around it learns how little there is.
        page.wait_for_function("() => window.sent")
        low = frame.eval_on_selector("footer", "foot => foot.getBoundingClientRect().bottom")
        assert page.evaluate("window.sent.hauteur") == pytest.approx(low, abs=1)
        page.route(f"{ELSEWHERE}**", lambda route: route.fulfill(body="<p>Il fait beau"))
        frame.click(".exit", no_wait_after=True)
        page.wait_for_selector("text=Il fait beau")
        assert page.url == ELSEWHERE


def test_it_opens_by_itself(page: Page, service: str, runtime: Runtime) -> None:
    with write(runtime.staff) as session:
        embed_id = register(session, DRAFT, "essai")
    page.goto(service + path_of(embed_id))
    page.wait_for_selector("[data-actor]", state="attached")
    page.wait_for_selector(".map-area[data-state=ready]", state="attached")


LONG_MAIL = "observatoire.departemental.de.la.protection.de.lenfance@exemple.fr"


@pytest.mark.parametrize("width", [320, 390, 1000])
def test_a_wide_logo_and_a_long_contact_leave_the_title_and_the_exit_apart(
    page: Page, service: str, runtime: Runtime, width: int
) -> None:
    search = Search(among=("59", "64", "75", "93"))
    with write(runtime.staff) as session:
        logo = image("PNG", (240, 80))
        draft = replace(DRAFT, search=search, logo=logo, contact=LONG_MAIL)
        embed_id = register(session, draft, "essai")
    page.set_viewport_size({"width": width, "height": 480})
    page.goto(service + path_of(embed_id))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    overlap, inside = page.evaluate(
        """() => {
          const title = document.createRange();
          title.selectNodeContents(document.querySelector("h1"));
          const parts = [".exit", ".embed__logo", ".embed__header"];
          const [name, exit, logo, bar] = [title, ...parts.map(
            (each) => document.querySelector(each))].map((each) => each.getBoundingClientRect());
          const bars = document.querySelector(".embed__title-bar").getBoundingClientRect();
          // On a narrow frame the bar is what stands around, on a wide one the header.
          const around = bars.height ? bars : bar;
          const met = (a, b) =>
            a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
          const within = (a) => a.top >= around.top + 4 && a.bottom <= around.bottom - 4;
          return [
            met(name, exit) || met(logo, exit) || met(logo, name),
            [name, exit, logo].every(within),
          ];
        }"""
    )
    assert not overlap
    assert inside


def test_a_logo_in_dark_ink_is_seen_by_night(page: Page, service: str, runtime: Runtime) -> None:
    drawing = Image.new("RGBA", (120, 48))
    drawing.paste("#101830", (40, 10, 80, 38))
    file = BytesIO()
    drawing.save(file, "PNG")
    with write(runtime.staff) as session:
        embed_id = register(session, replace(DRAFT, logo=file.getvalue()), "essai")
    page.emulate_media(color_scheme="dark")
    page.goto(service + path_of(embed_id))
    logo = page.locator(".embed__logo")
    logo.evaluate("each => each.decode()")
    shown = Image.open(BytesIO(logo.screenshot())).convert("L")
    # What is drawn in the middle, and what is left empty beside it.
    middle, beside = (shown.getpixel((shown.width * at // 8, shown.height // 2)) for at in (4, 2))
    assert isinstance(middle, int)
    assert isinstance(beside, int)
    assert beside - middle > 150
