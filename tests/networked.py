"""Members of the network and what they say, as their pages write it."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.audit.journal import Author
from app.models import Account, Actor, Role
from app.models.network import CHARTER_ON
from app.network import members, writing
from app.network.profile import Profile
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from tests.desk.bureau import Browser

TEXT = "Sentinelle : repérage en établissement."


def joins(runtime: Runtime, account: UUID, now: datetime | None = None) -> UUID:
    """Have somebody accept the charter."""
    with write(runtime.staff) as session:
        own = (Author(str(account), Role.PROFESSIONNEL), account, CHARTER_ON)
        members.accept(session, runtime.vault, *own, now or datetime.now(UTC))
    return account


def says(runtime: Runtime, account: UUID, now: datetime | None = None, **fields: Any) -> None:
    """Have a member write their profile anew."""
    with write(runtime.staff) as session:
        own = (Author(str(account), Role.PROFESSIONNEL), account, Profile(**fields))
        writing.save(session, runtime.vault, *own, now or datetime.now(UTC))


def works_for(runtime: Runtime, account: UUID, public_id: str) -> None:
    """Have a member say whom they work for."""
    with write(runtime.staff) as session:
        own = (Author(str(account), Role.PROFESSIONNEL), account, public_id)
        writing.choose_actor(session, runtime.vault, *own, datetime.now(UTC))


def leaves(runtime: Runtime, account: UUID) -> None:
    with write(runtime.staff) as session:
        own = (Author(str(account), Role.PROFESSIONNEL), account)
        members.leave(session, runtime.vault, *own, datetime.now(UTC))


def moved_to(runtime: Runtime, account: UUID, *territories: str) -> None:
    """Have somebody approved for other territories."""
    with write(runtime.staff) as session:
        session.get_one(Account, account).territories = list(territories)


def joined_by(browser: Browser) -> dict[str, str]:
    """Join by the pages, say something, and return what stands in paths of the network."""
    accepts = {"charte": CHARTER_ON.isoformat(), "lu": "true"}
    assert browser.post("/pro/reseau/charte", accepts).status_code == 303
    assert (
        browser.post("/pro/reseau/profil", {"aider": TEXT, "fonction": "soin"}).status_code == 303
    )
    (member,) = re.findall(r"/pro/reseau/membres/([0-9a-f-]{36})", browser.get("/pro/reseau").text)
    return {"member_id": str(member)}


def public_id_of(runtime: Runtime, name: str) -> str:
    with read(runtime.staff) as session:
        return session.scalars(select(Actor.public_id).where(Actor.name == name)).one()
