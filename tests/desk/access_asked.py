"""Requests for an access as public pages and links make them, and the mails of the worker."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from uuid import UUID, uuid4

from pydantic import BaseModel, SecretStr
from sqlalchemy import delete, func, select

from app.accounts import people
from app.accounts.request_caps import counted_by
from app.inbox.message import AccessAsked
from app.inbox.opening import publish_key
from app.inbox.putting import put, read_lock
from app.jobs.welcoming import welcome
from app.models import AccessForm, AccessMail, AccessRequest, Account
from app.platform.database.sessions import read, write
from tests.desk.asked import runtime
from tests.desk.bureau import ORIGIN, Browser, Bureau, Person
from tests.mailbox import mail_server

PAGE = "/gestion/demandes"
# Nobody is référent there.
ALONE = "2A"


def asked(bureau: Bureau, **other: str) -> str:
    """Put a request into the inbox as public pages do; return its mail address."""
    given = {"name": "Sacha Exemple", "mail": f"{uuid4().hex[:10]}@example.org", "siret": "x"}
    given |= {"organisation": "Association <b>", "function": "Éducateur", "territory": "93"}
    message = AccessAsked.model_validate(given | other)
    put_message(bureau, message)
    return message.mail


def put_message(bureau: Bureau, message: BaseModel) -> None:
    """Put what a visitor wrote into the inbox, from a network of its own."""
    with write(bureau.databases.staff) as session:
        publish_key(session, bureau.vault)
    with read(bureau.databases.public) as session:
        lock = read_lock(session)
    assert lock is not None
    assert bureau.databases.inbox is not None
    with write(bureau.databases.inbox) as session:
        put(session, lock, f"net {uuid4()}", message)


def mails(bureau: Bureau, **settings: Any) -> list[EmailMessage]:
    """The mails of one round of the worker."""
    with mail_server() as (box, port):
        given = {"smtp_url": SecretStr(f"smtp://127.0.0.1:{port}"), **settings}
        welcome(runtime(bureau, **given), bureau.clock.at)
    return box.received


def link_of(mail: EmailMessage) -> str:
    (found,) = re.findall(rf"{ORIGIN}(/connexion/demande/\S+)", mail.get_content())
    return str(found)


def confirmed(bureau: Bureau, **other: str) -> UUID:
    """A request whose address was confirmed; return its id."""
    mail = asked(bureau, **other)
    (sent,) = mails(bureau)
    answer = bureau.browser().post(link_of(sent), data={"reponse": "oui"})
    assert answer.status_code == 200
    with read(bureau.databases.staff) as session:
        mailbox = counted_by(session, bureau.vault, mail).mailbox
        own = AccessRequest.mailbox == mailbox
        return session.scalars(select(AccessRequest.id).where(own)).one()


def count(bureau: Bureau) -> int:
    with read(bureau.databases.staff) as session:
        return session.scalars(select(func.count()).select_from(AccessRequest)).one()


def approve(browser: Browser, number: UUID, **other: str) -> Any:
    given = {"reponse": "approuver", "motif": "Appelé au standard."}
    given |= {"organisation": "Association <b>", "fonction": "Éducateur", "siret": ""}
    return browser.post(f"{PAGE}/{number}", data=given | other)


def letters(bureau: Bureau) -> str:
    """All that was sent where no server is set, as it is read."""
    files = (bureau.settings.data_dir / "mail").glob("*.eml")
    found = [message_from_bytes(each.read_bytes(), policy=policy.default) for each in files]
    return "\n".join(f"{each['To']}\n{each.get_content()}" for each in found)


def made(bureau: Bureau, by: Person) -> people.Person:
    """The account that somebody approved."""
    with read(bureau.databases.staff) as session:
        approved = select(Account).where(Account.approved_by == str(by.id))
        return people.read_person(bureau.vault, session.scalars(approved).one())


def forget_all(bureau: Bureau) -> None:
    with write(bureau.databases.staff) as session:
        for model in (AccessRequest, AccessMail, AccessForm):
            session.execute(delete(model))
