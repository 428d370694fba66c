"""Rows for tests, with only what the test is about."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, insert

from app.models import Actor, new_public_id


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
