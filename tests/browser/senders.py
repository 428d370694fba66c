"""Somebody who sends lists at a desk in a real browser, and what their pages do meanwhile."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID
from zlib import crc32

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Connection

from app.desk.application import create_desk
from app.jobs import depositing
from app.platform.cluster.server import Cluster
from app.runtime.staff import Runtime
from app.vault.sealing import Vault
from tests.axe import AXE, RUN_AXE
from tests.browser.curateur import session_of_a_curateur
from tests.browser.test_desk_list import DESK, PHONE
from tests.databases import cloned
from tests.serving import offline_settings, serving
from tests.short_lists import NEIGHBOUR, csv, run

HERE = "/gestion/imports"


@dataclass
class Sender:
    """A desk, somebody who sends lists to it, and where their files lie."""

    runtime: Runtime
    signed_in: tuple[str, str]
    folder: Path

    def send(self, page: Page, *lines: str, source: str, data: bytes = b"") -> UUID:
        path = self.folder / "liste.csv"
        path.write_bytes(data or csv(*lines))
        page.goto(HERE)
        page.set_input_files("#fichier", path)
        page.fill("#source", source)
        page.select_option("#territoire", "93")
        page.get_by_role("button", name="Déposer", exact=True).click()
        page.wait_for_url(re.compile(f"{HERE}/"))
        return UUID(page.url.rpartition("/")[2])


def drop(page: Page, place: str, *paths: Path) -> None:
    """Drop files on a place of a page, as somebody who drags them from a folder."""
    place_box = page.locator(place).bounding_box()
    assert place_box
    at = {"x": place_box["x"] + 5, "y": place_box["y"] + 5}
    files = {"items": [], "files": [str(each) for each in paths], "dragOperationsMask": 1}
    session = page.context.new_cdp_session(page)
    for event in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": event, **at, "data": files})


@pytest.fixture(scope="module")
def sender(
    cluster: Cluster,
    admin: Connection,
    lean_template: str,
    vault: Vault,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Sender]:
    folder = tmp_path_factory.mktemp("listes")
    settings = offline_settings(folder)
    with cloned(cluster, admin, lean_template) as databases:
        runtime = Runtime(settings, databases, vault, "", None)
        run(runtime, csv(NEIGHBOUR), source="avant")
        token = session_of_a_curateur(databases, vault)
        with serving(create_desk(settings, databases, vault)) as address:
            yield Sender(runtime, (address.replace("127.0.0.1", "localhost"), token), folder)


def has_no_fault(page: Page, *, script: bool = True) -> None:
    """Judge a page where a script can, once it has come whole: by axe at one width, by its title,
    since to look for faults takes most of the time.
    """
    page.wait_for_load_state()
    if not script:
        return
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.set_viewport_size((DESK, PHONE)[crc32(page.title().encode()) % 2])
    page.evaluate(AXE.read_text("utf-8"))
    assert page.evaluate(RUN_AXE, {}) == []
    page.set_viewport_size(DESK)


def is_read(sender: Sender, page: Page, deposit: UUID, *, follows: bool) -> None:
    depositing.check(sender.runtime, deposit)
    goes_on(page, follows=follows)


def goes_on(page: Page, *, follows: bool) -> None:
    """Let a page show what became of its list; without a script its reader asks."""
    if not follows:
        page.get_by_role("link", name="Actualiser").click()
    # What is pressed before would be lost with the page that follows.
    expect(page.locator("[data-follow]")).to_have_count(0)
    page.wait_for_load_state()
