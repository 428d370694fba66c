"""The real lists go through the pages of the desk: sent, read, looked at, without a fault."""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, Response
from sqlalchemy import Connection

from app.desk.application import create_desk
from app.jobs import depositing
from app.platform.cluster.server import Cluster
from app.runtime.staff import Runtime
from app.settings import ROOT
from app.vault.sealing import Vault
from tests.browser.curateur import session_of_a_curateur
from tests.browser.senders import HERE, has_no_fault
from tests.browser.test_desk_list import opened
from tests.chromium import seen
from tests.databases import cloned
from tests.serving import offline_settings, serving

DATA = ROOT.parent / "shared" / "data"
# File -> its lines; 0 of one without titles, whose columns somebody is to say first.
LISTS = {
    "annuaire_2019_cidff_departements.csv": 198,
    "finess_protection_enfance_2026-08.csv": 116,
    "finess_etalab_cs1100502_extrait.csv": 0,
    "gendarmeries_commissariats_2019.csv": 1_855,
}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not DATA.exists(), reason="the real lists are not in ../shared/data"),
]


@pytest.fixture(scope="module")
def desk(
    cluster: Cluster,
    admin: Connection,
    template: str,
    vault: Vault,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Runtime, tuple[str, str]]]:
    """A desk with every commune, its address and the session of a curateur."""
    settings = offline_settings(tmp_path_factory.mktemp("vraies"))
    with cloned(cluster, admin, template) as databases:
        token = session_of_a_curateur(databases, vault)
        with serving(create_desk(settings, databases, vault)) as address:
            signed_in = address.replace("127.0.0.1", "localhost"), token
            yield Runtime(settings, databases, vault, "", None), signed_in


@pytest.fixture
def page(chromium: Browser, desk: tuple[Runtime, tuple[str, str]]) -> Iterator[Page]:
    """A page; nothing that it asks for fails, and its scripts complain of nothing."""
    page, wrong = opened(chromium, desk[1]), list[str]()

    def look(response: Response) -> None:
        if response.status >= 400:
            wrong.append(f"{response.status} {response.url}")

    page.on("response", look)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    yield page
    page.context.close()
    assert wrong == []


@pytest.mark.parametrize("name", LISTS)
def test_a_real_list_is_read_and_looked_at(
    desk: tuple[Runtime, tuple[str, str]], page: Page, name: str
) -> None:
    runtime, lines = desk[0], LISTS[name]
    page.goto(HERE)
    page.set_input_files("#fichier", DATA / name)
    page.fill("#source", Path(name).stem)
    page.get_by_role("button", name="Déposer", exact=True).click()
    page.wait_for_url(re.compile(f"{HERE}/"))
    here = page.url
    depositing.check(runtime, UUID(here.rpartition("/")[2]))
    said = f"{lines} lignes lues" if lines else "Cette liste ne peut pas être lue"
    seen(page.get_by_text(said))
    has_no_fault(page)
    page.goto(f"{here}/colonnes")
    page.get_by_role("button", name="Montrer des cellules").click()
    if not lines:
        page.get_by_role("button", name="Pas de titres").click()
    seen(page.get_by_role("combobox").first)
    has_no_fault(page)
    if lines:
        page.goto(f"{here}/relire")
        page.locator("[data-row]").first.wait_for()
        has_no_fault(page)
