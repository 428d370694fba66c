"""How somebody comes to have the letter: by the form, a mail, and its link."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from uuid import uuid4

import httpx
from pydantic import SecretStr
from sqlalchemy import delete, select, text

from app.inbox import access_form
from app.inbox.message import LetterAsked
from app.inbox.opening import link_signer, publish_key
from app.inbox.putting import put, read_lock
from app.jobs.welcoming import welcome
from app.main import create_app
from app.models import LetterSubscriber
from app.platform.database.sessions import read, write
from app.platform.mail.links import Aim, Link, signed
from app.runtime.staff import Runtime
from tests.mailbox import mail_server
from tests.serving import serving

ORIGIN = "http://carte.example.org"
LINK = re.compile(rf"{ORIGIN}(/lettres/\S+)")


@dataclass
class Clock:
    """The moment it is; a test moves it."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Post:
    """Public pages, the worker, and the mailboxes of whoever subscribes."""

    client: httpx.Client
    clock: Clock
    runtime: Runtime

    def ask(self, mail: str = "") -> str:
        """Ask for the letter as the form does; return the address."""
        mail = mail or f"{uuid4().hex[:10]}@example.org"
        with read(self.runtime.databases.public) as session:
            lock = read_lock(session)
        assert lock is not None
        assert self.runtime.databases.inbox is not None
        with write(self.runtime.databases.inbox) as session:
            put(session, lock, f"net {uuid4()}", LetterAsked(mail=mail))
        with write(self.runtime.staff) as session:
            moved = text("UPDATE inbox_message SET received_at = :now")
            session.execute(moved, {"now": self.clock.at})
        return mail

    def forget_all(self) -> None:
        """Have nobody subscribed, and nothing asked by links."""
        with write(self.runtime.staff) as session:
            session.execute(delete(LetterSubscriber))
            session.execute(text("DELETE FROM mail_act"))

    def mails(self) -> list[EmailMessage]:
        """The mails of one round of the worker, which does first what was asked by links."""
        with mail_server() as (box, port):
            smtp = SecretStr(f"smtp://127.0.0.1:{port}")
            settings = self.runtime.settings.model_copy(update={"smtp_url": smtp})
            welcome(replace(self.runtime, settings=settings), self.clock.at)
        return box.received

    def press(self, link: str, **given: str) -> httpx.Response:
        """Press a button of a page of ours."""
        headers = {"Origin": ORIGIN, "Accept": "text/html"}
        return self.client.post(link, data=given, headers=headers)

    def subscribed(self, **wish: str) -> LetterSubscriber:
        """Somebody who asked, confirmed, and has the letter; return who."""
        self.ask()
        (asked,) = self.mails()
        assert self.press(link_of(asked), reponse="oui", **wish).status_code == 200
        assert self.mails() == []
        return max(self.rows(), key=lambda row: row.confirmed_at or row.wanted_at)

    def leaving(self, subscriber: LetterSubscriber) -> str:
        """The link of a letter to somebody."""
        with write(self.runtime.staff) as session:
            key = link_signer(session, self.runtime.vault)
        return f"/lettres/quitter/{signed(key, Link(Aim.LEAVE, subscriber.id))}"

    def rows(self) -> list[LetterSubscriber]:
        with read(self.runtime.staff) as session:
            return list(session.scalars(select(LetterSubscriber)))

    def pass_by(self, **time: float) -> None:
        self.clock.at += timedelta(**time)


@contextmanager
def posting(runtime: Runtime) -> Iterator[Post]:
    """Serve public pages of a service that knows its address."""
    settings = runtime.settings.model_copy(update={"public_url": ORIGIN, "rate_limit": 0})
    runtime = replace(runtime, settings=settings)
    with write(runtime.staff) as session:
        publish_key(session, runtime.vault)
        access_form.keep_open(session, datetime.now(UTC) + timedelta(days=30))
    app = create_app(settings, runtime.databases)
    clock = Clock()
    app.state.site = replace(app.state.site, now=clock)
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield Post(client, clock, runtime)


def link_of(mail: EmailMessage) -> str:
    """The link of a mail that asks."""
    (found,) = LINK.findall(mail.get_content())
    return str(found)
