"""The desk in this process: what it finds among sealed records, and how long a form takes to save.

Each figure is of a whole request, from the application's door to the last byte of its answer.
"""

import gc
import re
from asyncio import Runner
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from time import time_ns
from uuid import UUID

import httpx
from psycopg import Connection
from sqlalchemy import select

from app.accounts import people, sessions
from app.audit.journal import Author
from app.desk.application import create_desk
from app.desk.shell.gate import COOKIE, HOME
from app.gazetteer.load import cached_gazetteer
from app.models import Actor, Role
from app.platform.cluster.server import Cluster
from app.platform.database.engines import Databases, make_engine, role
from app.platform.database.sessions import read, write
from app.records.entered import shown
from app.records.known_causes import WHYS
from app.records.opening import note_opening
from app.records.sheets import last_revision
from app.records.true_names import NAMES
from app.records.viewing import see
from app.runtime.addresses import DATABASE
from app.vault.sealing import Vault, parse_keys
from app.visibility import OPERATOR
from bench.database import connect
from bench.setting import KEYS, SEALED, settings
from bench.tools import BenchFailed, Measure, Work, figure_at_most, p95, timed, without_aim

FOUND = "true_names_of_20000_p95_milliseconds"
FOUND_COLD = "true_names_of_20000_first_time_p95_milliseconds"
FOUND_AIM_MS = 500.0
SAVED = "form_saved_p95_milliseconds"
SAVED_AIM_MS = 200.0
LIST = f"{HOME}/acteurs"
ORIGIN = "https://bureau.invalid"
SEARCHES = (
    "",
    "?q=lilas+mer",
    "?q=foyer+absent",
    "?cause=categorie",
    "?tri=territoire&page=2",
    "?q=rose&cause=categorie&page=2",
)
WARM, COLD, SAVES = 12, 6, 20
# The same words among names in clear, which the desk may not have.
IN_CLEAR = """
SELECT public_id, name FROM actor
WHERE folded LIKE '%%lilas%%' OR folded LIKE '%%lieu%%' ORDER BY folded, id LIMIT 50
"""
WRITTEN = "UPDATE actor SET updated_at = now() WHERE id = %s"


@dataclass(frozen=True, slots=True)
class Browser:
    """Asks the application, one request after the other."""

    runner: Runner
    client: httpx.AsyncClient

    def get(self, path: str) -> httpx.Response:
        return self.runner.run(self.client.get(path))

    def post(self, path: str, data: Mapping[str, str]) -> httpx.Response:
        return self.runner.run(self.client.post(path, data=data))


def desk(cluster: Cluster) -> Iterator[Measure]:
    """Measure searches beside one of names in clear by SQL, and saves beside a bare UPDATE."""
    vault = parse_keys(KEYS)
    with (
        signed_in(cluster, vault, SEALED) as (browser, databases, author),
        connect(cluster, cluster.superuser, SEALED) as owner,
    ):
        plain = _plain(owner)
        warm = [search(browser, query) for query in islice(cycle(SEARCHES), WARM)]
        [turns] = timed(warm, [plain] * WARM, p95)
        yield figure_at_most(FOUND, turns, FOUND_AIM_MS)
        cold = [_first(browser, query) for query in islice(cycle(SEARCHES), COLD)]
        [turns] = timed(cold, [plain] * COLD, p95)
        # Nobody waits for it: a process opens all of it when it starts.
        yield without_aim(FOUND_COLD, turns)
        savers = _savers(browser, databases, vault, author)
        written = [_write(owner, actor_id) for actor_id in savers]
        [turns] = timed(list(savers.values()), written, p95)
        yield figure_at_most(SAVED, turns, SAVED_AIM_MS)


@contextmanager
def signed_in(
    cluster: Cluster, vault: Vault, name: str
) -> Iterator[tuple[Browser, Databases, Author]]:
    """Yield what a curateur's browser is, who just came in, behind no proxy."""
    urls = [cluster.url(role(DATABASE, login), name) for login in ("staff", "public")]
    databases = Databases(*map(make_engine, urls))
    given = {"desk_url": ORIGIN, "access_log": False}
    app = create_desk(settings().model_copy(update=given), databases, vault)
    now = datetime.now(UTC)
    with write(databases.staff) as session:
        mail = f"{now.timestamp()}@example.org"
        account = people.create(
            session,
            vault,
            mail=mail,
            name="Camille Exemple",
            role=Role.CURATEUR,
            territories=[],
            by="os:bench",
        )
        token = sessions.open_session(
            session, vault, account, "password", device="", network=b"", now=now
        )
        author = Author(str(account.id), Role.CURATEUR.value)
    headers = {"Accept": "text/html", "Origin": ORIGIN, "Cookie": f"{COOKIE}={token}"}
    # What stays is not looked through for garbage, as where the service runs.
    gc.collect()
    gc.freeze()
    with Runner() as runner:
        transport = httpx.ASGITransport(app)
        client = httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers)
        yield Browser(runner, client), databases, author
        runner.run(client.aclose())
    gc.unfreeze()
    databases.dispose()


def _plain(owner: Connection) -> Work:
    return lambda: owner.execute(IN_CLEAR, prepare=True).fetchall()


def search(browser: Browser, query: str, path: str = LIST) -> Work:
    """Return what asks for a page and its query."""

    def work() -> None:
        answer = browser.get(path + query)
        if answer.status_code != 200:
            raise BenchFailed(f"{query} : {answer.status_code}.")

    return work


def _first(browser: Browser, query: str) -> Work:
    """Return a search by a process that has opened nothing yet."""
    warm = search(browser, query)

    def work() -> None:
        NAMES.forget()
        WHYS.forget()
        warm()

    return work


@dataclass
class Saver:
    """Corrects one actor by its form, each time something else of it."""

    browser: Browser
    public_id: str
    entered: dict[str, str]
    revision: int

    def __call__(self) -> None:
        """Send the form; everything in it is as the page would show it."""
        now = f"{time_ns() // 1000:08}"
        changes = (
            {"description": f"Accueil fictif, vérifié {now}."},
            {"phones": f"+339{now[-8:]}"},
            {"address": f"{now} rue Fictive"},
        )
        self.entered |= changes[self.revision % len(changes)]
        sent = {**self.entered, "based_on": str(self.revision)}
        answer = self.browser.post(f"{LIST}/{self.public_id}/modifier", data=sent)
        if answer.status_code != 303 or "fait=enregistre" not in answer.headers["location"]:
            said = re.search(r"<h1>([^<]*)", answer.text)
            raise BenchFailed(f"Enregistrer : {answer.status_code} {said and said[1]}.")
        self.revision += 1


def _savers(
    browser: Browser, databases: Databases, vault: Vault, author: Author
) -> dict[UUID, Saver]:
    """Return who saves which actors, half of them hidden and open to whoever saves them."""
    halves = (Actor.protected, ~Actor.protected)
    found = {}
    with read(databases.staff) as session:
        gazetteer = cached_gazetteer(session.connection())
        for half in halves:
            some = select(Actor.id).where(half).order_by(Actor.id).limit(SAVES // 2)
            for each in see(session, vault, OPERATOR, Actor.id.in_(some)):
                entered = shown(each.record, gazetteer)
                number = last_revision(session, each.actor_id)
                found[each.actor_id] = Saver(browser, each.public_id, entered, number)
    for actor_id in found:
        note_opening(databases.staff, vault, author, actor_id)
    return found


def _write(owner: Connection, actor_id: UUID) -> Work:
    return lambda: owner.execute(WRITTEN, [actor_id], prepare=True)
