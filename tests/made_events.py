"""Invented events as their readers have them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from app.agenda.event import Event

SAVED = datetime(2027, 1, 4, 8, 30, tzinfo=UTC)


def event(**fields: Any) -> Event:
    """A webinar for all of France, at ten by the clock of Paris, as the fields change it."""
    given: dict[str, Any] = {
        "public_id": "0123456789abcdef",
        "form": "webinaire",
        "audience": "public",
        "title": "Repérer et orienter",
        "text": "Une heure pour **comprendre**.",
        "begins_at": datetime(2027, 3, 16, 9, tzinfo=UTC),
        "zone": "Europe/Paris",
        "territory_code": None,
        "territory": "",
        "themes": (),
        "organiser": None,
        "place": None,
        "online": True,
        "registers": False,
        "capacity": None,
        "sequence": 1,
        "cancelled_at": None,
        "reason": None,
        "published_at": SAVED,
        "changed_at": SAVED,
        "replay_id": None,
        "commune_code": None,
    } | fields
    given.setdefault("ends_at", given["begins_at"] + timedelta(hours=2))
    return Event(**given)
