"""What robots read: the sitemap (sitemaps.org), robots.txt (RFC 9309), security.txt (RFC 9116)."""

from collections.abc import Iterable
from datetime import date, datetime
from xml.etree import ElementTree as ET

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
# There are as many searches as words to type, and /api/ serves the map alone.
UNLISTED = ("/api/", "/autour", "/table", "/ressources?", "/ressources.")
MONTHS_VALID = 6


def robots_txt(base: str) -> str:
    """Return what robots may fetch; base: the address of the service, without a slash."""
    refused = "".join(f"Disallow: {path}\n" for path in UNLISTED)
    return f"User-agent: *\n{refused}\nSitemap: {base}/sitemap.xml\n"


def sitemap_index(addresses: Iterable[str]) -> bytes:
    """Return the index of sitemaps at absolute addresses."""
    return _document("sitemapindex", "sitemap", ((address, None) for address in addresses))


def sitemap(entries: Iterable[tuple[str, date | None]]) -> bytes:
    """Return a sitemap of absolute addresses.

    With each the day on which people verified what its page says, and never when it was imported.
    """
    return _document("urlset", "url", entries)


def _document(root: str, each: str, entries: Iterable[tuple[str, date | None]]) -> bytes:
    tree = ET.Element(root, xmlns=NAMESPACE)
    for address, day in entries:
        entry = ET.SubElement(tree, each)
        ET.SubElement(entry, "loc").text = address
        if day is not None:
            ET.SubElement(entry, "lastmod").text = day.isoformat()
    text: bytes = ET.tostring(tree, encoding="utf-8", xml_declaration=True)
    return text


def security_txt(contact: str, now: datetime, public_url: str | None) -> str:
    """Return whom to tell of a weakness; contact: a mail address, or one that begins with https.

    It must expire within a year, so that nobody trusts a file that was forgotten: it is good until
    the first of a month, six months from now.
    """
    years, month = divmod(now.month - 1 + MONTHS_VALID, 12)
    uri = contact if contact.startswith("https://") else f"mailto:{contact}"
    lines = [
        f"Contact: {uri}",
        f"Expires: {now.year + years}-{month + 1:02d}-01T00:00:00Z",
        "Preferred-Languages: fr",
    ]
    if public_url:
        lines.append(f"Canonical: {public_url}/.well-known/security.txt")
    return "\n".join(lines) + "\n"
