"""Invented events of the agenda, as their projection leaves them; half are for all of France."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, insert

from app.agenda.event import FORMS
from app.models import AgendaEvent, AgendaRecord
from app.platform.database.sessions import write
from bench.actors import SEED
from bench.documents import TERRITORIES

EVENTS = 2_000
# Two a day from today on, for some three years.
APART = timedelta(hours=12)
ZONES = ("Europe/Paris", "Europe/Paris", "Indian/Reunion", "America/Cayenne")


def fill_events(engine: Engine) -> None:
    """Write all of them, and their records, which nothing opens here."""
    rows = list(events(EVENTS, datetime.now(UTC)))
    of_record = ("id", "public_id", "territory_code", "begins_at", "ends_at", "sequence")
    more = {"status": "published", "content": b"", "made_by": "bench", "changed_by": "bench"}
    with write(engine) as session:
        records = [{name: row[name] for name in of_record} | more for row in rows]
        session.execute(insert(AgendaRecord), records)
        session.execute(insert(AgendaEvent), rows)


def events(count: int, first: datetime) -> Iterator[dict[str, Any]]:
    """Yield rows of the open table from a moment on, but for that the same at every run."""
    random = Random(SEED)  # noqa: S311
    for number in range(count):
        begins = first + number * APART
        is_online = random.random() < 0.5
        yield {
            "id": UUID(int=random.getrandbits(128), version=4),
            "public_id": f"{random.getrandbits(64):016x}",
            "form": random.choice(tuple(FORMS)),
            "audience": "public",
            "title": f"Journée d’exemple {number}",
            "text": "Un programme d’exemple, en **quelques lignes**.\n\n" * 4,
            "begins_at": begins,
            "ends_at": begins + timedelta(hours=2),
            "zone": random.choice(ZONES),
            "territory_code": random.choice(TERRITORIES) if number % 2 else None,
            "themes": [],
            "actor_id": None,
            "place": None if is_online else f"Salle {number}",
            "online": is_online,
            "registers": is_online,
            "capacity": None,
            "sequence": 1,
            "cancelled_at": None,
            "reason": None,
            "published_at": first,
            "changed_at": first,
        }
