"""Public pages with an inbox whose key a desk has made, over actors of each visibility."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import delete

from app.inbox import access_form
from app.inbox.message import Message
from app.inbox.opening import open_message, opener, publish_key
from app.main import create_app
from app.models import InboxMessage
from app.platform.database.sessions import write
from app.runtime.staff import Runtime
from tests.makers import add_actor
from tests.serving import serving

OPEN, NEUTRAL, ARCHIVED, ABSENT = ("a" * 16, "b" * 16, "c" * 16, "d" * 16)


@dataclass
class Clock:
    """The moment it is for public pages; a test moves it."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Visitor:
    """A browser without script, that sends what browsers send with a form of this site."""

    client: httpx.Client
    clock: Clock
    runtime: Runtime

    def page(self, actor: str = OPEN) -> httpx.Response:
        return self.client.get(f"/acteurs/{actor}/signaler")

    def send(self, actor: str = OPEN, *, after: float = 10, **fields: str) -> httpx.Response:
        shown = self.page(actor).text
        stamp = shown.split('name="vu" value="')[1].split('"')[0]
        self.clock.at += timedelta(seconds=after)
        return self.post(actor, **{"vu": stamp, "faux": "phone", "site": "", **fields})

    def post(self, actor: str = OPEN, **fields: str) -> httpx.Response:
        headers = {"Origin": str(self.client.base_url).rstrip("/"), "Accept": "text/html"}
        return self.client.post(f"/acteurs/{actor}/signaler", data=fields, headers=headers)


def received(runtime: Runtime) -> list[Message | None]:
    """What the desk can open of what came, which is taken out of the inbox."""
    with write(runtime.staff) as session:
        box = opener(session, runtime.vault)
        boxes = session.scalars(
            delete(InboxMessage).returning(InboxMessage.box, InboxMessage.received_at)
        ).all()
        return [open_message(box, each) for each in boxes]


@contextmanager
def visiting(runtime: Runtime) -> Iterator[Visitor]:
    """Serve public pages over a database of its own."""
    with write(runtime.staff) as session:
        publish_key(session, runtime.vault)
        access_form.keep_open(session, datetime.now(UTC) + timedelta(days=30))
        connection = session.connection()
        add_actor(connection, public_id=OPEN, name="Service ouvert")
        add_actor(connection, public_id=NEUTRAL, name="Lieu d’accueil – Nord", protected=True)
        add_actor(connection, public_id=ARCHIVED, name="Service archivé", status="archived")
    app = create_app(runtime.settings, runtime.databases)
    clock = Clock()
    app.state.site = replace(app.state.site, now=clock)
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield Visitor(client, clock, runtime)


@pytest.fixture(scope="module")
def visitor(module_runtime: Runtime) -> Iterator[Visitor]:
    """One for a module: the database takes twenty messages of it."""
    with visiting(module_runtime) as visitor:
        yield visitor
