"""What members of the network read of each other: whom, which fields, and of whom they work for.

Nobody else reads any of it. Of whoever works for somebody of whom anything is hidden others read
neither texts nor contacts, which may say where; of a protected one they read its neutral name, as
everybody does; of one that is secret, archived or asked to be hidden, no organisation.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, false, func, literal_column, or_, select

from app.models import Account, Actor, ActorProtected, NetworkMember, StaffSession
from app.models.network import CHARTER_ON
from app.visible.asking import Asker, lets_in, signed_in_as
from app.visible.hiding import asked_to_hide

Audience = Literal["moi", "departement", "reseau"]
# Each field that has an audience -> who reads it where its owner says nothing.
AUDIENCES: dict[str, Audience] = {
    "function": "reseau",
    "organisation": "reseau",
    "territories": "reseau",
    "themes": "reseau",
    "trains": "reseau",
    "helps": "reseau",
    "languages": "reseau",
    "mailbox": "moi",
    "mail": "moi",
    "phone": "moi",
}
# What may say where a place is; of functions and training the words beside what was chosen.
TELLING = frozenset({"helps", "mailbox", "mail", "phone", "function_text", "trains_text"})


def members(at: datetime) -> Select[NetworkMember, Account]:
    """Return the members of now, with their accounts: approved, of the charter of today."""
    joined = NetworkMember.account_id == Account.id
    return select(NetworkMember, Account).join(Account, joined).where(is_one(at))


def member_ids(at: datetime) -> Select[UUID]:
    """Return the accounts of the members of now."""
    return members(at).with_only_columns(Account.id)


def is_one(at: datetime) -> ColumnElement[bool]:
    """Return whether a row of members, beside its account, is of one now."""
    return and_(
        NetworkMember.charter_on == CHARTER_ON, NetworkMember.blocked_at.is_(None), lets_in(at)
    )


def asks_as_member(asker: Asker) -> ColumnElement[bool]:
    """Return whether somebody who asks is signed in and a member, in the statement that reads."""
    own = members(asker.at).join(StaffSession, StaffSession.account_id == Account.id)
    # It has the tables of the statement around it, of somebody else.
    return own.where(*signed_in_as(asker)).correlate(None).exists()


def listed(may: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Return the members whom somebody may read of, as may says: account_id, sealed (a digest of
    what is sealed of them: of another one it is another), territories of their account, and of
    whom they work for public_id, slug, name and protected, None where nothing may be said; tells:
    whether their texts and contacts may be read.
    """
    open_one = and_(Actor.status == "published", ~asked_to_hide(Actor.id))
    free = and_(open_one, ~Actor.protected, ActorProtected.level.is_(None))
    tells = and_(~NetworkMember.masked, or_(NetworkMember.actor_id.is_(None), free))
    columns = (
        NetworkMember.account_id,
        as_sealed().label("sealed"),
        Account.territories,
        *(
            case((open_one, column)).label(f"actor_{column.key}")
            for column in (Actor.public_id, Actor.slug, Actor.name, Actor.protected)
        ),
        func.coalesce(tells, false()).label("tells"),
    )
    return (
        select(*columns)
        .join_from(NetworkMember, Account, NetworkMember.account_id == Account.id)
        .where(may)
        .outerjoin(Actor, Actor.id == NetworkMember.actor_id)
        .outerjoin(ActorProtected, ActorProtected.actor_id == Actor.id)
    )


def as_sealed() -> ColumnElement[bytes]:
    """Return what stands for what is sealed of a member: it is sealed anew each time."""
    said = func.coalesce(NetworkMember.profile, literal_column("''::bytea"))
    return func.sha256(said.op("||")(Account.person))


def readable(
    audiences: Mapping[str, Audience], *, own: bool, near: bool, tells: bool
) -> Collection[str]:
    """Return the fields of somebody that a member reads. own: it is themselves; near: both have a
    territory for which they were approved; tells: as of listed().
    """
    if own:
        return frozenset(AUDIENCES) | TELLING
    allowed = {"reseau", "departement"} if near else {"reseau"}
    found = {name for name, usual in AUDIENCES.items() if audiences.get(name, usual) in allowed}
    found |= {f"{name}_text" for name in ("function", "trains") if name in found}
    return found if tells else found - TELLING
