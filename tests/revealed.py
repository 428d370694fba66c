"""A professional who is told of some places, and what their operators chose."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import sessions
from app.accounts.people import token_digest
from app.models import Actor, ActorProtected, Reveal, RevealChoice, Role, StaffSession
from app.platform.database.sessions import among, write
from app.records.sealed import open_causes, open_record
from app.revealing import choices
from app.revealing.asking import new_number
from app.runtime.staff import Runtime
from app.vault.sealing import Vault
from app.visibility import as_revealed
from app.visible.asking import Asker
from geo.zones import paris_day
from tests.desk.bureau import account_of

SAID = paris_day()


def write_choice(session: Session, vault: Vault, actor_id: UUID, **given: Any) -> None:
    """Write down what an operator chose: directly, unless something else is given."""
    record, causes, former = session.execute(
        select(ActorProtected.record, ActorProtected.causes, RevealChoice.made_at)
        .outerjoin(RevealChoice, RevealChoice.actor_id == ActorProtected.actor_id)
        .where(ActorProtected.actor_id == actor_id)
    ).one()
    said: dict[str, Any] = {
        "choice": "direct",
        "entry": False,
        "by_operator": True,
        "on": SAID,
        "source": "courrier d’exemple",
        "number": None,
        "mail": None,
        "who": "essai",
        "now": datetime.now(UTC),
        "former": former,
    }
    why = open_causes(vault, actor_id, causes)
    known = open_record(vault, actor_id, record)
    choices.choose(session, vault, actor_id, known, why, **said | given)


def asker_of(runtime: Runtime, actors: Iterable[UUID]) -> Asker:
    """A professional who is signed in, and was given some actors, whatever their operators chose
    until then and however many may be read at once.
    """
    now, wanted = datetime.now(UTC), set(actors)
    with write(runtime.staff) as session:
        mail = f"{uuid4().hex[:12]}@example.org"
        account = account_of(session, runtime.vault, Role.PROFESSIONNEL, mail, ["93"])
        door: dict[str, Any] = {"device": "Firefox Windows", "network": b"somewhere", "now": now}
        token = sessions.open_session(session, runtime.vault, account, "password", **door)
        found = select(StaffSession.id).where(StaffSession.token == token_digest(token))
        asker = Asker(account.id, session.scalars(found).one(), now)
        for actor_id in sorted(wanted):
            write_choice(session, runtime.vault, actor_id, now=now)
        sealed = (
            select(ActorProtected.actor_id, as_revealed())
            .join(Actor, Actor.id == ActorProtected.actor_id)
            .where(among(Actor.id, wanted))
        )
        for actor_id, mark in session.execute(sealed).all():
            session.add(
                Reveal(
                    id=uuid4(),
                    actor_id=actor_id,
                    account_id=account.id,
                    number=new_number(),
                    motive="shelter",
                    sealed=mark,
                    chosen_at=now,
                    asked_at=now,
                    given_at=now,
                    ends_at=now + timedelta(hours=24),
                )
            )
    return asker
