"""Rows and acts for tests, with only what the test is about."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, insert

from app.models import Actor, new_public_id
from app.platform.database.sessions import write
from app.records.acts import Outcome
from app.runtime.staff import Runtime


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


def decide(runtime: Runtime, act: Callable[..., Outcome], *given: str, **how: Any) -> Outcome:
    """Do an act of staff on an actor, and commit it as a command does; given: its public id…"""
    with write(runtime.staff) as session:
        return act(session, runtime.vault, *given, **how)
