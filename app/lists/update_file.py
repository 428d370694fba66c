"""The actors of a territory as a file that is filled in and sent back: what it holds of each.

Of each actor that visitors see it holds what they may read and no more, so that the file gives
nothing away where it goes; of a protected one its id and its neutral name alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Actor, ActorProtected
from app.records.entered import shown
from app.records.record import ActorRecord
from app.records.sealed import open_record
from app.records.sheets import is_protected
from app.vault.digests import digest
from app.vault.sealing import Vault
from app.visibility import Viewer, published
from geo.gazetteer import Gazetteer
from geo.postal import clean_postcode
from geo.text import fold
from importers import vocabulary
from importers.ages import read_age
from importers.dates import read_date
from importers.phones import find_phones
from importers.terms import codes_of
from importers.text import clean
from importers.vocabulary import LISTS

ID_TITLE, MARKS_TITLE = "Identifiant Mesure 23", "Repère (à laisser)"
OPEN, CLOSED = "ouvert", "fermé"
# Field of the form of an actor, and the state -> title of its column, as importers know it.
TITLES = {
    "name": "Nom",
    "status": "État",
    "acronym": "Sigle",
    "category": "Catégorie",
    "functions": "Missions",
    "audiences": "Publics",
    "languages": "Langues",
    "age_min": "Âge minimum",
    "age_max": "Âge maximum",
    "address": "Adresse",
    "postcode": "Code postal",
    "city": "Commune",
    "phones": "Téléphone",
    "duty_phones": "Astreinte (public)",
    "duty_hours": "Horaires d'astreinte",
    "emails": "Courriel",
    "website": "Site internet",
    "opening_hours": "Horaires",
    "access": "Accessibilité",
    "referral_public": "Comment orienter (public)",
    "referrers_public": "Qui peut orienter (public)",
    "coverage": "Couverture",
    "description": "Description",
    "verified_on": "Vérifié le",
}
_MARK = 6


@dataclass(frozen=True, slots=True)
class Listed:
    """An actor of such a file, by its public name. masked: the file says nothing else of it."""

    actor_id: UUID
    public_id: str
    name: str
    masked: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class FileRow:
    """A line of such a file: a text for each of TITLES, and the marks of these texts."""

    public_id: str
    cells: Mapping[str, str]
    marks: str


def listed(session: Session, viewer: Viewer, territory: str) -> dict[str, Listed]:
    """Return the actors of a territory that such a file lists, by their public ids.

    Those alone that visitors see: of a draft or of a secret place the file says not even that it
    exists.
    """
    public = published().alias("public")
    statement = (
        select(Actor.id, Actor.public_id, public.c.name, ActorProtected.level, Actor.created_at)
        .join(ActorProtected, ActorProtected.actor_id == Actor.id)
        .join(public, public.c.public_id == Actor.public_id)
        .where(viewer.worked_on(), Actor.territory_code == territory)
    )
    return {
        public_id: Listed(actor, public_id, name, is_protected(level, "published"), created)
        for actor, public_id, name, level, created in session.execute(statement)
    }


def file_rows(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    territory: str,
    gazetteer: Gazetteer,
    key: bytes | None,
    today: date,
) -> Iterator[FileRow]:
    """Yield the lines of the file of a territory, by name; key: of digests."""
    found = listed(session, viewer, territory)
    opened = viewer.sealed().where(
        Actor.territory_code == territory,
        Actor.status == "published",
        ActorProtected.level.is_(None),
    )
    records = dict(session.execute(opened).all())
    for each in sorted(found.values(), key=lambda one: (fold(one.name), one.public_id)):
        cells = masked_cells(each.name)
        if not each.masked:
            record = open_record(vault, each.actor_id, records[each.actor_id])
            cells = cells_of(record, gazetteer)
        marks = marks_of(key, each.public_id, territory, cells, today) if key else ""
        yield FileRow(each.public_id, cells, marks)


def masked_cells(name: str) -> dict[str, str]:
    """Return what the file says of a protected actor, by its public name."""
    return dict.fromkeys(TITLES, "") | {"name": name}


def cells_of(record: ActorRecord, gazetteer: Gazetteer) -> dict[str, str]:
    """Return what the file says of an actor of which nothing is hidden."""
    texts = shown(record, gazetteer) | {"status": OPEN}
    words = vocabulary.load()
    texts["category"] = words.categories[record.category].label
    for name in LISTS:
        known = words.terms(name)
        texts[name] = " ; ".join(known[code].label for code in getattr(record, name))
    if record.verified_on:
        texts["verified_on"] = record.verified_on.strftime("%d/%m/%Y")
    return {name: clean(texts[name])[0] for name in TITLES}


def marks_of(
    key: bytes, public_id: str, territory: str, cells: Mapping[str, str], today: date
) -> str:
    """Return the day, and a mark of each cell, by which one that comes back is known as changed."""
    marks = (
        mark(key, public_id, name, plain(name, cells[name], territory, today)) for name in TITLES
    )
    return " ".join((f"{today:%Y%m%d}", *marks))


def mark(key: bytes, public_id: str, name: str, said: str) -> str:
    """Return the mark of one cell: keyed, so that nobody finds its text by trying."""
    return digest(key, "cell", f"{public_id}/{name}/{said}").hex()[:_MARK]


def read_marks(text: str) -> tuple[date | None, dict[str, str]]:
    """Return the day on which a line was handed out, and its marks; nothing where they are lost."""
    day, *marks = text.split() or [""]
    if len(marks) != len(TITLES) or not (len(day) == 8 and day.isascii() and day.isdigit()):
        return None, {}
    try:
        return date(int(day[:4]), int(day[4:6]), int(day[6:])), dict(
            zip(TITLES, marks, strict=True)
        )
    except ValueError:
        return None, {}


def plain(name: str, text: str, territory: str, today: date) -> str:
    """Return what a cell says, however a spreadsheet writes it: a number as a text, a day."""
    text = clean(text)[0]
    if name == "verified_on":
        day, _ = read_date(text, today)
        return day.isoformat() if day else text
    if name in ("age_min", "age_max"):
        age, _ = read_age(text)
        return text if age is None else str(age)
    if name in ("phones", "duty_phones"):
        numbers, odd = find_phones(text, territory)
        return " ".join(sorted(numbers)) if numbers and not odd else text
    if name == "postcode":
        return clean_postcode(text) or text
    if name in LISTS:
        codes, unknown = read_codes(name, text)
        return " ".join(sorted(codes)) if not unknown else text
    return text


def read_codes(name: str, text: str) -> tuple[list[str], list[str]]:
    """Return the codes of a list of terms, and the words that are none; labels as they are first.

    A label may hold what otherwise parts two of them.
    """
    known = vocabulary.load().terms(name)
    labels = {fold(term.label): code for code, term in known.items()}
    codes: list[str] = []
    unknown: list[str] = []
    for piece in filter(None, map(str.strip, text.replace("\n", ";").split(";"))):
        if code := labels.get(fold(piece)):
            codes.append(code)
            continue
        found, lost = codes_of(piece, known)
        codes += found
        unknown += lost
    return list(dict.fromkeys(codes)), unknown
