"""A letter: words of the desk, resources and events, each as its reader may read it now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.agenda.event import Event
from app.platform.web.french import MONTHS
from app.resources.cards import Card

PATH = "/lettres"


@dataclass(frozen=True, slots=True)
class Words:
    """What the desk writes, as Markdown."""

    text: str

    @property
    def stored(self) -> dict[str, str]:
        """Return it as it stands in a letter."""
        return {"words": self.text}


@dataclass(frozen=True, slots=True)
class Lead:
    """What a letter leads to. what: "resource" or "event"; public_id: of which one."""

    what: str
    public_id: str

    @property
    def stored(self) -> dict[str, str]:
        """Return it as it stands in a letter."""
        return {self.what: self.public_id}


Block = Words | Lead


@dataclass(frozen=True, slots=True)
class Item:
    """What a letter says of a resource or an event. what: which sort it is; said: in a line."""

    what: str
    title: str
    path: str
    said: str


# A block as it is read: what a reader may not read now is none.
Read = Words | Item


def item_of(found: Card | Event) -> Item:
    """Return what a letter says of a resource, or of an event."""
    if isinstance(found, Card):
        said = found.summary or ", ".join(found.bodies)
        return Item(found.form_label, found.title, found.path, said)
    where = found.place or ("en ligne" if found.online else "")
    when = f"{found.day}, {found.hours()}"
    return Item(found.label, found.title, found.path, ", ".join(filter(None, (when, where))))


def blocks_of(stored: Any) -> tuple[Block, ...]:
    """Return blocks as they were stored; of what was erased at somebody's request the rest."""
    found: list[Block] = []
    for each in stored:
        if each.get("words"):
            found.append(Words(each["words"]))
        found += [Lead(what, each[what]) for what in ("resource", "event") if each.get(what)]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Issue:
    """A letter that was sent, or is sent now. month: "2027-03"."""

    month: str
    blocks: tuple[Block, ...]
    published_at: datetime

    @property
    def path(self) -> str:
        """Return the address of its page."""
        return f"{PATH}/{self.month}"

    @property
    def title(self) -> str:
        """Return what it is called."""
        return title_of(self.month)


def title_of(month: str) -> str:
    """Return what a letter is called, as « Lettre de mars 2027 »."""
    return f"Lettre {_of(month)} {month[:4]}"


def subject_of(month: str) -> str:
    """Return what its mail is called, which tells nothing of it."""
    return f"Votre lettre {_of(month)}"


def _of(month: str) -> str:
    name = MONTHS[int(month[5:]) - 1]
    return f"d’{name}" if name[0] in "ao" else f"de {name}"
