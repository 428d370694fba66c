"""Every page of the desk in a real browser: a new route is looked at without being named here."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, ViewportSize
from sqlalchemy import select, update

from app.accounts import confirming, requests
from app.cataloguing import collections
from app.cataloguing.importing import plan
from app.desk.shell.gate import COOKIE
from app.freshness import asking
from app.inbox.message import AccessAsked
from app.letters.letter import Words
from app.models import Actor, ActorProtected, PageView, Role, SourceFile, new_embed_id
from app.platform.database.sessions import read, write
from app.platform.web.permissions import Audience, Profile, declared, routes_of
from app.records.proposals import perhaps_same, propose, waiting
from app.records.viewing import see
from app.resources.forms import Form
from app.vault.digests import index_key
from app.visibility import OPERATOR
from geo.zones import paris_day
from tests.axe import AXE, RUN_AXE
from tests.desk.bureau import ORIGIN, Browser, Person
from tests.desk.imports.conftest import Lists
from tests.makers_agenda import announced, link_to_come
from tests.makers_letters import MONTH, written
from tests.makers_resources import CURATEUR as OF_CURATEUR
from tests.makers_resources import NAMES_HOME, WRITER, held_one, made, public_id_of
from tests.networked import joined_by
from tests.seated import with_meetings
from tests.short_lists import APART, ASE, CRIP, NEIGHBOUR, SHELTER, csv, run

pytestmark = [pytest.mark.browser, pytest.mark.slow]
UNKNOWN = "Structure inconnue;Machin;8 rue Ouverte;93000;Bobigny;01 99 00 00 30;"
OPENED = "Foyer ouvert;MECS;4 rue Ouverte;93000;Bobigny;01 99 00 00 31;"
ODD = "Service ouvert;Association;1 rue A;93000;Bobigny;12;"
BESIDE = "Bureau du fond;Association;21 rue du Fond;93000;Bobigny;01 99 00 00 41;"
HOME = "Foyer du fond;MECS;21 rue du Fond;93000;Bobigny;01 99 00 00 42;"
KNOWN = "Antenne lue;Association;6 rue Lue;93000;Bobigny;01 99 00 00 43;"
RENAMED = KNOWN.replace("Antenne", "Permanence")
LEFT = "Local parti;Association;22 rue du Fond;93000;Bobigny;;"
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
ACTORS = "/gestion/acteurs"
ROOMS = ("/gestion", "/connexion", "/depot", "/pro")
FREE, OTHER, NOWHERE = "Association libre", "CRIP d'exemple", "/gestion/rien"
# Asked for by a script, or one itself; where a provider or mail leads; where no script may run.
PARTS = frozenset({
    *("/gestion/acteurs/horaires", "/gestion/competence/carte.js"),
    *("/gestion/couverture/contours.geojson", "/gestion/couverture/carte.js"),
    "/gestion/etat-des-lieux/{code}/{jour}/etat-des-lieux.pdf",
    "/gestion/lettres/{month}/apercu",
    *("/pro/ressources.csv", "/pro/ressources.ris", "/pro/ressources/{resource_id}/citation.ris"),
    *("/connexion/proconnect", "/connexion/proconnect/retour", "/connexion/proconnect/code"),
    *("/connexion/invitation/{token}/proconnect", "/connexion/agenda/{token}.ics"),
})  # fmt: skip
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


def asked_of_itself(lists: Lists, name: str) -> str:
    """The token by which an actor confirms its own sheet."""
    now = datetime.now(UTC)
    with write(lists.databases.staff) as session:
        actor = select(Actor.id).where(Actor.name == name).scalar_subquery()
        due = update(ActorProtected).where(ActorProtected.actor_id == actor)
        session.execute(due.values(due_on=now.date()))
    with write(lists.databases.staff) as session:
        (actor_id,) = session.scalars(select(Actor.id).where(Actor.name == name))
        asked_now = asking.ask(session, lists.vault, actor_id, now, now.date())
    assert asked_now is not None
    return asked_now.token


def asked_for_access(lists: Lists) -> str:
    """The token by which somebody says that they ask for an account."""
    who = {"name": "Sacha", "mail": "sacha@example.org", "function": "Éducateur"}
    asked = AccessAsked(**who, organisation="Exemple", territory="93")
    with write(lists.databases.staff) as session:
        requests.add(session, lists.vault, asked, now := datetime.now(UTC))
        found = requests.ask(session, lists.vault, requests.to_ask(session, now)[0], now)
    return found[1] if found else ""


def code_link(curateur: Browser, page: str) -> str:
    """The token of a link that shows an operator's code."""
    shown = curateur.post(page, {"code": str(uuid4()), "qui": "Direction"}).text
    (token,) = re.findall(r"/connexion/code/([\w-]{43})", shown)
    return str(token)


