"""What registers say of who is competent for communes, stored and tied to actors of the directory.

No word of a file is stored: keyed digests of identifiers and names, and the public id of whom they
name. Whoever is not public is nobody here.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.models import Actor, Commune, Competence, Source, SourceRecord
from app.platform.database.copying import copy_in
from app.platform.database.sessions import among
from app.vault.digests import digest
from geo.gazetteer import Gazetteer
from geo.names import normalise
from importers.mapping import shipped
from importers.registers import directory
from importers.registers.catalogue import registers
from importers.registers.competence import (
    GENDARMERIE,
    JUSTICE,
    POLICE,
    Named,
    town_of,
)
from importers.registers.edition import Edition
from importers.sectors import OFFICE

STATED = (JUSTICE, POLICE, GENDARMERIE)
# A line of the table: commune, category, key.
Row = tuple[str, str, bytes]
_REMOVE = text(
    "DELETE FROM competence c USING unnest(CAST(:communes AS text[]),"
    " CAST(:categories AS text[]), CAST(:keys AS bytea[])) AS gone"
    " (commune_code, category, key) WHERE c.register = :register"
    " AND (c.commune_code, c.category, c.key) = (gone.commune_code, gone.category, gone.key)"
)
_TIE = text(
    "UPDATE competence c SET public_id = found.public_id"
    " FROM unnest(CAST(:keys AS bytea[]),"
    " CAST(:territories AS text[]), CAST(:ids AS text[]))"
    " AS found (key, territory_code, public_id), commune"
    " WHERE commune.code = c.commune_code AND commune.territory_code = found.territory_code"
    " AND c.key = found.key AND c.public_id IS DISTINCT FROM found.public_id"
)


class Known:
    """The public actors of the directory, by what registers call them."""

    def __init__(self, session: Session, key: bytes) -> None:
        self._key = key
        self._ids: dict[bytes, str] = {}
        self._named: dict[bytes, dict[str, str]] = defaultdict(dict)
        self._names: dict[str, str] = {}
        statement = (
            select(
                SourceRecord.identity,
                Actor.public_id,
                Actor.name,
                Actor.category,
                Actor.territory_code,
            )
            .join(Source, Source.id == SourceRecord.source_id)
            .join(Actor, Actor.id == SourceRecord.actor_id)
            .where(
                Source.register == directory.CODE,
                SourceRecord.missing_since.is_(None),
                Actor.status == "published",
                ~Actor.protected,
                among(Actor.category, STATED),
            )
        )
        for identity, public_id, name, category, territory in session.execute(statement):
            self._ids[identity] = public_id
            self._names[public_id] = name
            self._named[self.digest(Named(category, name=name))][public_id] = territory
        # Of those of a council its own list may know more than the directory.
        offices = select(Actor.public_id, Actor.name, Actor.territory_code).where(
            Actor.category == OFFICE, Actor.status == "published", ~Actor.protected
        )
        for public_id, name, territory in session.execute(offices):
            self._named[self.digest(Named(OFFICE, name=name))][public_id] = territory

    def digest(self, named: Named) -> bytes:
        """Return what the table has of whom a register names, nothing for anyone of a category."""
        if named.identifier:
            return digest(self._key, "identity", f"id:{named.identifier}")
        if not named.name:
            return b""
        town = town_of(named.category, named.name) or normalise(named.name)
        return digest(self._key, "competent", f"{named.category}/{town}")

    def name_of(self, named: Named) -> str:
        """Return the name of whom a register names, "" where it gives an identifier of nobody."""
        return named.name or self._names.get(self._ids.get(self.digest(named)) or "", "")

    def find(self, key: bytes, category: str, territory: str) -> str | None:
        """Return the public id of the one actor of a digest, that of a territory before others.

        Of another territory a court alone: brigades of one name are many.
        """
        if key in self._ids:
            return self._ids[key]
        namesakes = self._named.get(key, {})
        here = [public_id for public_id, own in namesakes.items() if own == territory]
        either = here or (list(namesakes) if category == JUSTICE else [])
        return either[0] if len(either) == 1 else None


def tie(session: Session, known: Known) -> None:
    """Give each line the actor that it names, as the directory knows it now."""
    statement = (
        select(Competence.key, Competence.category, Commune.territory_code)
        .join(Commune, Commune.code == Competence.commune_code)
        .where(~Competence.anyone)
        .distinct()
    )
    found = [
        (key, territory, known.find(key, category, territory))
        for key, category, territory in session.execute(statement)
    ]
    keys, territories, ids = ([each[n] for each in found] for n in range(3))
    session.execute(_TIE, {"keys": keys, "territories": territories, "ids": ids})


def state(
    session: Session, register: str, rows: Iterable[Row], territory: str | None = None
) -> None:
    """Make what a register says these lines: only what differs is written.

    territory: the one that they are of, where it says nothing of another one.
    """
    wanted, stored = set(rows), stored_rows(session, register, territory)
    gone = sorted(stored - wanted)
    if gone:
        communes, categories, keys = ([each[n] for each in gone] for n in range(3))
        values = {"communes": communes, "categories": categories, "keys": keys}
        session.execute(_REMOVE, {"register": register, **values})
    columns = ("commune_code", "category", "key")
    new = (dict(zip(columns, row, strict=True)) for row in sorted(wanted - stored))
    copy_in(session, Competence, ({"register": register, **row} for row in new))


def stored_rows(session: Session, register: str, territory: str | None = None) -> set[Row]:
    """Return what a register says now, of a territory or of all of France."""
    statement = select(Competence.commune_code, Competence.category, Competence.key).where(
        Competence.register == register
    )
    if territory is not None:
        own = select(Commune.code).where(Commune.territory_code == territory)
        statement = statement.where(Competence.commune_code.in_(own))
    return {(commune, category, key) for commune, category, key in session.execute(statement)}


def state_directory(session: Session, key: bytes, edition: Edition, gazetteer: Gazetteer) -> None:
    """Store what the directory's own services say that they are in charge of, and tie all again."""
    known = Known(session, key)
    state(session, directory.CODE, rows_of(_of_directory(edition, gazetteer), known))
    tie(session, known)


def _of_directory(edition: Edition, gazetteer: Gazetteer) -> Mapping[str, Iterable[Named]]:
    titles = {
        field: t for t, field in shipped()[registers()[directory.CODE].mapping].columns.items()
    }
    category, identifier, coverage = (
        edition.columns.index(titles[field]) for field in ("category", "external_id", "coverage")
    )
    said: dict[str, set[Named]] = defaultdict(set)
    for lines in edition.lines.values():
        for line in lines:
            for code in line[coverage].split(";") if line[category] in STATED else ():
                if commune := gazetteer.by_insee(code):
                    said[commune.code].add(Named(line[category], identifier=line[identifier]))
    return said


def rows_of(said: Mapping[str, Iterable[Named]], known: Known) -> set[Row]:
    """Return the lines of what is said of communes."""
    return {
        (commune, named.category, known.digest(named))
        for commune, several in said.items()
        for named in several
    }
