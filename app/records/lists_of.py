"""The lists and registers that an actor may come from, as its reader may know them."""

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.models import Role, Source
from app.platform.database.sessions import among
from app.vault.sealing import Vault
from app.visibility import Viewer


def sources(session: Session, vault: Vault, viewer: Viewer) -> dict[UUID, str]:
    """Return the lists that a viewer may know of, by id, in order of their names.

    Lists are named after shelters: a référent knows those of its territories, and one of the State
    none but registers.
    """
    statement = select(Source)
    if viewer.role is not Role.CURATEUR:
        registers = Source.register.is_not(None)
        own = among(Source.territory_code, sorted(viewer.territories))
        theirs = viewer.role is Role.REFERENT_DEPARTEMENT
        statement = statement.where(or_(registers, own) if theirs else registers)
    names = {each.id: _label(vault, each) for each in session.scalars(statement)}
    return dict(sorted(names.items(), key=lambda each: each[1].casefold()))


def _label(vault: Vault, source: Source) -> str:
    """Return the name of a list; a register has one in each territory, all called the same."""
    name = vault.open("source", source.id, "name", source.name).decode()
    return (
        f"{name} ({source.territory_code})" if source.register and source.territory_code else name
    )
