"""Which curateur looks after which territory, and who stands in for them."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from app.errors import Mesure23Error
from app.models import Account, Role, TerritoryCurateur
from app.platform.database.sessions import among, hold

TERRITORIES_LOCK = 230028


class SameCurateur(Mesure23Error):
    """La même personne serait curateur et suppléante du territoire {code}."""

    status = 422
    title = "Deux personnes sont nécessaires"
    advice = "Choisissez une autre personne pour l’un des deux, puis recommencez."


class NotACurateur(Mesure23Error):
    """Cette personne n’est pas curateur, ou son compte n’ouvre plus."""

    status = 422
    title = "Personne à choisir de nouveau"
    advice = (
        "Choisissez parmi les personnes que la page propose : ce sont les curateurs d’aujourd’hui."
    )


@dataclass(frozen=True, slots=True)
class Assigned:
    """Who looks after a territory, by the ids of accounts; None where nobody does."""

    curateur: UUID | None = None
    stand_in: UUID | None = None


def assigned(session: Session) -> dict[str, Assigned]:
    """Return who looks after each territory that anybody looks after, by code."""
    found: dict[str, dict[bool, UUID]] = {}
    for row in session.scalars(select(TerritoryCurateur)):
        found.setdefault(row.territory_code, {})[row.stand_in] = row.account_id
    return {code: Assigned(each.get(False), each.get(True)) for code, each in found.items()}


def territories_of(session: Session, account_id: UUID) -> frozenset[str]:
    """Return the codes of the territories that somebody looks after, or stands in for."""
    own = TerritoryCurateur.account_id == account_id
    return frozenset(session.scalars(select(TerritoryCurateur.territory_code).where(own)))


def release(session: Session, account_id: UUID) -> None:
    """Leave the territories that an account looks after to others."""
    session.execute(delete(TerritoryCurateur).where(TerritoryCurateur.account_id == account_id))


def assign(session: Session, codes: Collection[str], changes: dict[bool, UUID | None]) -> None:
    """Give some territories another curateur (False) or stand-in (True); None: nobody.

    Raises NotACurateur or SameCurateur.
    """
    # Two who give the same territory at once: one goes after the other.
    hold(session, TERRITORIES_LOCK)
    _lock_curateurs(session, codes, {who for who in changes.values() if who is not None})
    before = assigned(session)
    for code in codes:
        now = before.get(code, Assigned())
        after = {False: now.curateur, True: now.stand_in} | changes
        if after[False] is not None and after[False] == after[True]:
            raise SameCurateur(code=code)
    changed = TerritoryCurateur.stand_in.in_(changes)
    here = among(TerritoryCurateur.territory_code, codes)
    session.execute(delete(TerritoryCurateur).where(here, changed))
    session.add_all(
        TerritoryCurateur(territory_code=code, stand_in=stand_in, account_id=who)
        for code in codes
        for stand_in, who in changes.items()
        if who is not None
    )
    session.flush()


def _lock_curateurs(session: Session, codes: Collection[str], named: set[UUID]) -> None:
    """Lock who has some territories and who is named; raise NotACurateur unless these may be.

    Nobody closes one of these accounts, or gives it another role, before the transaction ends.
    """
    having = select(TerritoryCurateur.account_id).where(
        among(TerritoryCurateur.territory_code, codes)
    )
    found = session.execute(
        select(Account.id, Account.role, Account.disabled_at)
        .where(or_(among(Account.id, named), Account.id.in_(having)))
        .order_by(Account.id)
        .with_for_update()
    )
    able = {each.id for each in found if each.role == Role.CURATEUR and each.disabled_at is None}
    if not named <= able:
        raise NotACurateur
