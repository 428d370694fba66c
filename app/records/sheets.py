"""One actor as a person of the staff reads it: whole, or masked until they open it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import ActorUnknown
from app.models import Actor, Commune
from app.models import Provenance as StoredProvenance
from app.models.protected import Level
from app.records.accords import latest_asked
from app.records.causes import by_operator
from app.records.hidden import described, why_hidden
from app.records.history import last_written
from app.records.opening import open_until
from app.records.record import ActorRecord, Provenance
from app.records.sealed import open_provenance
from app.records.viewing import Seen, see
from app.records.wording import FIELDS
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.text import curled

# Field of the record -> column of the public record in which a visitor reads it.
_PUBLIC_NAME = {
    "emails": "email",
    "commune": "commune_code",
    "territory": "territory_code",
    **dict.fromkeys(("street", "postcode", "city"), "address"),
    **dict.fromkeys(("lon", "lat"), "point"),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """An actor for staff. revision: the number of its last change, which a form is based on.

    name, commune_name, territory: the true ones, which staff of its territory read at once.
    why_hidden: sentences, which name other actors as far as the viewer may read them, and none
    while it is masked. public_status: that of its public record, which may be a draft or a host
    where the record is published.
    record, provenance: None as long as it is masked. open_until: when an opened one is masked
    again. asked_on: the day of the last demand or decision that hides it, None while it is masked.
    by_operator: whether a code of its operator hides it, which two people lift.
    """

    actor_id: UUID
    public_id: str
    name: str
    commune_name: str | None
    territory: str
    status: str
    public_status: str
    level: Level | None
    why_hidden: tuple[str, ...]
    revision: int
    record: ActorRecord | None
    provenance: Provenance | None
    open_until: datetime | None = None
    asked_on: date | None = None
    by_operator: bool = False

    @property
    def is_masked(self) -> bool:
        """Say whether it has to be opened to be read."""
        return self.record is None

    @property
    def names_somebody(self) -> bool:
        """Say whether who is shown it reads of a person, which is to be noted.

        The opening of a protected one is noted already.
        """
        record = self.record
        if record is None or self.open_until is not None:
            return False
        return bool(record.contacts or record.unpublished)


def is_protected(level: Level | None, status: str) -> bool:
    """Say whether a record is masked until somebody opens it, which is noted."""
    return level is not None or status == "secret"


def read_sheet(
    session: Session, vault: Vault, viewer: Viewer, who: str, public_id: str, now: datetime
) -> Sheet:
    """Return an actor that a viewer works on; raise ActorUnknown.

    who: as the journal names the viewer, for what they opened.
    """
    for seen in see(session, vault, viewer, Actor.public_id == public_id):
        record, until = seen.record, None
        masked = is_protected(seen.level, record.status)
        if masked:
            until = open_until(session, who, seen.actor_id, now)
        readable = not masked or until is not None
        asked = latest_asked(seen.causes) if readable else None
        return Sheet(
            seen.actor_id,
            seen.public_id,
            record.name,
            _commune_name(session, record),
            record.territory,
            record.status,
            session.scalars(select(Actor.status).where(Actor.id == seen.actor_id)).one(),
            seen.level,
            _why_hidden(session, vault, viewer, seen, masked=not readable),
            last_revision(session, seen.actor_id),
            record if readable else None,
            _provenance(session, vault, seen.actor_id) if readable else None,
            until,
            asked.since if asked else None,
            by_operator(seen.causes),
        )
    raise ActorUnknown


def _why_hidden(
    session: Session, vault: Vault, viewer: Viewer, seen: Seen, *, masked: bool
) -> tuple[str, ...]:
    if masked:
        return tuple(why_hidden(session, vault, viewer, [seen.actor_id])[seen.actor_id])
    said = described(session, vault, viewer, [seen])[0].sentences()
    return tuple(map(curled, said))


CONTACTS = frozenset({"phones", "duty_phones", "emails", "shown"})


def public_fields(
    session: Session, actor_id: UUID, record: ActorRecord
) -> dict[str, Literal["all", "some"]]:
    """Return which fields of a record a visitor reads; none of who is not published.

    Of contacts each is looked at: a visitor may read some of them. A name that is neutral, or cut
    before an address, is not the one of the record.
    """
    shown = select(Actor).where(Actor.id == actor_id, Actor.status == "published")
    public = session.scalars(shown).one_or_none()
    if public is None:
        return {}
    values = {name: getattr(public, _PUBLIC_NAME.get(name, name), None) for name in FIELDS}
    # An age of 0 says something.
    names = (name for name, value in values.items() if value or (value == 0 and value is not False))
    found = frozenset(names) - ({"name"} if public.name != record.name else set())
    # Of who is neutral, category and missions are those of its family.
    found -= {"name", "category", "functions"} if public.protected else set()
    said: dict[str, Literal["all", "some"]] = dict.fromkeys(found - CONTACTS, "all")
    given = contacts_of(public)
    for name in CONTACTS:
        read = [each in given for each in getattr(record, name)]
        if any(read):
            said[name] = "all" if all(read) else "some"
    return said


def public_contacts(session: Session, actor_id: UUID) -> frozenset[str]:
    """Return the phones and the mailbox that a visitor reads of an actor."""
    shown = select(Actor).where(Actor.id == actor_id, Actor.status == "published")
    public = session.scalars(shown).one_or_none()
    return contacts_of(public) if public else frozenset()


def contacts_of(public: Actor) -> frozenset[str]:
    """Return the phones and the mailbox of a public record."""
    return frozenset((*public.phones, *([public.email] if public.email else [])))


def last_revision(session: Session, actor_id: UUID) -> int:
    """Return the number of the last change of what is said of an actor, 0 where there is none."""
    return session.scalar(select(last_written(Actor.id)).where(Actor.id == actor_id)) or 0


def _commune_name(session: Session, record: ActorRecord) -> str | None:
    return session.scalar(select(Commune.name).where(Commune.code == record.commune))


def _provenance(session: Session, vault: Vault, actor_id: UUID) -> Provenance:
    fields = select(StoredProvenance.fields).where(StoredProvenance.actor_id == actor_id)
    return open_provenance(vault, actor_id, session.scalars(fields).one())
