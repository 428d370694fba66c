"""A published resource as pages and formats read it."""

from dataclasses import dataclass
from datetime import date, datetime

from app.resources.content import Content


@dataclass(frozen=True, slots=True)
class Related:
    """Another resource that this one is tied to. label: what it is to this one, in French."""

    label: str
    public_id: str
    slug: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What visitors may read of a resource; its address is /ressources/{public_id}/{slug}.

    edition: its number, from 1. ended_at: when another edition took its place; None for the one
    in force. changed_on: the day of this edition. review_on: when somebody is to read it again.
    places: names of the territories of its content. link_dead_since: of its publisher's address.
    """

    public_id: str
    slug: str
    edition: int
    published_at: datetime
    changed_on: date
    content: Content
    review_on: date | None = None
    link_dead_since: date | None = None
    ended_at: datetime | None = None
    places: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()

    @property
    def path(self) -> str:
        """Return the path of its page."""
        return f"/ressources/{self.public_id}/{self.slug}"

    @property
    def own_path(self) -> str:
        """Return the path of this edition: a former one is not read at that of its page."""
        former = f"/ressources/{self.public_id}/versions/{self.edition}"
        return former if self.ended_at else self.path
