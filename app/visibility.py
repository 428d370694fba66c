"""The one place that says what a viewer may read of an actor; features take their FROM from it.

Public pages log in as a role that reads the views of schema open and nothing else. These
statements say the same again, so that they stay right whichever login runs them. Only `PUBLIC` is
served today, and commands read as `OPERATOR`; whatever opens sealed records to show them
(app/records/viewing.py) takes a viewer, the staff login and the keys.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, and_, false, literal_column, select, true

from app.models import Actor, ActorProtected
from app.models.privileges import PUBLIC_VIEWS
from app.platform.database.sessions import among


class StaffRole(StrEnum):
    """What a person of the staff is there for: to see lists, to keep them true, or to run them."""

    READER = "reader"
    CURATOR = "curator"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who reads: the public where nothing is given.

    revealed: internal ids of the actors whose whole record was given to this professional.
    role, territories: what a person of the staff may do, and where; None: everywhere.
    """

    revealed: frozenset[UUID] = frozenset()
    role: StaffRole | None = None
    territories: frozenset[str] | None = frozenset()

    @classmethod
    def professional(cls, revealed: Iterable[UUID]) -> "Viewer":
        """Return a professional, who reads what the public does and what was revealed."""
        return cls(revealed=frozenset(revealed))

    @classmethod
    def staff(cls, role: StaffRole, territories: Iterable[str] | None = None) -> "Viewer":
        """Return a person of the staff of some territories, or of all of them."""
        return cls(role=role, territories=None if territories is None else frozenset(territories))

    def actors(self) -> Subquery:
        """Return the public records that this viewer may see, as a FROM clause named "actor".

        Staff see drafts, archives and secret places of their territories as well.
        """
        seen = _PUBLISHED if self.role is None else _PUBLISHED | self._own_territory()
        return select(*public_columns()).where(seen).subquery("actor")

    def sealed(self) -> Select[UUID, bytes]:
        """Return the actors whose sealed record this viewer may have opened, with the record.

        Nothing for the public and for readers; the public login is refused the statement itself.
        """
        if self.role in (StaffRole.CURATOR, StaffRole.ADMIN):
            allowed = self._own_territory()
        elif self.role is None and self.revealed:
            # A place that was closed, or whose existence became secret since, is not shown again.
            allowed = and_(among(Actor.id, self.revealed), _PUBLISHED)
        else:
            allowed = false()
        return (
            select(ActorProtected.actor_id, ActorProtected.record)
            .join(Actor, Actor.id == ActorProtected.actor_id)
            .where(allowed)
        )

    def _own_territory(self) -> ColumnElement[bool]:
        if self.territories is None:
            return true()
        return among(Actor.territory_code, sorted(self.territories))


# A literal, since a bound status would keep generic plans off the partial indexes.
_PUBLISHED = Actor.status == literal_column("'published'")
PUBLIC = Viewer()
# Who types a command, with the staff login and the keys.
OPERATOR = Viewer.staff(StaffRole.ADMIN)


def public_columns() -> tuple[ColumnElement[object], ...]:
    """Return the columns of an actor that a visitor may read: never the internal id."""
    return tuple(Actor.__table__.c[name] for name in PUBLIC_VIEWS["actor"])


@cache
def published() -> Subquery:
    """Return the actors that visitors may see, as a FROM clause named "actor".

    Always the same object: to name its columns anew takes as long as to read a page of actors. A
    statement with one inside another takes an alias of it for one of them.
    """
    return PUBLIC.actors()
