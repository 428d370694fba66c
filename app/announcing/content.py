"""All that is said of an event, as it is sealed."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.models.agenda import EventAudience


@dataclass(frozen=True, slots=True)
class Content:
    """An event as somebody wrote it. begins_at, ends_at: aware; zone: as IANA names it.

    territory: its code, None for all of France. actor: internal id of who organises it. url: where
    it takes place online, for those who come alone. registers: whether one asks here for a place.
    replay: public id of the resource that shows it afterwards, "" of none. commune: code of that in
    which the place is, "" where nobody said.
    """

    form: str
    title: str
    text: str
    begins_at: datetime
    ends_at: datetime
    zone: str
    territory: str | None
    themes: tuple[str, ...]
    actor: UUID | None
    place: str
    url: str
    audience: EventAudience
    capacity: int | None
    registers: bool = False
    reason: str = ""
    replay: str = ""
    commune: str = ""

    @property
    def shown(self) -> dict[str, str]:
        """Return the texts that readers may be shown, or sent, by the names of their fields."""
        texts = {"title": self.title, "text": self.text, "place": self.place, "reason": self.reason}
        # Who registered is still sent it once nobody does.
        texts["url"] = self.url
        return {name: text for name, text in texts.items() if text}

    @property
    def meeting(self) -> tuple[datetime, datetime, str, str]:
        """Return when and where it is: who comes is told as any of it changes."""
        return (self.begins_at, self.ends_at, self.place, self.url)


def as_json(content: Content) -> dict[str, Any]:
    """Return it as it is sealed."""
    said = asdict(content)
    said["begins_at"], said["ends_at"] = content.begins_at.isoformat(), content.ends_at.isoformat()
    said["actor"] = str(content.actor) if content.actor else None
    return said


def from_json(said: dict[str, Any]) -> Content:
    """Return what was sealed; of what was erased at somebody's request the rest."""
    return Content(
        form=said["form"],
        title=said["title"] or "",
        text=said["text"] or "",
        begins_at=datetime.fromisoformat(said["begins_at"]),
        ends_at=datetime.fromisoformat(said["ends_at"]),
        zone=said["zone"],
        territory=said["territory"],
        themes=tuple(said["themes"]),
        actor=UUID(said["actor"]) if said["actor"] else None,
        place=said["place"] or "",
        url=said["url"] or "",
        audience=said["audience"],
        capacity=said["capacity"],
        registers=said.get("registers", False),
        reason=said["reason"] or "",
        replay=said.get("replay") or "",
        commune=said.get("commune") or "",
    )
