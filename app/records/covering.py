"""Which communes an actor has, as a person says: before every list and register.

Written within the caller's transaction, as the form of the actor would write it, so that history
and its undo are the same.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author
from app.errors import Mesure23Error
from app.gazetteer.load import cached_gazetteer
from app.models import Actor, ActorProtected
from app.platform.database.sessions import IMPORT_LOCK, among, hold
from app.platform.web import french
from app.records.acts import RANK_OF_STAFF
from app.records.correcting import (
    Outdated,
    Saved,
    may_correct,
    noted,
    read_to_correct,
    write_by_hand,
)
from app.records.edits import Edit, correct
from app.records.history import last_written
from app.records.record import Origin
from app.records.writing import Writer
from app.search.holders import COVERS, Function, places_of
from app.vault.digests import index_key
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.gazetteer import Gazetteer
from geo.text import fold
from geo.zones import paris_day
from importers.text import shorten

_BETWEEN = re.compile(r"[\r\n;,\t]+")
# So many of what was not understood are named.
NAMED = 10


class HiddenHere(Mesure23Error):
    """Une partie de cette fiche est cachée : ses communes diraient où elle est. Rien n’est
    enregistré.
    """

    status = 409
    title = "Fiche cachée"
    advice = "Relisez pourquoi elle est cachée, sur sa fiche."


class AllOfFrance(Mesure23Error):
    """Cet acteur est compétent pour toute la France : aucune commune ne s’en retire."""

    status = 409
    title = "Acteur national"
    advice = "Corrigez d’abord « Territoires couverts » sur sa fiche."


class RegisterSaysSo(Mesure23Error):
    """Rien n’a changé : la fiche de l’acteur ne dit pas ces communes. Un registre peut les lui
    donner, et il ne se corrige pas ici.
    """

    status = 409
    title = "Rien à retirer"
    advice = "Ajoutez ces communes à l’acteur qui les a : les registres n’y comptent plus."


class LastOfAll(Mesure23Error):
    """Cet acteur a tout son territoire par la loi tant que sa fiche ne dit rien d’autre : il lui
    faut au moins une commune. Rien n’est enregistré.
    """

    status = 409
    title = "Dernières communes"
    advice = "Archivez l’acteur s’il n’est plus compétent nulle part."


class PlacesUnknown(Mesure23Error):
    """Rien n’est enregistré. Pas de commune de ce territoire à ce nom, ou plusieurs : {names}."""

    status = 422
    title = "Communes à revoir"
    advice = "Écrivez leur code INSEE, une commune par ligne."


class NothingChosen(Mesure23Error):
    """Aucune commune n’est choisie. Rien n’est enregistré."""

    status = 422
    title = "Rien de choisi"
    advice = "Cochez des communes, collez-en la liste, ou choisissez une intercommunalité."


@dataclass(frozen=True, slots=True)
class Covering:
    """What somebody says that an actor has, or has not, of a territory.

    communes: codes of today. whole: all of the territory. based_on: the revision that they read.
    """

    territory: str
    deed: Literal["ajouter", "retirer"]
    communes: frozenset[str]
    whole: bool
    based_on: int


def read_communes(
    gazetteer: Gazetteer, territory: str, codes: Iterable[str], text: str, epci: str
) -> frozenset[str]:
    """Return the communes of a territory that somebody chose; raise PlacesUnknown.

    codes: chosen one by one; text: names or codes, former ones too; epci: its code, or "".
    """
    found, unknown = set(), []
    for piece in (*codes, *filter(None, map(str.strip, _BETWEEN.split(text)))):
        by_code = gazetteer.by_insee(piece.upper())
        several = [by_code] if by_code else gazetteer.find(piece, territory=territory)
        if len(several) > 1:
            # One of that very name stands before those that only have a part of it.
            several = [each for each in several if fold(each.name) == fold(piece)] or several
        if len(several) == 1 and several[0].territory == territory:
            found.add(several[0].code)
        else:
            unknown.append(f"« {shorten(piece, 40)} »")
    own = (each for each in gazetteer.communes if each.territory == territory)
    if epci:
        members = {each.code for each in own if each.epci == epci}
        if not members:
            unknown.append(f"« {shorten(epci, 40)} »")
        found |= members
    if unknown:
        over = len(unknown) - NAMED
        more = f" et {french.count(over, 'autre', 'autres')}" if over > 0 else ""
        raise PlacesUnknown(names=f"{', '.join(unknown[:NAMED])}{more}")
    return frozenset(found)


def correctable(session: Session, viewer: Viewer, public_ids: Iterable[str]) -> dict[str, int]:
    """Return which of some actors somebody may give communes, each with its revision."""
    statement = (
        select(Actor.public_id, Actor.category, Actor.territory_code, last_written(Actor.id))
        .join(ActorProtected, ActorProtected.actor_id == Actor.id)
        .where(
            among(Actor.public_id, sorted(public_ids)),
            ActorProtected.level.is_(None),
            viewer.worked_on(),
        )
    )
    return {
        public_id: revision or 0
        for public_id, category, territory, revision in session.execute(statement)
        if may_correct(viewer, category, territory) is None
    }


def cover(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    public_id: str,
    function: Function,
    wish: Covering,
    now: datetime,
) -> Saved:
    """Write what an actor covers; raises what the form of an actor does, and the errors above."""
    hold(session, IMPORT_LOCK)
    sheet = read_to_correct(session, vault, viewer, author.who, public_id, now)
    if wish.based_on != sheet.revision:
        raise Outdated
    if sheet.level is not None:
        raise HiddenHere
    if not (wish.communes or wish.whole):
        raise NothingChosen
    gazetteer = cached_gazetteer(session.connection())
    writer = Writer(session, vault, index_key(session, vault), gazetteer)
    edit = writer.stored([sheet.actor_id])[sheet.actor_id]
    values = _values(edit, function, wish, gazetteer)
    if not values:
        if wish.deed == "retirer":
            raise RegisterSaysSo
        return Saved(public_id)
    origin = Origin(source="staff", day=paris_day(now), rank=RANK_OF_STAFF)
    correct(edit, values, origin)
    beside, _ = write_by_hand(session, vault, writer, edit, viewer, author, publish=False)
    return noted(session, vault, author, edit, Action.EDITED, tuple(values), beside)


def _values(edit: Edit, function: Function, wish: Covering, gazetteer: Gazetteer) -> dict[str, Any]:
    """Return the fields that change, with their values."""
    record = edit.record
    if record.covers_national:
        if wish.deed == "retirer":
            raise AllOfFrance
        return {}
    own = [each for each in gazetteer.communes if each.territory == wish.territory]
    row = {name: getattr(record, name) for name in (*COVERS, "category", "functions")}
    # Who has a territory by law says nothing of it: with one commune said it would have that alone.
    by_law = places_of(function, {**row, "territory_code": record.territory})
    here = {each.code for each in own} if wish.whole else wish.communes
    territories = set(record.covers_territories) | (by_law & {record.territory})
    epcis, communes = set(record.covers_epcis), set(record.covers_communes)
    if wish.deed == "ajouter":
        territories |= {wish.territory} if wish.whole else set()
        communes |= wish.communes
    else:
        if wish.territory in territories:
            territories.remove(wish.territory)
            communes |= {each.code for each in own}
        for epci in {each.epci for each in own if each.code in here and each.epci in epcis}:
            epcis.remove(epci)
            communes |= {each.code for each in gazetteer.communes if each.epci == epci}
        communes -= here
        if not (territories | epcis | communes) and by_law == {record.territory}:
            raise LastOfAll
    wanted = {
        "covers_territories": _in_order(record.covers_territories, territories),
        "covers_epcis": _in_order(record.covers_epcis, epcis),
        "covers_communes": _in_order(record.covers_communes, communes),
    }
    values = {name: value for name, value in wanted.items() if value != getattr(record, name)}
    more, less = (here, ()) if wish.deed == "ajouter" else ((), here)
    said = record.said_with(more, less)
    if said == record.communes_said:
        return values
    # No list takes back what a person says, even where it said so first.
    name = "covers_territories" if wish.whole else "covers_communes"
    return values | {name: wanted[name], "communes_said": said}


def _in_order(before: Iterable[str], after: set[str]) -> tuple[str, ...]:
    first = [each for each in before if each in after]
    return (*first, *sorted(after - set(first)))
