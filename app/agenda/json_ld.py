"""An event in the words of schema.org, as data in its page."""

from typing import Any

from markupsafe import Markup

from app.agenda.event import Event
from app.resources.json_ld import as_script
from app.resources.markdown import plain

TYPES = {"formation": "EducationEvent", "webinaire": "Event", "reunion": "Event"}


def element(event: Event, site: str) -> Markup:
    """Return the <script> of an event, which no browser runs: its type is one of data."""
    return as_script(data(event, site))


def data(event: Event, site: str) -> dict[str, Any]:
    """Return what schema.org has words for; of a link that it takes place there, and no more."""
    page = f"{site}{event.path}"
    state = "EventCancelled" if event.cancelled_at else "EventScheduled"
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": TYPES[event.form],
        "@id": page,
        "url": page,
        "name": event.title,
        "description": plain(event.text),
        "startDate": event.begins.isoformat(),
        "endDate": event.ends.isoformat(),
        "eventStatus": f"https://schema.org/{state}",
        "inLanguage": "fr",
        "dateModified": event.changed_at.isoformat(),
    }
    places: list[dict[str, str]] = []
    if event.place:
        places.append({"@type": "Place", "name": event.place, "address": event.place})
    if event.online:
        places.append({"@type": "VirtualLocation", "url": page})
    if places:
        mode = {2: "Mixed", 1: "Online" if event.online else "Offline"}[len(places)]
        found["eventAttendanceMode"] = f"https://schema.org/{mode}EventAttendanceMode"
        found["location"] = places[0] if len(places) == 1 else places
    if event.organiser:
        by = {"name": event.organiser.name, "url": f"{site}{event.organiser.path}"}
        found["organizer"] = {"@type": "Organization", **by}
    if event.capacity:
        found["maximumAttendeeCapacity"] = event.capacity
    return found
