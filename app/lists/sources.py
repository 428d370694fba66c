"""Sources: a list that is sent again and again belongs to one, which is found by its name."""

import re
from collections.abc import Collection
from pathlib import PurePath
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.lists.content_days import likeness, without_day
from app.models import Source, Territory
from app.vault.digests import digest
from app.vault.sealing import Vault
from geo.text import fold
from importers.registers.catalogue import Register

RANK_OF_LISTS = 10
# Of a territory: of the files that are handed out of its actors, and come back.
UPDATES = "Fichier de mise à jour"


def source_name(filename: str, given: str | None) -> str:
    """Return the name of the source of a file: a list that comes back with a new date is the same.

    "Liste ASE 93 – 2026-03 (2).xlsx" and "liste_ase_93_v3.ods" belong to one source.
    """
    if given:
        return given.strip()
    stem = PurePath(filename).stem.replace("_", " ")
    return name_of_file(re.sub(r"\(\d+\)|\bv\d+\b", " ", stem))


def name_of_file(stem: str) -> str:
    """Return the name of a file, without its ending, without the months and days in it.

    A browser that has one of its name already adds " (1)" to it: that says nothing of the list.
    """
    stem = re.sub(r"\s*\(\d{1,3}\)\s*$", "", stem.replace("_", " "))
    return " ".join(re.sub(r"[\s–-]+", " ", without_day(stem)).split()) or "liste"


def find_source(
    session: Session, key: bytes, name: str, territory: str | None, register: Register | None = None
) -> UUID | None:
    """Return the source of that name and territory, or None before its first list.

    register: the one that it is, which no list is by its name.
    """
    wanted = _digest(key, name, territory, register)
    return session.scalar(select(Source.id).where(Source.digest == wanted))


def names_in(session: Session, vault: Vault, territory: str | None) -> list[str]:
    """Return what the lists of a territory are called, registers apart; None: national ones."""
    here = (Source.register.is_(None), Source.territory_code.is_not_distinct_from(territory))
    found = session.execute(select(Source.id, Source.name).where(*here))
    return [vault.open("source", each.id, "name", each.name).decode() for each in found]


def same_name(name: str, known: Collection[str], *, asks: bool = False) -> str:
    """Return the name of the one list that is called so but for a day, else the name itself.

    known: names that people gave, or a former release, which may say a day. asks: whether somebody
    is asked if it is that list, so that what may be a day counts as well.
    """
    if name.casefold() in map(str.casefold, known):
        return name
    found = {each for each in known if without_day(each).casefold() == name.casefold()}
    if not found and asks:
        found = {each for each in known if _may_be_one(name, each)}
    return found.pop() if len(found) == 1 else name


def _may_be_one(name: str, known: str) -> bool:
    like = likeness(name)
    dated = any(likeness(each) != fold(each) for each in (name, known))
    return bool(like) and dated and like == likeness(known)


def update_sources(session: Session, key: bytes, territory: str | None) -> list[UUID]:
    """Return the sources of files that are handed out: of one territory, or of all of them."""
    codes = [territory] if territory else session.scalars(select(Territory.code)).all()
    wanted = [_digest(key, UPDATES, code, None) for code in codes]
    return list(session.scalars(select(Source.id).where(Source.digest.in_(wanted))))


def find_or_make_source(
    session: Session,
    vault: Vault,
    key: bytes,
    name: str,
    territory: str | None,
    register: Register | None = None,
) -> UUID:
    """Return the source of that name and territory, made on first sight."""
    source = find_source(session, key, name, territory, register)
    while source is None:
        source_id = uuid4()
        values = {
            "id": source_id,
            "digest": _digest(key, name, territory, register),
            "name": vault.seal("source", source_id, "name", name.encode()),
            "territory_code": territory,
            "register": register.code if register else None,
            "rank": register.rank if register else RANK_OF_LISTS,
        }
        # Two imports may make it at once: the first one's stays.
        session.execute(insert(Source).values(values).on_conflict_do_nothing())
        source = find_source(session, key, name, territory, register)
    return source


def call_source(session: Session, vault: Vault, key: bytes, source: Source, name: str) -> bool:
    """Let a source that is locked be called otherwise, from its next list on; return whether no
    other one of its territory is called so.
    """
    wanted = _digest(key, name, source.territory_code, None)
    same = (Source.digest == wanted, Source.id != source.id)
    if session.scalar(select(Source.id).where(*same)) is not None:
        return False
    source.name, source.digest = vault.seal("source", source.id, "name", name.encode()), wanted
    try:
        with session.begin_nested():
            session.flush()
    except IntegrityError:
        # Somebody made one of that name at the same time.
        return False
    return True


def _digest(key: bytes, name: str, territory: str | None, register: Register | None) -> bytes:
    if register:
        return digest(key, "register", f"{register.code}/{territory or ''}")
    return digest(key, "source", f"{name.casefold()}/{territory or ''}")
