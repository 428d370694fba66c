"""The newest events of a selection as an Atom feed."""

from collections.abc import Iterable
from datetime import datetime

from app.agenda.event import Event
from app.resources import atom
from app.resources.atom import MEDIA_TYPE, MOST, SINCE, tag
from app.resources.markdown import plain
from app.resources.vocabulary import label

__all__ = ["MEDIA_TYPE", "MOST", "write"]


def write(
    events: Iterable[Event], *, site: str, title: str, page: str, feed: str, updated: datetime
) -> bytes:
    """Return the feed of some events. page, feed: the addresses of the selection, and of it."""
    root = atom.started(site=site, title=title, page=page, feed=feed, updated=updated)
    for each in events:
        entry = tag(root, "entry")
        # Another hour is another entry: readers show it anew.
        name = f"agenda/{each.public_id}/{each.sequence}"
        tag(entry, "id", f"tag:{atom.host_of(site)},{SINCE}:{name}")
        tag(entry, "title", f"Annulé : {each.title}" if each.cancelled_at else each.title)
        tag(entry, "updated", each.changed_at.isoformat())
        tag(entry, "published", each.published_at.isoformat())
        tag(entry, "link", rel="alternate", href=f"{site}{each.path}", type="text/html")
        if each.organiser:
            tag(tag(entry, "author"), "name", each.organiser.name)
        for code in each.themes:
            tag(entry, "category", term=code, label=label("themes", code))
        when = f"{each.label}, {each.day}, {each.hours()}."
        tag(entry, "summary", "\n".join(filter(None, (when, each.reason, plain(each.text)))))
    return atom.written(root)
