"""What people do in the room of resources, and what its pages say."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import select

from app.desk.resources.entered import entered
from app.jobs.cataloguing import carry_out
from app.models import AuditEntry, Resource, ResourceRecord, Role
from app.platform.database.sessions import read
from app.resources.content import Content
from app.runtime.staff import Runtime
from tests.desk.bureau import Browser, Bureau
from tests.resource_contents import document

HERE = "/gestion/ressources"
HELD = f"{HERE}/retenues"
# Of the home that the list of these tests hides.
NAMES_HOME = "Rendez-vous au 10 rue Cachée, à Bobigny."


@dataclass
class Room:
    """The room of resources, at a desk."""

    bureau: Bureau
    runtime: Runtime

    def curateur(self) -> Browser:
        return self.bureau.signed_in(Role.CURATEUR)

    def referent(self) -> Browser:
        return self.bureau.signed_in(Role.REFERENT_DEPARTEMENT)

    def written(self, browser: Browser, content: Content | None = None, what: str = "") -> str:
        """Write a resource; return the address of its page."""
        content = content or document()
        answer = browser.post(
            f"{HERE}/nouvelle?genre={content.form.value}", sent(content, what=what)
        )
        return page_of(answer)

    def published(self, content: Content) -> str:
        """Write a resource and publish it, each by another curateur; return its page."""
        page = self.written(self.curateur(), content)
        assert "fait=publie" in publish(self.curateur(), page).headers["location"]
        return page

    def carried_out(self, page: str) -> None:
        """Do what was asked of a catalogue, by its page, as the worker does."""
        carry_out(self.runtime, UUID(id_of(page)), self.bureau.clock.at)

    def is_read(self, page: str) -> bool:
        """Say whether readers have a resource, by the address of its page at the desk."""
        with read(self.bureau.databases.staff) as session:
            wanted = Resource.public_id == id_of(page)
            return session.scalar(select(Resource.edition).where(wanted)) is not None

    def status(self, page: str) -> str:
        with read(self.bureau.databases.staff) as session:
            wanted = ResourceRecord.public_id == id_of(page)
            return session.scalars(select(ResourceRecord.status).where(wanted)).one()

    def noted(self) -> str:
        """Return which action the journal noted last."""
        with read(self.bureau.databases.staff) as session:
            newest = select(AuditEntry.action).order_by(AuditEntry.number.desc()).limit(1)
            return session.scalars(newest).one()


def sent(content: Content, **others: Any) -> dict[str, Any]:
    """Return what the form of a content sends; others: in the place of what it shows."""
    return {name: list(values) for name, values in entered(content).items()} | others


def page_of(answer: httpx.Response) -> str:
    """Return the page of a resource that was just saved."""
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


def id_of(page: str) -> str:
    return page.rpartition("/")[2]


def publish(browser: Browser, page: str, version: int = 1) -> httpx.Response:
    answer = browser.post(f"{page}/publier", {"version": str(version)})
    assert answer.status_code == 303, answer.text
    return answer


def words(answer: httpx.Response, status: int = 200) -> str:
    """What a page says, without its elements."""
    assert answer.status_code == status, answer.text
    main = answer.text.split("<main")[1]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def held_of(browser: Browser, title: str) -> str:
    """Return the address at which somebody decides of the held text of a title."""
    row = next(
        each for each in browser.get(HELD).text.split('<li class="desk-task') if title in each
    )
    found = re.search(rf"{HELD}/[0-9a-f-]+/decider", row)
    assert found
    return found[0]
