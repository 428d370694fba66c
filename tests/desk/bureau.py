"""The desk, its clock, and people who come to its door."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import httpx
import pyotp
from fastapi import FastAPI
from sqlalchemy.orm import Session

from app.accounts import codes, inviting, passwords, people, professionals, sessions
from app.accounts.professionals import Practice
from app.desk.shell.gate import COOKIE
from app.models import Account, Role
from app.platform.database.engines import Databases
from app.platform.database.sessions import write
from app.settings import Settings
from app.vault.sealing import Vault

ORIGIN = "https://bureau.example.org"
PASSWORD = "cheval agrafe batterie correct"
TERRITORIES = {
    Role.REFERENT_DEPARTEMENT: ["93"],
    Role.REFERENT_ETAT: ["93", "75"],
    Role.PROFESSIONNEL: ["93"],
}


def account_of(
    session: Session,
    vault: Vault,
    role: Role,
    mail: str,
    territories: Iterable[str],
    now: datetime | None = None,
) -> Account:
    """Somebody new of a role, as whoever makes or approves their account gives it."""
    given: dict[str, Any] = {"mail": mail, "name": "Camille Exemple", "by": "os:test"}
    if role is Role.PROFESSIONNEL:
        given["practice"] = Practice(
            organisation="Association d’exemple",
            function="Éducatrice",
            siret="110 000 015 00014",
            reason="Connue de la CRIP.",
        )
        given |= {"territories": territories, "now": now or datetime.now(UTC)}
        return professionals.create(session, vault, **given)
    return people.create(session, vault, role=role, territories=territories, **given)


@dataclass
class Clock:
    """The moment it is for the desk; a test moves it."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **time: float) -> None:
        self.at += timedelta(**time)


@dataclass
class Person:
    """Somebody with an account, and what they sign in with."""

    id: UUID
    mail: str
    role: Role
    secret: str = ""
    codes: tuple[str, ...] = ()


@dataclass
class Browser:
    """What a browser sends by way of the proxy in front, and the cookies that it was given."""

    client: httpx.Client
    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.ask("GET", path, headers)

    def post(
        self,
        path: str,
        data: Mapping[str, Any] | None = None,
        *,
        json: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        given = {"Origin": ORIGIN} if headers is None else headers
        if json is not None:
            given = {**given, "Accept": "application/json"}
        return self.ask("POST", path, given, data=data, json=json)

    def ask(
        self, method: str, path: str, headers: Mapping[str, str], **content: Any
    ) -> httpx.Response:
        sent = {
            "Accept": "text/html",
            "X-Forwarded-For": self.address,
            "X-Forwarded-Proto": "https",
            **headers,
        }
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.client.request(method, path, headers=sent, **content)
        for line in answer.headers.get_list("set-cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            if value.strip('"'):
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)
        return answer


@dataclass
class Bureau:
    """The desk, its clock, and the ways to its door."""

    app: FastAPI
    client: httpx.Client
    databases: Databases
    vault: Vault
    clock: Clock
    settings: Settings

    def browser(self, address: str = "192.0.2.10") -> Browser:
        """A browser somewhere, that sends what browsers send with a form of this site."""
        return Browser(self.client, address)

    def invited(self, role: Role = Role.CURATEUR, mail: str | None = None) -> tuple[Person, str]:
        """Somebody new, and the token of their invitation."""
        with write(self.databases.staff) as session:
            person, account = self._created(session, role, mail)
            return person, inviting.invite(session, account, "os:test", self.clock.at)

    def enrolled(self, role: Role = Role.CURATEUR, mail: str | None = None) -> Person:
        """Somebody who chose a password and an application, as their page would write it."""
        with write(self.databases.staff) as session:
            person, account = self._created(session, role, mail)
            person.secret = pyotp.random_base32()
            seal = self.vault.seal
            account.password = seal("account", person.id, "password", known_hash().encode())
            account.totp = seal("account", person.id, "totp", person.secret.encode())
            person.codes = tuple(codes.renew(session, self.vault, person.id))
        return person

    def _created(self, session: Session, role: Role, mail: str | None) -> tuple[Person, Account]:
        mail = mail or f"{uuid4().hex[:12]}@example.org"
        codes_of_role = TERRITORIES.get(role, [])
        account = account_of(session, self.vault, role, mail, codes_of_role, self.clock.at)
        return Person(account.id, mail, role), account

    def shown(self, person: Person, path: str) -> dict[str, str]:
        """What the form of an invitation's page sends; the person's application reads its key."""
        page = self.browser().get(path).text
        person.secret = page.split("<code>")[1].split("</code>")[0].replace(" ", "")
        sealed = page.split('name="sealed" value="')[1].split('"')[0]
        return {"sealed": sealed, "password": PASSWORD, "code": self.code(person)}

    def code(self, person: Person) -> str:
        """The code that an application shows now."""
        return pyotp.TOTP(person.secret).at(self.clock.at)

    def try_door(
        self, browser: Browser, person: Person, code: str | None = None, **other: str
    ) -> httpx.Response:
        """Send the form of the door."""
        given = {"mail": person.mail, "password": PASSWORD, "code": code or self.code(person)}
        return browser.post("/connexion", data={**given, **other})

    def signed_in(self, role: Role = Role.CURATEUR) -> Browser:
        """A browser in which somebody new is signed in, without the time that a password takes."""
        return self.signed_in_as(self.enrolled(role))

    def signed_in_as(self, person: Person) -> Browser:
        """A browser in which somebody is signed in."""
        browser = self.browser()
        with write(self.databases.staff) as session:
            browser.cookies[COOKIE] = sessions.open_session(
                session,
                self.vault,
                people.get(session, person.id),
                "password",
                device="Firefox Windows",
                network=b"somewhere",
                now=self.clock.at,
            )
        return browser


@cache
def known_hash() -> str:
    """The text of argon2 for PASSWORD."""
    return passwords.hash_of(PASSWORD)
