"""Every page of the desk in a real browser: a new route is looked at without being named here."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import select

from app.accounts import confirming
from app.desk.shell.gate import COOKIE
from app.models import Role, SourceFile
from app.platform.database.sessions import read, write
from app.platform.web.permissions import Audience, Profile, declared, routes_of
from app.records.proposals import perhaps_same, propose, waiting
from app.records.viewing import see
from app.vault.digests import index_key
from app.visibility import OPERATOR
from tests.axe import AXE, RUN_AXE
from tests.desk.bureau import Browser, Person
from tests.desk.imports.conftest import Lists
from tests.short_lists import APART, ASE, CRIP, NEIGHBOUR, SHELTER, csv, run

pytestmark = [pytest.mark.browser, pytest.mark.slow]
UNKNOWN = "Structure inconnue;Machin;8 rue Ouverte;93000;Bobigny;01 99 00 00 30;"
OPENED = "Foyer ouvert;MECS;4 rue Ouverte;93000;Bobigny;01 99 00 00 31;"
ODD = "Service ouvert;Association;1 rue A;93000;Bobigny;12;"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
ACTORS = "/gestion/acteurs"
FREE, OTHER = "Association libre", "CRIP d'exemple"
ROOMS = ("/gestion", "/connexion", "/depot")
NOWHERE = "/gestion/rien"
# Asked for by a script, which puts it into a page.
PARTS = frozenset({"/gestion/acteurs/horaires"})
Address = tuple[Role | None, str]


@dataclass
class Pages:
    """A desk on which every page has something to show.

    values: what stands in paths, by its name there. tokens: of paths that call theirs so. asked:
    what paths ask for after "?". more: pages of the same routes that look otherwise.
    """

    lists: Lists
    people: dict[Role | None, Browser]
    values: dict[str, str]
    tokens: dict[str, str]
    asked: dict[str, str]
    more: list[Address]

    def all(self) -> Iterator[Address]:
        """Yield an address of each page, and who opens it."""
        for route in routes_of(self.lists.app):
            audience, path = declared(route), str(route.path)
            is_asked_for = "GET" in (getattr(route, "methods", None) or ())
            if audience and is_asked_for and path.startswith(ROOMS) and path not in PARTS:
                given = self.values | {"token": self.tokens.get(path, "")}
                yield who_opens(audience), path.format_map(given) + self.asked.get(path, "")
        yield from self.more


def who_opens(audience: Audience) -> Role | None:
    """Return somebody whom a route is for; None for whoever is not signed in."""
    if audience & set(Profile):
        return None
    return Role.CURATEUR if Role.CURATEUR in audience else Role(min(audience))


def listed(lists: Lists) -> tuple[dict[str, str], UUID]:
    """Send actors; return their public ids by name, and a proposal that two of them are one."""
    run(lists.runtime, csv(CRIP, SHELTER, OPENED, NEIGHBOUR, APART, UNKNOWN), source="une")
    run(lists.runtime, csv(APART.replace("00 99", "00 98")), source="autre")
    with write(lists.databases.staff) as session:
        seen = {each.record.name: each for each in see(session, lists.vault, OPERATOR)}
        found = perhaps_same(seen[OTHER].actor_id, seen[FREE].actor_id, "même rue")
        propose(session, lists.vault, index_key(session, lists.vault), [found])
    with read(lists.databases.staff) as session:
        made = waiting(session, lists.vault, OPERATOR)
    (pair,) = (each.id for each in made if each.about == "same")
    return {name: each.public_id for name, each in seen.items()}, pair


def somebody_new(lists: Lists, administrateur: Browser) -> tuple[Person, str, str]:
    """Somebody with an invitation, and the link by which their chief confirms them."""
    person, invitation = lists.invited()
    chief = {"chief": "chef@example.org"}
    path = f"/gestion/comptes/{person.id}/responsable"
    assert administrateur.post(path, chief).status_code == 303
    with write(lists.databases.staff) as session:
        now = datetime.now(UTC)
        asked = confirming.ask(session, lists.vault, person.id, now, linked=True)
    return person, invitation, asked.token


@pytest.fixture(scope="module")
def pages(lists: Lists) -> Pages:
    ids, pair = listed(lists)
    free, shut, opened = (
        f"{ACTORS}/{ids[name]}" for name in (FREE, "Foyer fictif", "Foyer ouvert")
    )
    people: dict[Role | None, Browser] = {role: lists.signed_in(role) for role in Role}
    people[None] = lists.browser()
    curateur = people[Role.CURATEUR]
    checked = lists.sent(curateur, ASE, SHELTER, ODD, source="Lue")
    applied = lists.applied(curateur, CRIP, source="Appliquée")
    waits = lists.send(curateur, (ASE,), source="En attente").headers["location"]
    assert curateur.post(f"{opened}/ouvrir").status_code == 303
    assert curateur.post(f"{free}/geste", {"geste": "verifier"}).status_code == 303
    person, invitation, asked = somebody_new(lists, people[Role.ADMINISTRATEUR])
    with read(lists.databases.staff) as session:
        file = session.scalars(select(SourceFile).where(SourceFile.status == "imported")).all()[0]
    made = curateur.post(f"/gestion/sources/{file.source_id}/liens", {"lien": str(uuid4())}).text
    (link,) = re.findall(r'value="[^"]+/depot/([\w-]{43})"', made)
    values = {
        "public_id": ids[FREE],
        "deposit_id": checked.rpartition("/")[2],
        "proposal_id": str(pair),
        "source_id": str(file.source_id),
        "file_id": str(file.id),
        "account_id": str(person.id),
        "link": asked,
    }
    tokens = {"/connexion/invitation/{token}": invitation, "/depot/{token}": link}
    of_one = f"{ACTORS}/{{public_id}}"
    after = {
        f"{of_one}/comparer": "?de=1&a=2",
        f"{of_one}/recu": f"?fichier={file.id}&ligne=6",
    }
    otherwise = (shut, opened, f"{opened}/lever", f"{opened}/modifier", applied)
    more: list[Address] = [
        *((Role.CURATEUR, each) for each in (*otherwise, f"{applied}/defaire", waits, NOWHERE)),
        (Role.REFERENT_ETAT, "/gestion"),
        (Role.REFERENT_ETAT, f"{ACTORS}/{ids[OTHER]}"),
        (Role.REFERENT_DEPARTEMENT, ACTORS),
        (Role.ADMINISTRATEUR, "/gestion"),
    ]
    return Pages(lists, people, values, tokens, after, more)


@contextmanager
def windows(
    chromium: Chromium, pages: Pages, *, script: bool
) -> Iterator[dict[Role | None, BrowserContext]]:
    """Open a browser of each role."""
    base = str(pages.lists.client.base_url).replace("127.0.0.1", "localhost")
    found = {}
    for role, browser in pages.people.items():
        found[role] = chromium.new_context(base_url=base, java_script_enabled=script)
        if token := browser.cookies.get(COOKIE):
            found[role].add_cookies([
                {"name": COOKIE, "value": token, "domain": "localhost", "path": "/", "secure": True}
            ])  # fmt: skip
    yield found
    for context in found.values():
        context.close()


# What people act on, where Tab does not lead.
SKIPPED = """[...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter(each => each.checkVisibility() && !each.disabled && each.tabIndex < 0)
    .filter(each => !each.closest("[aria-hidden=true]"))
    .map(each => each.outerHTML)"""


def with_script(page: Page) -> Iterator[str]:
    """Yield what is wrong with a page at both widths, and what the keyboard does not reach."""
    yield from page.evaluate(SKIPPED)
    for size in (DESK, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        if page.evaluate("document.documentElement.scrollWidth - innerWidth") > 0:
            yield f"{size['width']}: scrolls sideways"
        page.evaluate(AXE.read_text("utf-8"))
        yield from (f"{size['width']}: {each}" for each in page.evaluate(RUN_AXE, {}))


def without_script(page: Page) -> Iterator[str]:
    """Yield what of a page does nothing without a script."""
    for each in page.locator("button[type=button]:visible, a[href^='#']:visible").all():
        target = each.get_attribute("href") or ""
        if not target or not page.locator(target).count():
            yield each.inner_text() or each.get_attribute("class") or "a button"


@pytest.mark.parametrize("faults_of", [with_script, without_script])
def test_no_page_has_a_fault(
    chromium: Chromium, pages: Pages, faults_of: Callable[[Page], Iterator[str]]
) -> None:
    faults: dict[str, list[str]] = {}
    seen = 0
    with windows(chromium, pages, script=faults_of is with_script) as opened:
        for role, address in pages.all():
            page = opened[role].new_page()
            answer = page.goto(address)
            assert answer
            wrong = list(faults_of(page))
            if answer.status != (404 if address == NOWHERE else 200):
                wrong.append(f"answers {answer.status}")
            if wrong:
                faults[address] = wrong
            seen += 1
            page.close()
    assert faults == {}, "\n".join(f"{key}: {each}" for key, each in faults.items())
    assert seen > 45