def beside_and_asked(lists: Lists, curateur: Browser) -> tuple[str, ...]:
    """Pages of a list that hides somebody beside its home, opened by name, and of its source, which
    is to be asked about somebody whom the list misses.
    """
    lists.applied(curateur, BESIDE, LEFT, source="Voisine")
    page = lists.sent(curateur, BESIDE, HOME, source="Voisine")
    assert curateur.post(f"{page}/a-cote").status_code == 303
    lists.answer(curateur, page, "plus-tard.tous", query="?resultat=missing")
    with read(lists.databases.staff) as session:
        source = session.get_one(SourceFile, UUID(page.rpartition("/")[2])).source_id
    return page, f"/gestion/sources/{source}", "/gestion/sources?etat=demandes"


def with_maps(curateur: Browser, base: str) -> tuple[str, str]:
    """Id of a registered map, and the page where another one is looked at."""
    code, embed_id = f"{base}/integration/93", new_embed_id()
    sent = {"code": code, "carte": embed_id, "nom": "Exemple", "sites": "https://www.exemple.fr"}
    assert curateur.post("/gestion/cartes", sent).status_code == 303
    return embed_id, f"/gestion/cartes/nouvelle?code={code}"


def with_views(lists: Lists, embed_id: str) -> None:
    """Views of yesterday: of a page and of a map, and a search that nobody answered."""
    cells = [
        ("fiche", "93", "", ""),
        ("carte", "", "", embed_id),
        ("sans_resultat", "93", "age", ""),
    ]
    day = paris_day() - timedelta(days=1)
    with write(lists.databases.staff) as session:
        for page, code, facet, embed in cells:
            names = {"territory_code": code, "facet": facet, "embed_id": embed, "count": 9}
            session.add(PageView(day=day, is_rest=False, page=page, **names))


def with_a_doubt(lists: Lists, curateur: Browser) -> tuple[str, str]:
    """Page of a list that waits, and the id of its line that may be a known actor."""
    lists.applied(curateur, KNOWN, source="Lue")
    page = lists.sent(curateur, ASE, SHELTER, ODD, RENAMED, source="Lue")
    found = re.search(r"/relire/([0-9a-f-]{36})/comparer", curateur.get(f"{page}/relire").text)
    assert found
    return page, found[1]


def with_resources(lists: Lists) -> dict[str, str]:
    """Ids of a published sheet, of a collection that has it, and of a catalogue that waits."""
    sheet = made(lists.runtime, Form.SHEET, title="Fiche d’exemple")
    held_one(lists.runtime, title="Retenue", summary=NAMES_HOME)
    now, title = datetime.now(UTC), "Rapport d’exemple"
    catalogue = json.dumps({"documents": [{"titre": title, "type": "rapport"}]}).encode()
    with write(lists.databases.staff) as session:
        public_id = public_id_of(session, sheet)
        by = (session, lists.vault, OF_CURATEUR, WRITER)
        collection = collections.create(*by, "Retour de fugue")
        entries = (collections.Entry(public_id, "à lire d’abord"),)
        wanted = collections.Wanted("Retour de fugue", "Exemple.", published=True, entries=entries)
        collections.change(*by, collection, wanted)
        planned = plan(*by, catalogue, "catalogue.json", now, max_bytes=100_000)
    ids = {"collection": collection, "import_id": str(planned)}
    return ids | {"resource_id": public_id, "slug": "lue"}


