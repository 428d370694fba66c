"""The newest resources of a selection as an Atom feed."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree

from app.files.cells import clean
from app.resources.fields import shown_of
from app.resources.resource import Resource
from app.resources.wording import standing

MEDIA_TYPE = "application/atom+xml"
MOST = 50
ATOM = "http://www.w3.org/2005/Atom"
# The year from which this service names things: part of the names, so it never changes.
SINCE = 2026


def write(
    resources: Iterable[Resource], *, site: str, title: str, page: str, feed: str, updated: datetime
) -> bytes:
    """Return the feed of some resources. page, feed: the addresses of the selection, and of it."""
    root = started(site=site, title=title, page=page, feed=feed, updated=updated)
    for each in resources:
        _entry(root, each, site)
    return written(root)


def started(
    *, site: str, title: str, page: str, feed: str, updated: datetime
) -> ElementTree.Element:
    """Return a feed without an entry yet."""
    host = host_of(site)
    ElementTree.register_namespace("", ATOM)
    root = tag(None, "feed")
    root.set("{http://www.w3.org/XML/1998/namespace}lang", "fr")
    tag(root, "id", f"tag:{host},{SINCE}:{urlsplit(feed).path}?{urlsplit(feed).query}")
    tag(root, "title", title)
    tag(root, "updated", updated.isoformat())
    tag(root, "link", rel="self", href=feed, type=MEDIA_TYPE)
    tag(root, "link", rel="alternate", href=page, type="text/html")
    tag(tag(root, "author"), "name", "Mesure 23")
    return root


def written(root: ElementTree.Element) -> bytes:
    """Return a feed as it is sent."""
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def host_of(site: str) -> str:
    """Return by which host things of a service are named."""
    return urlsplit(site).hostname or ""


def _entry(root: ElementTree.Element, resource: Resource, site: str) -> None:
    content = resource.content
    entry = tag(root, "entry")
    # Another edition is another entry: readers show it anew.
    name = f"ressources/{resource.public_id}/{resource.edition}"
    tag(entry, "id", f"tag:{host_of(site)},{SINCE}:{name}")
    tag(entry, "title", content.full_title)
    tag(entry, "updated", resource.published_at.isoformat())
    tag(entry, "link", rel="alternate", href=f"{site}{resource.path}", type="text/html")
    for body in content.bodies:
        tag(tag(entry, "author"), "name", body)
    for code, label in zip(content.themes, shown_of(content, "themes"), strict=True):
        tag(entry, "category", term=code, label=label)
    said = "\n".join(filter(None, (standing(content), content.summary)))
    tag(entry, "summary", said or content.full_title)


def tag(
    parent: ElementTree.Element | None, name: str, text: str = "", **attributes: str
) -> ElementTree.Element:
    """Return a new element, the last of its parent."""
    found = ElementTree.Element(f"{{{ATOM}}}{name}")
    for key, value in attributes.items():
        found.set(key, clean(value))
    if text:
        found.text = clean(text)
    if parent is not None:
        parent.append(found)
    return found
