"""Computes what 2,000 alerts tell of 5,000 actors that are new, and prints what that took.

A process of its own, so that its memory is that of the work alone; it leaves nothing behind.

Argument: the address of the database.
"""

import gc
import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import cycle, islice
from typing import NamedTuple
from uuid import UUID, uuid4

import psutil
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.alerting import keeping, mails, news
from app.alerting.searches import read_wanted
from app.models import Account, Alert, FirstSeen, NetworkMember, Role, Territory
from app.models.network import CHARTER_ON
from app.platform.database.engines import make_engine
from app.resources.index import read_index
from app.search.criteria import Search
from app.search.newest import first_seen
from app.vault.sealing import Vault, parse_keys
from app.visibility import Viewer
from bench.setting import KEYS
from importers import vocabulary

ALERTS, DIFFERENT, OF_EACH = 2_000, 500, 50
NEW = 5_000
MEGABYTE = 1_000_000
ORIGINS = mails.Origins("https://carte.example.org", "https://bureau.example.org")


class Cost(NamedTuple):
    """Of all of them; once: of their searches alone, each asked once. megabytes: the most that the
    process had beyond what it had before, idle.
    """

    seconds: float
    once: float
    megabytes: float
    idle: float
    mails: int


def measure(session: Session, vault: Vault) -> Cost:
    """Return what alerts take in a transaction, and what their searches do."""
    before = datetime.now(UTC) - timedelta(days=1)
    wanted = list(islice(cycle(_searches(session)), ALERTS))
    for number, account in enumerate(_members(session, vault, before)):
        for query in wanted[number * OF_EACH : (number + 1) * OF_EACH]:
            found = read_wanted(session, "acteurs", query)
            keeping.create(session, vault, account, found, "aussitot", before)
    now = datetime.now(UTC)
    _see(session, before - timedelta(days=1), now)
    session.expire_all()
    gc.collect()
    idle = psutil.Process().memory_info().rss
    began, most, written = time.perf_counter(), idle, 0
    index = partial(read_index, viewer=Viewer.written_to(None, now))
    due, failed = news.due(session, vault, now, index)
    # As the worker does, which hands over each before it makes the next.
    for each in due:
        written += mails.write(session, vault, each, ORIGINS, now, index) is not None
        most = max(most, psutil.Process().memory_info().rss)
    seconds = time.perf_counter() - began
    if failed:
        raise SystemExit(f"{failed} alertes ne s’ouvrent pas.")
    once = _once(session, set(wanted))
    return Cost(seconds, once, (most - idle) / MEGABYTE, idle / MEGABYTE, written)


def _see(session: Session, long_ago: datetime, now: datetime) -> None:
    """Note NEW actors as seen now, and all else as seen before: of 5,000 in all nothing else is."""
    session.execute(delete(FirstSeen))
    news.note(session, long_ago)
    of_actors = select(FirstSeen.public_id).where(FirstSeen.domain == "acteurs")
    new = of_actors.order_by(func.md5(FirstSeen.public_id)).limit(NEW).scalar_subquery()
    session.execute(update(FirstSeen).where(FirstSeen.public_id.in_(new)).values(at=now))
    # As the worker has them counted that notes so many at once.
    session.execute(text("SELECT count_first_seen()"))
    session.flush()


def _searches(session: Session) -> Iterator[str]:
    """Yield searches that differ: each territory, whole and by what is done there."""
    codes = session.scalars(select(Territory.code).order_by(Territory.code)).all()
    functions = list(vocabulary.load().functions)[:4]
    asked = ["", *(f"&fonction={each}" for each in functions)]
    every = (f"territoire={code}{more}" for more in asked for code in codes)
    return islice(every, DIFFERENT)


def _members(session: Session, vault: Vault, now: datetime) -> list[UUID]:
    ids = [uuid4() for _ in range(ALERTS // OF_EACH)]
    for account in ids:
        person = {"name": "Exemple", "mail": f"{account.hex}@example.org"}
        given = {
            "id": account,
            "login": account.bytes,
            "person": vault.seal_json("account", account, "person", person),
            "made_by": "os:bench",
            "approved_by": "os:bench",
            "approved_at": now,
            "reason": vault.seal("account", account, "reason", b"essai"),
            "role": Role.PROFESSIONNEL.value,
            "territories": ["93"],
        }
        session.execute(insert(Account).values(**given))
        joined = {"account_id": account, "charter_on": CHARTER_ON, "accepted_at": now}
        session.execute(insert(NetworkMember).values(**joined))
    session.flush()
    return ids


def _once(session: Session, queries: set[str]) -> float:
    searches = [read_wanted(session, "acteurs", each).asked for each in sorted(queries)]
    began = time.perf_counter()
    for each in searches:
        if isinstance(each, Search):
            session.scalar(first_seen(each).with_only_columns(func.max(FirstSeen.at)))
    return time.perf_counter() - began


def main() -> None:
    """Print the cost as JSON; what was written for it is rolled back."""
    engine = make_engine(sys.argv[1])
    with Session(engine) as session:
        session.execute(update(Alert).values(refusals=keeping.SUSPENDS))
        cost = measure(session, parse_keys(KEYS))
        session.rollback()
    engine.dispose()
    json.dump(cost._asdict(), sys.stdout)


if __name__ == "__main__":
    main()
