"""Invented events, written and published as the desk does."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from sqlalchemy import text

from app.accounts.people import token_digest
from app.announcing import writing
from app.announcing.content import Content
from app.audit.journal import Author
from app.models import AgendaRecord, AgendaRegistration, Role
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from app.visibility import Viewer

CURATEUR = Viewer.staff(Role.CURATEUR)
AUTHOR = Author("essai", Role.CURATEUR)
BEGINS = datetime(2027, 3, 16, 9, tzinfo=UTC)
WRITTEN, _SECONDS = datetime(2026, 12, 1, tzinfo=UTC), count()
NAMES_HOME = "Rendez-vous au 10, rue Cachée."
LINK = "https://visio.exemple.fr/salle-sentinelle"


def event_of(**fields: Any) -> Content:
    """A webinar for all of France, as the fields change it."""
    given: dict[str, Any] = {
        "form": "webinaire",
        "title": "Repérer et orienter",
        "text": "Une heure pour **comprendre**.",
        "begins_at": BEGINS,
        "zone": "Europe/Paris",
        "territory": None,
        "themes": (),
        "actor": None,
        "place": "",
        "url": LINK,
        "audience": "public",
        "capacity": None,
    } | fields
    given.setdefault("ends_at", given["begins_at"] + timedelta(hours=2))
    return Content(**given)


def drafted(runtime: Runtime, **fields: Any) -> str:
    """Save an event that nobody published; return its public id."""
    with write(runtime.staff) as session:
        given = (session, runtime.vault, CURATEUR, AUTHOR, event_of(**fields), before())
        return writing.create(*given).public_id


def announced(runtime: Runtime, **fields: Any) -> str:
    """Publish an event; return its public id."""
    public_id = drafted(runtime, **fields)
    publish(runtime, public_id)
    return public_id


def publish(runtime: Runtime, public_id: str) -> None:
    with write(runtime.staff) as session:
        record = writing.find(session, CURATEUR, AUTHOR.who, public_id, lock=True)
        writing.publish(session, runtime.vault, CURATEUR, AUTHOR, record, before())


def changed(runtime: Runtime, public_id: str, **fields: Any) -> None:
    """Write an event anew."""
    with write(runtime.staff) as session:
        record = writing.find(session, CURATEUR, AUTHOR.who, public_id, lock=True)
        given = (record, event_of(**fields), writing.version_of(record), before())
        writing.change(session, runtime.vault, CURATEUR, AUTHOR, *given)


def cancelled(runtime: Runtime, public_id: str, reason: str = "Salle fermée.") -> None:
    with write(runtime.staff) as session:
        record = writing.find(session, CURATEUR, AUTHOR.who, public_id, lock=True)
        given = (record, reason, before())
        writing.cancel(session, runtime.vault, CURATEUR, AUTHOR, *given)


def withdrawn(runtime: Runtime, public_id: str) -> None:
    with write(runtime.staff) as session:
        record = writing.find(session, CURATEUR, AUTHOR.who, public_id, lock=True)
        writing.withdraw(session, runtime.vault, CURATEUR, AUTHOR, record)


def record_of(runtime: Runtime, public_id: str) -> AgendaRecord:
    with read(runtime.staff) as session:
        record = writing.find(session, CURATEUR, AUTHOR.who, public_id)
        session.expunge(record)
        return record


def link_to_come(runtime: Runtime, *, comes: bool = False) -> str:
    """The token of the mail of somebody who is asked whether they come to an event, or who does."""
    token, at = f"jeton-{uuid4().hex}", before()
    with write(runtime.staff) as session:
        given = {"registers": True, "begins_at": datetime.now(UTC) + timedelta(days=9)}
        record = record_of(runtime, announced(runtime, **given)).id
        row = AgendaRegistration(id=uuid4(), record_id=record, mailbox=token.encode())
        said = {"mail": "camille@example.org"}
        row.content = runtime.vault.seal_json("agenda_registration", row.id, "content", said)
        row.token, row.received_at, row.confirmed_at = (
            token_digest(token),
            at,
            at if comes else None,
        )
        session.add(row)
    return token


def read_by_visitors(runtime: Runtime) -> str:
    """All that a visitor may read of events."""
    with runtime.databases.public.connect() as connection:
        rows = connection.execute(text("SELECT e::text FROM agenda_event e")).scalars()
        return "\n".join(rows)


def by_a_lost_key(sealed: bytes) -> bytes:
    """What was sealed, as if by a key that nobody has: the name of it begins otherwise."""
    return sealed[:2] + b"~" + sealed[3:]


def written_otherwise(sealed: bytes) -> bytes:
    return sealed[:-1] + bytes([sealed[-1] ^ 1])


def before() -> datetime:
    """A moment before all of them, later than the last one."""
    return WRITTEN + timedelta(seconds=next(_SECONDS))
