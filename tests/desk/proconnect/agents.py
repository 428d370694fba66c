"""Somebody whom a provider vouches for, and what the desk answers them."""

from dataclasses import dataclass

import httpx
from sqlalchemy import select

from app.accounts import inviting, people
from app.audit.actions import Action
from app.desk.shell.gate import COOKIE as SESSION
from app.models import AuditEntry, ProviderIdentity
from app.platform.database.sessions import read, write
from tests.desk.bureau import Browser, Bureau, Person
from tests.provider import Peer

SIRET, ELSEWHERE = "11000001500014", "21930008700011"


@dataclass
class Agent:
    """Somebody whom the provider knows, and who was invited. number: of theirs there."""

    bureau: Bureau
    peer: Peer
    number: str
    person: Person
    token: str

    def says(self, acr: str = "eidas2", siret: str = SIRET) -> None:
        self.peer.person(sub=self.number, acr=acr, siret=siret)

    def leaves(self, browser: Browser, path: str) -> str:
        """The address at which one comes back from the provider."""
        answer = browser.get(path)
        assert answer.status_code == 303, answer.text
        return self.peer.sign_in(answer.headers["location"])

    def comes(self, browser: Browser, path: str = "/connexion/proconnect") -> httpx.Response:
        return browser.get(self.leaves(browser, path))

    @property
    def invitation(self) -> str:
        return f"/connexion/invitation/{self.token}"

    def linked(self) -> "Agent":
        """Linked by their invitation, with two factors there."""
        self.says()
        answer = self.comes(self.bureau.browser(), f"{self.invitation}/proconnect")
        assert answer.headers["location"] == "/pro", answer.text
        return self

    def linked_row(self) -> ProviderIdentity | None:
        with read(self.bureau.databases.staff) as session:
            return session.get(ProviderIdentity, self.person.id)

    def invited_again(self) -> None:
        with write(self.bureau.databases.staff) as session:
            account = people.get(session, self.person.id)
            self.token = inviting.invite(session, account, "os:test", self.bureau.clock.at)


def refused(answer: httpx.Response, title: str) -> None:
    """Nobody is let in: the page says why, and every other way in stands beside."""
    assert answer.status_code in {422, 429, 503}, answer.text
    assert title in answer.text
    assert SESSION not in answer.cookies
    assert "S’identifier avec ProConnect" in answer.text


def notes(bureau: Bureau, action: Action, about: str) -> list[str]:
    with read(bureau.databases.staff) as session:
        rows = session.scalars(
            select(AuditEntry).where(AuditEntry.action == action.value, AuditEntry.subject == about)
        ).all()
        return [
            str(bureau.vault.open_json("audit_entry", each.id, "detail", each.detail))
            for each in rows
        ]
