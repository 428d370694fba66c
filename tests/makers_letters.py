"""Letters, written by one and approved by another, and subscribers, as desk and links make them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

from pydantic import SecretStr
from sqlalchemy import delete, select

from app.audit.journal import Author
from app.composing import writing
from app.inbox.opening import publish_key
from app.jobs.dispatching import dispatch
from app.letters.letter import Block, Words
from app.models import Letter, LetterMail, LetterSubscriber, MailAct, Role
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime

WRITER, READER = Author("essai", Role.CURATEUR), Author("autre", Role.CURATEUR)
MONTH = "2027-03"
SITE = "https://carte.example.org"
MAIL_FROM = "envoi@carte.example.org"


def with_post(runtime: Runtime, port: int, site: str = SITE) -> Runtime:
    """The same service, that sends by a server of the test."""
    smtp = SecretStr(f"smtp://127.0.0.1:{port}")
    update = {"smtp_url": smtp, "public_url": site, "mail_from": MAIL_FROM}
    return replace(runtime, settings=runtime.settings.model_copy(update=update))


def written(runtime: Runtime, *blocks: Block, month: str = MONTH) -> None:
    """Write a letter that nobody approved yet."""
    now = datetime.now(UTC)
    with write(runtime.staff) as session:
        letter = writing.create(session, runtime.vault, WRITER, month, now)
        version = writing.version_of(letter)
        writing.change(session, runtime.vault, WRITER, letter, blocks, version, now)


def approved(runtime: Runtime, *blocks: Block, month: str = MONTH) -> None:
    """Write a letter, and have another person approve it."""
    written(runtime, *(blocks or (Words("Bonjour à toutes et à tous."),)), month=month)
    with write(runtime.staff) as session:
        letter = writing.find(session, month, lock=True)
        seen = writing.version_of(letter)
        writing.ask(session, runtime.vault, WRITER, letter, seen)
        writing.send(session, runtime.vault, READER, letter, seen, datetime.now(UTC))


def subscribed(runtime: Runtime, count: int = 1, **fields: object) -> list[tuple[UUID, str]]:
    """Some who have the letter: their id and address."""
    now, found = datetime.now(UTC), []
    with write(runtime.staff) as session:
        publish_key(session, runtime.vault)
        for _ in range(count):
            number, mail = uuid4(), f"{uuid4().hex[:12]}@example.org"
            said = {"mail": mail, "shown": "…"}
            content = runtime.vault.seal_json("letter_subscriber", number, "content", said)
            given = {"id": number, "mailbox": number.bytes, "content": content, "asked_at": now}
            given |= {"wanted_at": now, "confirmed_at": now, **fields}
            session.add(LetterSubscriber(**given))
            found.append((number, mail))
    return found


def sent(runtime: Runtime, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
    """Have the worker send what was approved."""
    dispatch(runtime, now)


def mails(runtime: Runtime) -> dict[UUID, str]:
    """What became of each mail, by subscriber."""
    with read(runtime.staff) as session:
        columns = (LetterMail.subscriber_id, LetterMail.status)
        return dict(session.execute(select(*columns)).all())


def status(runtime: Runtime, month: str = MONTH) -> str:
    with read(runtime.staff) as session:
        return session.scalars(select(Letter.status).where(Letter.month == month)).one()


def forget_all(runtime: Runtime) -> None:
    with write(runtime.staff) as session:
        models: Sequence[type] = (LetterMail, Letter, LetterSubscriber, MailAct)
        for model in models:
            session.execute(delete(model))
