"""The one place that says what a viewer may read of actors and resources: each FROM is of it.

Public pages log in as a role that reads the views of schema open and nothing else. These
statements say the same again, so that they stay right whichever login runs them. Visitors read as
`PUBLIC`, commands as `OPERATOR`, and pages of the desk as whoever is signed in; whatever opens
sealed records to show them (app/records/viewing.py) takes a viewer, the staff login and the keys.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute

from app.models import (
    Actor,
    ActorProtected,
    AgendaEvent,
    Resource,
    ResourceEdition,
    Reveal,
    RevealChoice,
    Role,
)
from app.models.privileges import PUBLIC_VIEWS
from app.platform.database.sessions import among
from app.visible import committees
from app.visible import members as network
from app.visible.addressing import FOR_MEMBERS, Addressee, is_written_to
from app.visible.asking import Asker, is_signed_in
from app.visible.hiding import asked_to_hide
from importers import vocabulary
from importers.vocabulary import Readers

# What a référent of the State looks after, by family.
FAMILIES_OF_THE_STATE = frozenset({"accompagner", "piloter"})
_Made = Callable[[ColumnElement[bool]], Subquery]


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who reads: the public where nothing is given.

    asker: a professional who is signed in, and reads what is for professionals and what they were
    told and may be told still.
    addressee: a member who is written to: what all members read, as long as they are one.
    role: of a person of the staff. territories: codes of those of a référent. account: of a person
    of the staff, who knows what they sent themselves; "" where that is nobody's business.
    """

    asker: Asker | None = None
    addressee: Addressee | None = None
    role: Role | None = None
    territories: frozenset[str] = frozenset()
    account: str = ""

    @classmethod
    def professional(cls, asker: Asker | None = None) -> "Viewer":
        """Return a professional; one who is not signed in reads what the public does."""
        return cls(asker=asker)

    @classmethod
    def written_to(cls, account: UUID | None, at: datetime) -> "Viewer":
        """Return a member who is sent a mail; account: None: what any member may be sent."""
        return cls(addressee=Addressee(account, at))

    @classmethod
    def staff(cls, role: Role, territories: Iterable[str] = (), account: str = "") -> "Viewer":
        """Return a person of the staff; territories: codes, for référents alone."""
        return cls(role=role, territories=frozenset(territories), account=account)

    def actors(self) -> Subquery:
        """Return the public records that this viewer may see, as a FROM clause named "actor".

        Staff see drafts, archives and secret places that they work on as well.
        """
        seen = _PUBLISHED if self.role is None else _PUBLISHED | self.worked_on()
        return select(*public_columns()).where(seen).subquery("actor")

    def worked_on(self) -> ColumnElement[bool]:
        """Return which actors a person of the staff works on; none of anybody else.

        A référent of the State learns of no secret place, nor of one that is to be confirmed.
        """
        match self.role:
            case Role.CURATEUR:
                return true()
            case Role.REFERENT_DEPARTEMENT:
                return among(Actor.territory_code, sorted(self.territories))
            case Role.REFERENT_ETAT:
                own = among(Actor.territory_code, sorted(self.territories))
                return and_(own, _PUBLISHED | _HOST | (Actor.status == "archived"))
        return false()

    @property
    def writes_resources(self) -> bool:
        """Return whether this viewer writes resources; an administrateur opens none."""
        return self.role in {Role.CURATEUR, Role.REFERENT_DEPARTEMENT, Role.REFERENT_ETAT}

    @property
    def publishes_resources(self) -> bool:
        """Return whether this viewer decides what is published; what others write waits."""
        return self.role is Role.CURATEUR

    @property
    def reads_professional(self) -> bool:
        """Return whether this viewer reads what is written for professionals."""
        return self.asker is not None or self.writes_resources

    def resources(self) -> Subquery:
        """Return the resources that this viewer may see, as a FROM clause named "resource"."""
        return self._of(_resources, Resource.audience)

    def editions(self) -> Subquery:
        """Return the former editions of those, as a FROM clause named "resource_edition"."""
        known = self.resources()
        return (
            select(*ResourceEdition.__table__.c)
            .join(known, known.c.public_id == ResourceEdition.public_id)
            .where(self._reads(ResourceEdition.audience))
            .subquery("resource_edition")
        )

    def events(self) -> Subquery:
        """Return the events of the agenda that this viewer may read, as "agenda_event".

        Nobody reads here who organises one, nor where, of whom something is hidden.
        """
        return self._of(_events, AgendaEvent.audience)

    def members(self) -> Select[*tuple[Any, ...]]:
        """Return the members of the network whom this viewer may read of, as app/visible/members.py
        has them: nobody unless they are signed in or written to, and a member themselves.
        """
        if self.asker is not None:
            may = and_(network.is_one(self.asker.at), network.asks_as_member(self.asker))
        elif self.addressee is not None:
            may = and_(network.is_one(self.addressee.at), is_written_to(self.addressee))
        else:
            may = false()
        return network.listed(may)

    def reads_in_committee(self, territory: InstrumentedAttribute[str]) -> ColumnElement[bool]:
        """Return whether this viewer reads in the closed place of the CDLP of a territory, as
        app/visible/committees.py has it: who sits there or convenes it, and nobody else.
        """
        return committees.reads_in(self.asker, territory) if self.asker else false()

    def meets_in_committee(self, territory: InstrumentedAttribute[str]) -> ColumnElement[bool]:
        """Return whether this viewer may be told when the CDLP of a territory meets, and nothing
        of what is said there: who sits in it, by their own calendar, or who reads there.
        """
        member = self.addressee
        if member is None or member.account is None:
            return self.reads_in_committee(territory)
        return committees.sits(member.account, member.at, territory)

    def convenes_committee(self, territory: InstrumentedAttribute[str]) -> ColumnElement[bool]:
        """Return whether this viewer convenes it."""
        return committees.convenes(self.asker, territory) if self.asker else false()

    def _of(self, made: _Made, audience: InstrumentedAttribute[Any]) -> Subquery:
        """Return what is for this viewer: the same object each time, but for a professional."""
        read = self._reads(audience)
        is_one = self.asker or self.addressee
        return made(read) if is_one else _same(made, read)

    def _reads(self, audience: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        if self.asker is not None:
            return or_(_for_all(audience), is_signed_in(self.asker))
        if self.addressee is not None:
            for_members = among(audience, FOR_MEMBERS)
            return or_(_for_all(audience), and_(for_members, is_written_to(self.addressee)))
        return true() if self.reads_professional else _for_all(audience)

    def reads(self, field: str, *, neutral: bool, chosen: Readers | None = None) -> bool:
        """Say whether this viewer reads a field that is for professionals; as readers_of."""
        readers = readers_of(field, neutral=neutral, chosen=chosen)
        return readers == "public" or (readers == "professionnel" and self.reads_professional)

    def read_in_part(self) -> Select[UUID, bytes]:
        """Return the published actors of whose sealed record a professional reads some fields, with
        the record: `reads` says which. Nothing for anybody else, whom other pages show the whole.
        """
        reads = (_PUBLISHED, ~asked_to_hide(Actor.id))
        allowed = and_(*reads, is_signed_in(self.asker)) if self.asker else false()
        return _records(allowed)

    def learns_what_is_hidden_in(self, territory: str) -> bool:
        """Say whether a person of the staff may know who is hidden in a territory, by its code."""
        if self.role is Role.REFERENT_DEPARTEMENT:
            return territory in self.territories
        return self.role is Role.CURATEUR

    def sealed(self) -> Select[UUID, bytes]:
        """Return the actors whose sealed record this viewer may have opened, with the record.

        Nothing for the public and for administrateurs; for référents of the State what they look
        after and nothing hides; the public login is refused the statement itself.
        """
        if self.role is Role.REFERENT_ETAT:
            allowed = and_(self.worked_on(), ActorProtected.level.is_(None), of_the_state())
        elif self.asker is not None:
            # A place that was closed, or whose existence became secret since, is not shown again.
            allowed = and_(_revealed_to(self.asker), _PUBLISHED)
        else:
            allowed = self.worked_on()
        return _records(allowed)


def readers_of(field: str, *, neutral: bool, chosen: Readers | None = None) -> Readers:
    """Return who reads a field of a record: as the vocabulary has it, or as was chosen for one
    actor, no further than the vocabulary allows.

    neutral: of a sheet that says its family alone, of which its operator chooses, else a person.
    """
    known = vocabulary.load().readers.get(field)
    if known is None:
        return "protege"
    if neutral:
        return min(chosen or "protege", known.neutral, key=vocabulary.FEWEST_FIRST.index)
    return min(chosen or known.usual, known.widest, key=vocabulary.FEWEST_FIRST.index)


def _records(allowed: ColumnElement[bool]) -> Select[UUID, bytes]:
    return (
        select(ActorProtected.actor_id, ActorProtected.record)
        .join(Actor, Actor.id == ActorProtected.actor_id)
        .where(allowed)
    )


def as_revealed() -> ColumnElement[bytes]:
    """Return what stands for a sealed record: it is sealed anew each time that it is written."""
    causes = func.coalesce(ActorProtected.causes, literal_column("''::bytea"))
    return func.sha256(ActorProtected.record.op("||")(causes))


def _revealed_to(asker: Asker) -> ColumnElement[bool]:
    """Return which actors somebody was told of and may read still, all of it in one statement.

    It ends with their account or session, with another choice of the operator, with its code
    as soon as it is pressed, and with whatever is written of the actor: it was made stricter, or
    has another number.
    """
    return (
        select(Reveal.id)
        .join(RevealChoice, RevealChoice.actor_id == Reveal.actor_id)
        .where(
            Reveal.actor_id == Actor.id,
            Reveal.account_id == asker.account,
            Reveal.given_at <= asker.at,
            Reveal.ends_at > asker.at,
            Reveal.ended_at.is_(None),
            Reveal.sealed == as_revealed(),
            Reveal.chosen_at == RevealChoice.made_at,
            RevealChoice.choice != "never",
            is_signed_in(asker),
            ~asked_to_hide(Reveal.actor_id),
        )
        .correlate(Actor, ActorProtected)
        .exists()
    )


def of_the_state() -> ColumnElement[bool]:
    """Return which actors référents of the State look after, whatever hides."""
    known = vocabulary.load().categories.values()
    theirs = (each.code for each in known if each.family in FAMILIES_OF_THE_STATE)
    return among(Actor.category, sorted(theirs))


@cache
def hosts() -> Subquery:
    """Return those who are no answer by themselves, as a FROM clause named "actor".

    They are named where nobody takes a step; no list, map, count or file has them.
    """
    return select(*public_columns()).where(_HOST, ~Actor.protected).subquery("actor")


# A literal, since a bound status would keep generic plans off the partial indexes.
_PUBLISHED = Actor.status == literal_column("'published'")
_HOST = Actor.status == literal_column("'host'")
PUBLIC = Viewer()
# Who types a command, with the staff login and the keys.
OPERATOR = Viewer.staff(Role.CURATEUR)


def public_columns() -> tuple[ColumnElement[object], ...]:
    """Return the columns of an actor that a visitor may read: never the internal id."""
    return tuple(Actor.__table__.c[name] for name in PUBLIC_VIEWS["actor"])


# Written once, so that a statement of them is known again.
@cache
def _for_all(audience: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    return audience == literal_column("'public'")


@cache
def _same(made: _Made, read: ColumnElement[bool]) -> Subquery:
    return made(read)


def _resources(read: ColumnElement[bool]) -> Subquery:
    columns = (Resource.__table__.c[name] for name in PUBLIC_VIEWS["resource"])
    return select(*columns).where(read).subquery("resource")


def _events(read: ColumnElement[bool]) -> Subquery:
    named = published().alias("organiser").c
    column = AgendaEvent.__table__.c
    by_name = select(named.public_id).where(named.public_id == column.actor_id, ~named.protected)
    shown = by_name.correlate(AgendaEvent.__table__).exists()
    says_where = or_(shown, column.actor_id.is_(None))
    hides = {"actor_id": shown, "place": says_where, "commune_code": says_where}
    columns = (
        case((hides[name], column[name])).label(name) if name in hides else column[name]
        for name in PUBLIC_VIEWS["agenda_event"]
    )
    return select(*columns).where(read).subquery("agenda_event")


@cache
def published() -> Subquery:
    """Return the actors that visitors may see, as a FROM clause named "actor".

    Always the same object: to name its columns anew takes as long as to read a page of actors. A
    statement with one inside another takes an alias of it for one of them.
    """
    return PUBLIC.actors()
