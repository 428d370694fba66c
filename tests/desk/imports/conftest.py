"""The desk, and a worker in this process that does what waits in the queue."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import Engine, func, select, text

from app.jobs import depositing, undoing
from app.models import Actor, Deposit, Role
from app.models.job import Job
from app.platform.database.sessions import read, write
from app.records.viewing import see
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from tests.desk.bureau import ORIGIN, Browser, Bureau, Person
from tests.short_lists import csv

HERE = "/gestion/imports"
EVERYTHING = {"reste": "true", "effacer": "true"}
TASKS = {Job.CHECK: depositing.check, Job.APPLY: depositing.apply, Job.UNDO: undoing.undo}
_TAKE = text(
    "UPDATE jobs.procrastinate_jobs SET status = 'doing', lock = NULL"
    " WHERE task_name = ANY(:names) AND status = 'todo' RETURNING task_name, args, id"
)
_END = text("DELETE FROM jobs.procrastinate_jobs WHERE id = ANY(:ids)")


def seen_in(text: str) -> str:
    """Return since when a list was ready, as the forms of its page say it."""
    found = re.search(r'name="vu" value="([^"]+)"', text)
    return found[1].replace("&#43;", "+") if found else "2026-01-01T00:00:00+00:00"


def form_of(browser: Browser, page: str) -> dict[str, str]:
    """Return what the form that applies a list says of it, without its boxes; as if nobody had
    decided of it where the page has none.
    """
    text = browser.get(page).text
    found = dict(re.findall(r'name="(decisions|depuis)" value="([^"]*)"', text))
    given = {name: value.replace("&#43;", "+") for name, value in found.items()}
    return {"vu": seen_in(text), "decisions": sha256().hexdigest()} | given


@contextmanager
def waiting(engine: Engine) -> Iterator[list[tuple[str, UUID]]]:
    """Take the jobs of lists that wait, in their order; they run until the block ends."""
    with write(engine) as session:
        rows = session.execute(_TAKE, {"names": [each.value for each in TASKS]}).all()
    try:
        yield [
            (name, UUID(each))
            for name, args, _ in sorted(rows, key=lambda row: row.id)
            for each in (args if isinstance(args, dict) else json.loads(args))["ids"]
        ]
    finally:
        with write(engine) as session:
            session.execute(_END, {"ids": [row.id for row in rows]})


@dataclass
class Lists(Bureau):
    """A desk to which lists are sent."""

    @property
    def runtime(self) -> Runtime:
        return Runtime(self.settings, self.databases, self.vault, "", None)

    def work(self) -> None:
        """Do what waits, as the worker does."""
        while True:
            with waiting(self.databases.staff) as jobs:
                for name, deposit in jobs:
                    TASKS[Job(name)](self.runtime, deposit)
            if not jobs:
                return

    def send(
        self,
        browser: Browser,
        data: bytes | tuple[str, ...],
        *,
        name: str = "liste.csv",
        **given: str,
    ) -> httpx.Response:
        """Send the form that takes a list."""
        content = csv(*data) if isinstance(data, tuple) else data
        fields = {"source": "Liste 93", "territoire": "93", "portee": "complete"} | given
        headers = {"Origin": ORIGIN}
        return browser.ask("POST", HERE, headers, data=fields, files={"fichier": (name, content)})

    def sent(self, browser: Browser, *lines: str, **given: str) -> str:
        """Send lines, let the worker read them; return the address of their page."""
        answer = self.send(browser, lines, **given)
        assert answer.status_code == 303, answer.text
        self.work()
        return answer.headers["location"].partition("?")[0]

    def apply(self, browser: Browser, page: str, **given: str) -> httpx.Response:
        """Accept all that is left, and apply it as the page offers it now."""
        return browser.post(f"{page}/appliquer", data=form_of(browser, page) | EVERYTHING | given)

    def answer(
        self, browser: Browser, page: str, deed: str, /, *, query: str = "", **given: object
    ) -> httpx.Response:
        """Decide of lines as their page offers it now. query: what narrows them."""
        where = f"{page}/relire{query}"
        data = {"geste": deed, "vu": seen_in(browser.get(f"{page}/relire").text)} | given
        return browser.post(where, data=data)

    def applied(self, browser: Browser, *lines: str, **given: str) -> str:
        """Send lines and apply them; return the address of their page."""
        page = self.sent(browser, *lines, **given)
        assert self.apply(browser, page, verifie="true").status_code == 303
        self.work()
        assert self.state(page) == "applied"
        return page

    def undo(self, browser: Browser, page: str) -> httpx.Response:
        """Undo a list as its page offers it now."""
        seen = seen_in(browser.get(f"{page}/defaire").text)
        answer = browser.post(f"{page}/defaire", data={"vu": seen})
        self.work()
        return answer

    def stored(self, page: str) -> Deposit:
        with read(self.databases.staff) as session:
            return session.get_one(Deposit, UUID(page.rpartition("/")[2]))

    def state(self, page: str) -> str:
        return self.stored(page).state

    def content(self, page: str) -> dict[str, Any]:
        each = self.stored(page)
        assert each.content is not None
        opened = self.vault.open_json("deposit", each.file_id, "content", each.content)
        assert isinstance(opened, dict)
        return opened

    def actors(self) -> dict[str, str]:
        """True name -> what became of it in the public record, where it is not archived."""
        with read(self.databases.staff) as session:
            seen = list(see(session, self.vault, OPERATOR))
            rows = dict(session.execute(select(Actor.id, Actor.status)).all())
        return {each.record.name: rows[each.actor_id] for each in seen}


def count(lists: Lists, model: type) -> int:
    with read(lists.databases.staff) as session:
        return session.scalars(select(func.count()).select_from(model)).one()


@pytest.fixture(scope="module")
def lists(bureau: Bureau) -> Lists:
    """What a test changes stays changed for the tests of its module."""
    return Lists(**vars(bureau))


@pytest.fixture
def referent(lists: Lists) -> Person:
    """A référent du Département."""
    return lists.enrolled(Role.REFERENT_DEPARTEMENT)


@pytest.fixture
def browser(lists: Lists, referent: Person) -> Browser:
    """The browser of that référent."""
    return lists.signed_in_as(referent)
