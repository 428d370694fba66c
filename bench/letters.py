"""A letter of ten blocks to 10,000 subscribers, beside the same mails by smtplib alone."""

import smtplib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from time import perf_counter
from uuid import UUID, uuid4

from pydantic import SecretStr
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.audit.journal import Author
from app.composing import writing
from app.inbox.opening import publish_key
from app.jobs.dispatching import dispatch, make
from app.letters.letter import Block, Lead, Words
from app.letters.queries import read_issue
from app.models import AgendaEvent, Letter, LetterMail, LetterSubscriber, Resource, Role
from app.platform.cluster.server import Cluster
from app.platform.database.engines import Databases, make_engine, role
from app.platform.database.sessions import among, read, write
from app.runtime.addresses import DATABASE
from app.runtime.staff import Runtime
from app.settings import ROOT
from app.vault.sealing import parse_keys
from bench.setting import KEYS, settings
from bench.tools import PACE, BenchFailed, Measure, in_turns, ratio_at_least

RATE = "letters_per_second"
RATE_AIM = 0.7
SUBSCRIBERS, MONTH = 10_000, "2098-01"
# As long as those of mails, so that both servers are told as much.
TOKEN = "A" * 115
NOW = datetime.now(UTC)


def letters(cluster: Cluster) -> Iterator[Measure]:
    """Measure how many mails of a letter leave in a second."""
    urls = [cluster.url(role(DATABASE, login), DATABASE) for login in ("staff", "public")]
    databases = Databases(*map(make_engine, urls))
    with _mail_server() as port:
        own: dict[str, object] = {"smtp_url": SecretStr(f"smtp://127.0.0.1:{port}")}
        own |= {"public_url": "https://carte.example.org", "mail_from": "envoi@example.org"}
        given = settings().model_copy(update=own)
        runtime = Runtime(given, databases, parse_keys(KEYS), "", cluster)
        with _approved(runtime) as people:
            turns = in_turns(lambda: _ours(runtime, people), lambda: _plain(runtime, port, people))
            yield ratio_at_least(RATE, turns, RATE_AIM)
    databases.dispose()


def _ours(runtime: Runtime, people: list[UUID]) -> float:
    """Send the letter as the worker does; return how many left in a second."""
    with write(runtime.staff) as session:
        session.execute(delete(LetterMail))
        session.execute(update(Letter).values(status="going", queued_at=None, ended_at=None))
    began = perf_counter()
    dispatch(runtime, lambda: datetime.now(UTC))
    seconds = perf_counter() - began
    with read(runtime.staff) as session:
        gone = session.scalars(select(LetterMail.status)).all().count("gone")
    if gone != len(people):
        raise BenchFailed(f"{gone} lettres parties")
    return len(people) / seconds


def _plain(runtime: Runtime, port: int, people: list[UUID]) -> float:
    """Hand over as many mails that are ready, as large as ours."""
    with read(runtime.staff) as session:
        blocks = read_issue(session, MONTH).blocks
        made = make(session, runtime.settings, MONTH, blocks, None)
    given = ("0" * 32, TOKEN, datetime.now(UTC))
    ready = [(to, made.whole.to(to, *given)) for to in map(_address, people)]
    began = perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as server:
        for to, mail in ready:
            server.sendmail("envoi@example.org", [to], mail)
    return len(ready) / (perf_counter() - began)


@contextmanager
def _mail_server() -> Iterator[int]:
    command = [sys.executable, "-m", "bench.mail_server"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as server:  # type: ignore[call-overload]
        yield int(server.stdout.readline())
        server.stdin.close()


@contextmanager
def _approved(runtime: Runtime) -> Iterator[list[UUID]]:
    """Write a letter that two people read, and who has it; take all of it away afterwards."""
    vault, people = runtime.vault, [uuid4() for _ in range(PACE.part(SUBSCRIBERS))]
    rows = []
    for each in people:
        said = {"mail": _address(each), "shown": "…"}
        sealed = vault.seal_json(LetterSubscriber.__tablename__, each, "content", said)
        row = {"id": each, "mailbox": each.bytes, "content": sealed, "confirmed_at": NOW}
        rows.append(row | {"asked_at": NOW, "wanted_at": NOW})
    with write(runtime.staff) as session:
        publish_key(session, vault)
        session.execute(insert(LetterSubscriber), rows)
        blocks = _blocks(session)
        by = (Author("os:bench", Role.CURATEUR), Author("os:bench2", Role.CURATEUR))
        letter = writing.create(session, vault, by[0], MONTH, NOW)
        seen = writing.version_of(letter)
        writing.change(session, vault, by[0], letter, blocks, seen, NOW)
        seen = writing.version_of(letter)
        writing.ask(session, vault, by[0], letter, seen)
        writing.send(session, vault, by[1], letter, seen, NOW)
    yield people
    with write(runtime.staff) as session:
        session.execute(delete(Letter).where(Letter.month == MONTH))
        session.execute(delete(LetterSubscriber).where(among(LetterSubscriber.id, people)))


def _blocks(session: Session) -> list[Block]:
    """Return two texts, four events and four resources."""
    ahead = (AgendaEvent.audience == "public", AgendaEvent.begins_at > NOW)
    events = session.scalars(select(AgendaEvent.public_id).where(*ahead).limit(4))
    resources = session.scalars(select(Resource.public_id).limit(4))
    text = "Ce trimestre, **trois webinaires** et une fiche [nouvelle](/ressources).\n\n" * 4
    found = [*(Lead("event", each) for each in events)]
    found += [Lead("resource", each) for each in resources]
    if len(found) != 8:
        raise BenchFailed(f"{len(found)} annonces")
    return [Words(text), *found, Words("À bientôt.")]


def _address(subscriber: UUID) -> str:
    return f"{subscriber.hex[:12]}@example.org"
