"""Rows and acts for tests, with only what the test is about."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, insert

from app.models import Actor, Resource, ResourceRecord, new_public_id
from app.models.protected import Level
from app.platform.database.sessions import write
from app.records.acts import Outcome
from app.records.causes import Cause
from app.records.placing import Placed
from app.records.projection import project
from app.records.record import ActorRecord
from app.runtime.staff import Runtime
from geo.territories import Territory


def add_actor(connection: Connection, **columns: Any) -> UUID:
    """Insert a published, public association of Seine-Saint-Denis, as the columns change it."""
    actor_id = uuid4()
    values = {
        "id": actor_id,
        "public_id": new_public_id(),
        "slug": "acteur",
        "status": "published",
        "protected": False,
        "category": "association",
        "name": "Association d'exemple",
        "territory_code": "93",
        "functions": [],
        "audiences": [],
        "phones": [],
    }
    connection.execute(insert(Actor).values(values | columns))
    return actor_id


def add_resource(connection: Connection, **columns: Any) -> str:
    """Insert a published document for everybody, as the columns change it; return its public id."""
    values = {
        "id": uuid4(),
        "public_id": new_public_id(),
        "slug": "document",
        "form": "document",
        "audience": "public",
        "edition": 1,
        "title": "Document d'exemple",
        "summary": "",
        "reach": "national",
        "published_at": datetime(2026, 1, 2, tzinfo=UTC),
        "changed_on": date(2026, 1, 2),
    } | columns
    record = {name: values[name] for name in ("id", "public_id", "form", "audience", "edition")}
    record |= {"status": "published", "latest": values["edition"], "made_by": "essai"}
    connection.execute(insert(ResourceRecord).values(record))
    connection.execute(insert(Resource).values(values))
    return str(values["public_id"])


def projected(
    territory: Territory,
    level: Level | None,
    placed: Placed | None = None,
    shared: Iterable[str] = (),
    **fields: Any,
) -> dict[str, Any]:
    """Return the public columns that a record of these fields leaves at a level.

    placed: where it lies. shared: what a held one shares with an accommodation, as causes have it.
    """
    record = ActorRecord(territory=territory.code, **fields)
    causes = [Cause(why="beside", shared=tuple(shared), since=date(2026, 1, 1))]
    return project(record, level, causes if level == "held" else (), territory, placed)


def decide(runtime: Runtime, act: Callable[..., Outcome], *given: str, **how: Any) -> Outcome:
    """Do an act of staff on an actor, and commit it as a command does; given: its public id…"""
    with write(runtime.staff) as session:
        return act(session, runtime.vault, *given, **how)
