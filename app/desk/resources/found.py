"""The resource of an address, for whoever may read a version of it, or change the last one."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path
from sqlalchemy.orm import Session

from app.accounts.sessions import SignedIn
from app.audit.journal import Author
from app.cataloguing import opening
from app.cataloguing.secrecy import is_masked
from app.cataloguing.versions import Stored
from app.desk.resources.words import HERE
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.errors import ResourceUnknown
from app.platform.database.sessions import read
from app.visibility import Viewer


@dataclass(frozen=True, slots=True)
class Found:
    """A resource that somebody opens at the desk. number: the last version that they may read."""

    id: UUID
    public_id: str
    number: int
    latest: int
    signed: SignedIn

    @property
    def viewer(self) -> Viewer:
        """Return what whoever opens it may read."""
        return gate.viewer_of(self.signed)

    @property
    def author(self) -> Author:
        """Return how history names whoever opens it."""
        return gate.author_of(self.signed)

    @property
    def is_last(self) -> bool:
        """Return whether they may read the last version, and so may change it."""
        return self.number == self.latest

    @property
    def path(self) -> str:
        """Return the address of its page."""
        return f"{HERE}/{self.public_id}"

    def is_masked(self, session: Session, desk: Desk, stored: Stored) -> bool:
        """Say whether whoever opens it has to say so first, since it names somebody hidden."""
        return is_masked(session, desk.vault, self.author.who, stored, desk.now())

    def then(self, done: str) -> str:
        """Return the same, where it says what was just done."""
        return f"{self.path}?fait={done}"


def _found_to_read(
    desk: DeskOf, signed: Signed, resource_id: Annotated[str, Path(max_length=40)]
) -> Found:
    viewer, who = gate.viewer_of(signed), gate.author_of(signed).who
    with read(desk.engine) as session:
        record, number = opening.find(session, viewer, who, resource_id)
        return Found(record.id, record.public_id, number, record.latest, signed)


FoundToRead = Annotated[Found, Depends(_found_to_read)]


def _found(found: FoundToRead) -> Found:
    if not found.is_last:
        raise ResourceUnknown
    return found


FoundOf = Annotated[Found, Depends(_found)]
