"""The lists and registers that an actor may come from, as its reader may know them."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import Session

from app.models import Role, Source, SourceFile
from app.platform.database.sessions import among
from app.vault.sealing import Vault
from app.visibility import Viewer


def lists_known_to(viewer: Viewer) -> ColumnElement[bool]:
    """Return which lists a viewer may know of, registers apart.

    Lists are named after shelters: a référent knows those of its territories, and one of the State
    none.
    """
    lists = Source.register.is_(None)
    if viewer.role is Role.CURATEUR:
        return lists
    if viewer.role is Role.REFERENT_DEPARTEMENT:
        return and_(lists, among(Source.territory_code, sorted(viewer.territories)))
    return false()


def sources(session: Session, vault: Vault, viewer: Viewer) -> dict[UUID, str]:
    """Return the lists and registers that a viewer may know of, by id, in order of their names."""
    known = or_(Source.register.is_not(None), lists_known_to(viewer))
    return _named(session, vault, known)


def names_of_lists(session: Session, vault: Vault, viewer: Viewer) -> list[str]:
    """Return what the lists are called that a viewer may know of and that sent something, registers
    apart.
    """
    came = exists().where(SourceFile.source_id == Source.id)
    return list(dict.fromkeys(_named(session, vault, lists_known_to(viewer) & came).values()))


def _named(session: Session, vault: Vault, which: ColumnElement[bool]) -> dict[UUID, str]:
    names = {each.id: _label(vault, each) for each in session.scalars(select(Source).where(which))}
    return dict(sorted(names.items(), key=lambda each: each[1].casefold()))


def _label(vault: Vault, source: Source) -> str:
    """Return the name of a list; a register has one in each territory, all called the same."""
    name = vault.open("source", source.id, "name", source.name).decode()
    return (
        f"{name} ({source.territory_code})" if source.register and source.territory_code else name
    )
