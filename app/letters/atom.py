"""Letters as an Atom feed."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from app.letters.letter import PATH, Issue, Item, Read
from app.resources import atom
from app.resources.atom import MEDIA_TYPE, SINCE, tag
from app.resources.markdown import plain

__all__ = ["FEED", "MEDIA_TYPE", "MOST", "write"]
FEED = f"{PATH}.atom"
MOST = 12


def write(issues: Iterable[tuple[Issue, Sequence[Read]]], *, site: str, updated: datetime) -> bytes:
    """Return the feed of letters, each with what visitors may read of it now."""
    root = atom.started(
        site=site,
        title="Lettres, Mesure 23",
        page=f"{site}{PATH}",
        feed=f"{site}{FEED}",
        updated=updated,
    )
    for issue, blocks in issues:
        entry = tag(root, "entry")
        tag(entry, "id", f"tag:{atom.host_of(site)},{SINCE}:lettres/{issue.month}")
        tag(entry, "title", issue.title)
        tag(entry, "updated", issue.published_at.isoformat())
        tag(entry, "published", issue.published_at.isoformat())
        tag(entry, "link", rel="alternate", href=f"{site}{issue.path}", type="text/html")
        tag(entry, "summary", "\n".join(map(_said, blocks)) or issue.title)
    return atom.written(root)


def _said(block: Read) -> str:
    return block.title if isinstance(block, Item) else plain(block.text)