@pytest.fixture(scope="module")
def pages(lists: Lists) -> Pages:
    ids, pair = listed(lists)
    free, shut, opened = (
        f"{ACTORS}/{ids[name]}" for name in (FREE, "Foyer fictif", "Foyer ouvert")
    )
    people: dict[Role | None, Browser] = {role: lists.signed_in(role) for role in Role}
    people[None] = lists.browser()
    curateur = people[Role.CURATEUR]
    checked, line = with_a_doubt(lists, curateur)
    applied = lists.applied(curateur, CRIP, source="Appliquée")
    ways = beside_and_asked(lists, curateur)
    embed_id, looked_at = with_maps(curateur, ORIGIN)
    with_views(lists, embed_id)
    written(lists.runtime, Words("**Bonjour** à tous."))
    met, meets = with_meetings(people[Role.REFERENT_ETAT], people[Role.PROFESSIONNEL])
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
        "line_id": line,
        "proposal_id": str(pair),
        "source_id": str(file.source_id),
        "file_id": str(file.id),
        "account_id": str(person.id),
        "link": asked,
        "embed_id": embed_id,
        "code": "93",
        "jour": meets,
        "event_id": announced(lists.runtime),
        "month": MONTH,
        **joined_by(people[Role.PROFESSIONNEL]),
    } | with_resources(lists)
    tokens = {"/connexion/invitation/{token}": invitation, "/depot/{token}": link}
    tokens["/connexion/fiche/{token}"] = asked_of_itself(lists, OTHER)
    tokens["/connexion/demande/{token}"] = asked_for_access(lists)
    tokens["/connexion/inscription/{token}"] = link_to_come(lists.runtime)
    tokens["/connexion/code/{token}"] = code_link(curateur, f"{free}/operateur")
    of_one = f"{ACTORS}/{{public_id}}"
    after = {f"{of_one}/comparer": "?de=1&a=2", f"{of_one}/recu": f"?fichier={file.id}&ligne=6"}
    after["/pro/alertes/nouvelle"] = "?de=/table"
    otherwise = (shut, opened, f"{opened}/lever", f"{opened}/modifier", applied, looked_at, *ways)
    more: list[Address] = [
        *((Role.CURATEUR, each) for each in (*otherwise, f"{applied}/defaire", waits, NOWHERE)),
        *((role, "/gestion") for role in (Role.REFERENT_ETAT, Role.ADMINISTRATEUR)),
        (Role.REFERENT_ETAT, f"{ACTORS}/{ids[OTHER]}"),
        (Role.REFERENT_DEPARTEMENT, ACTORS),
        *((Role.REFERENT_ETAT, f"/gestion/etat-des-lieux/93/{day}") for day in (met, meets)),
        (Role.REFERENT_DEPARTEMENT, "/gestion/couverture"),
        (Role.CURATEUR, "/gestion/couverture?fonction=ecoute"),
        (Role.PROFESSIONNEL, "/gestion/compte"),
        (None, f"/connexion/inscription/{link_to_come(lists.runtime, comes=True)}"),
    ]
    return Pages(lists, people, values, tokens, after, more)


@contextmanager
def windows(chromium: Chromium, pages: Pages, *, script: bool) -> Iterator[dict[Role | None, Page]]:
    """Open a window of each role: a new one for each page would read all scripts anew."""
    base = str(pages.lists.client.base_url).replace("127.0.0.1", "localhost")
    found = {}
    for role, browser in pages.people.items():
        context = chromium.new_context(base_url=base, java_script_enabled=script)
        if token := browser.cookies.get(COOKIE):
            context.add_cookies([
                {"name": COOKIE, "value": token, "domain": "localhost", "path": "/", "secure": True}
            ])  # fmt: skip
        found[role] = context.new_page()
    yield found
    for page in found.values():
        page.context.close()


# What people act on, where Tab does not lead.
SKIPPED = """[...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter(each => each.checkVisibility() && !each.disabled && each.tabIndex < 0)
    .filter(each => !each.closest("[aria-hidden=true]"))
    .map(each => each.outerHTML)"""


def with_script(page: Page, size: ViewportSize) -> Iterator[str]:
    """Yield what is wrong with a page at one width, and what the keyboard does not reach."""
    yield from page.evaluate(SKIPPED)
    for each in (DESK, PHONE):
        page.set_viewport_size(each)
        if page.evaluate("document.documentElement.scrollWidth - innerWidth") > 0:
            yield f"{each['width']}: scrolls sideways"
    page.evaluate(AXE.read_text("utf-8"))
    page.set_viewport_size(size)
    yield from page.evaluate(RUN_AXE, {})


def without_script(page: Page, _: ViewportSize) -> Iterator[str]:
    """Yield what of a page does nothing without a script."""
    for each in page.locator("button[type=button]:visible, a[href^='#']:visible").all():
        target = each.get_attribute("href") or ""
        if not target or not page.locator(target).count():
            yield each.inner_text() or each.get_attribute("class") or "a button"


@pytest.mark.parametrize("faults_of", [with_script, without_script])
def test_no_page_has_a_fault(
    chromium: Chromium, pages: Pages, faults_of: Callable[[Page, ViewportSize], Iterator[str]]
) -> None:
    faults: dict[str, list[str]] = {}
    with windows(chromium, pages, script=faults_of is with_script) as opened:
        for seen, (role, address) in enumerate(pages.all()):
            page = opened[role]
            page.set_viewport_size(DESK)
            status = getattr(page.goto(address), "status", 0)
            # At one width in turn: to look for faults takes most of the time.
            wrong = list(faults_of(page, (DESK, PHONE)[seen % 2]))
            if status != (404 if address == NOWHERE else 200):
                wrong.append(f"answers {status}")
            if wrong:
                faults[address] = wrong
    assert faults == {}, "\n".join(f"{key}: {each}" for key, each in faults.items())
    assert seen > 45
