"""What a list of staff is narrowed by: read from its address, and asked of the database."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any, Self
from urllib.parse import urlencode

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    cast,
    exists,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from app.models import Actor, ActorProtected, Commune, Role, SourceRecord
from app.models.protected import Level
from app.platform.database.sessions import among
from app.platform.uuids import uuid_in
from app.records.true_names import Named
from app.visibility import Viewer, of_the_state
from geo.text import fold
from importers import vocabulary

LONGEST, MOST_WORDS = 200, 8
OLD = timedelta(days=365)
# The values of an address, as they are stored; app/records/wording.py has the words of them.
STATES: Mapping[str, str] = {
    "brouillon": "draft",
    "publie": "published",
    "hote": "host",
    "archive": "archived",
    "secret": "secret",
}
LEVELS: Mapping[str, Level | None] = {
    "aucune": None,
    "adresse": "held",
    "neutre": "neutral",
    "retenue": "unlisted",
}
CAUSES = {
    # It waits for a call by the desk.
    "operateur": ("operator", "Masqué par son opérateur"),
    "categorie": ("category", "Sa catégorie accueille des enfants"),
    "mot": ("word", "Un mot de sa liste"),
    "mention": ("mention", "Une mission ou une phrase à lever"),
    "confidentiel": ("secret", "Sa liste le dit confidentiel"),
    "personne": ("person", "Son nom semble celui d’une personne"),
    "a-classer": ("unclassified", "À classer"),
    "voisin": ("beside", "Partage l’adresse d’un lieu protégé"),
    "decision": ("decision", "Décision d’une personne"),
    "double": ("duplicate", "Peut-être un double"),
}
POINTS = {
    "introuvable": ("rejected", "Adresse pas trouvée"),
    "douteux": ("review", "Réponse douteuse"),
    "lieu-dit": ("locality", "Au lieu-dit"),
    "voie": ("street", "À la voie"),
}
# The value of the point that stands for all of these.
DOUBTFUL = "oui"
# Of the hidden, those that wait for a person, and those whose category or a person settled it.
DECIDED = {"non": "À décider", "oui": "Rien à décider", "tous": "Tous"}
TEXTS = {"oui": "À donner aux professionnels", "illisible": "Illisibles"}
VERIFIED = {"jamais": "Jamais vérifié", "ancien": "Il y a plus de douze mois"}
SORTS = {
    "nom": "Nom",
    "territoire": "Territoire",
    "modifie": "Dernier changement",
    "verifie": "Vérification",
}
# Of the sorts, those in which names decide.
BY_NAME = ("nom", "territoire")
# The value of the territory that stands for those that somebody looks after.
MINE = "miens"
_PHONE = re.compile(r"[\d\s.+()/-]+")
# Fewer digits are in most numbers.
FEWEST_DIGITS = 4
_PUBLIC_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; every name is that of a parameter of the address, but mine.

    What an address says that means nothing narrows nothing. mine: codes of the territories that
    somebody looks after.
    """

    q: str = ""
    categorie: str = ""
    territoire: str = ""
    etat: str = ""
    protection: str = ""
    cause: str = ""
    source: str = ""
    verifie: str = ""
    absent: str = ""
    masque: str = ""
    point: str = ""
    decide: str = ""
    donner: str = ""
    sort: str = "nom"
    page: int = 1
    mine: frozenset[str] = frozenset()

    @classmethod
    def read(
        cls,
        given: Mapping[str, str],
        *,
        territories: Mapping[str, str],
        mine: frozenset[str] = frozenset(),
    ) -> Self:
        """Read an address; territories: those that its reader may choose, by code."""
        words = vocabulary.load()
        choices = {
            "categorie": words.categories.keys() | words.families.keys(),
            "territoire": {*territories, *([MINE] if mine else [])},
            "etat": STATES.keys(),
            "protection": LEVELS.keys(),
            "cause": CAUSES.keys(),
            "verifie": VERIFIED.keys(),
            "absent": {"oui"},
            "masque": {"oui"},
            "point": {DOUBTFUL, *POINTS},
            "decide": DECIDED.keys(),
            "donner": TEXTS.keys(),
        }
        chosen = {name: given.get(name, "") for name in choices}
        page = given.get("page", "")
        return cls(
            q=given.get("q", "")[:LONGEST].strip(),
            source=given.get("source", "") if uuid_in(given.get("source", "")) else "",
            sort=given.get("tri", "") if given.get("tri") in SORTS else "nom",
            # PostgreSQL counts rows in 64 bits.
            page=max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 9 else 1,
            mine=mine,
            **{name: value for name, value in chosen.items() if value in choices[name]},
        )

    def query(self, **other: str | int) -> str:
        """Return its part of an address, with other values."""
        values = {each.name: getattr(self, each.name) for each in fields(self)} | other
        values.pop("mine")
        values["tri"] = values.pop("sort")
        without = {"tri": "nom", "page": 1}
        return urlencode({k: v for k, v in values.items() if v and v != without.get(k)})

    @property
    def by_name(self) -> bool:
        """Say whether names are needed to find or to sort it."""
        return bool(self.q) or self.sort in BY_NAME

    def without(self, name: str) -> Self:
        """Return the same with one thing less that narrows."""
        cleared: dict[str, Any] = {name: "", "page": 1}
        return replace(self, **cleared)

    @property
    def narrowed_by(self) -> tuple[str, ...]:
        """Return the names of what narrows it."""
        names = (each.name for each in fields(self) if each.name not in ("sort", "page", "mine"))
        return tuple(name for name in names if getattr(self, name))


def conditions(viewer: Viewer, wanted: Wanted, today: date) -> list[ColumnElement[bool]]:
    """Return what a list is asked for but its words, its cause, what is decided and what is to be
    given, which are read from what is sealed as well.

    Of its statement are Actor and ActorProtected.
    """
    doubtful = of_points(viewer, wanted.point) if wanted.point else ()
    return [viewer.worked_on(), *_of_columns(viewer, wanted, today), *_of_lists(wanted), *doubtful]


def of_list(which: Iterable[ColumnElement[bool]], *columns: Any) -> Select[*tuple[Any, ...]]:
    """Select columns of the actors that are asked for by some conditions."""
    return (
        select(*columns)
        .select_from(Actor)
        .join(ActorProtected, ActorProtected.actor_id == Actor.id)
        .outerjoin(Commune, Commune.code == Actor.commune_code)
        .where(*which)
    )


def _of_columns(viewer: Viewer, wanted: Wanted, today: date) -> Iterator[ColumnElement[bool]]:
    if wanted.categorie:
        words = vocabulary.load()
        of_family = [
            code for code, each in words.categories.items() if each.family == wanted.categorie
        ]
        yield among(Actor.category, {wanted.categorie, *of_family})
    yield from of_place(wanted)
    if wanted.etat:
        yield Actor.status == STATES[wanted.etat]
    if wanted.protection:
        level = LEVELS[wanted.protection]
        yield ActorProtected.level.is_(None) if level is None else ActorProtected.level == level
    if wanted.masque:
        yield or_(ActorProtected.level.is_not(None), Actor.status.in_(("draft", "secret")))
        yield Actor.status != "archived"
    if wanted.verifie:
        yield ~unverifiable(viewer)
        unverified = Actor.verified_on.is_(None)
        yield unverified if wanted.verifie == "jamais" else Actor.verified_on < today - OLD


def unverifiable(viewer: Viewer) -> ColumnElement[bool]:
    """Return of whom a list does not say when it was verified, which is hidden with it.

    To whoever learns of nobody that it is hidden, what the public reads.
    """
    if viewer.role is Role.REFERENT_ETAT:
        return Actor.protected.is_(True)
    return ActorProtected.level.is_not(None)


def of_place(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return the territory that is asked for, a condition of Actor; none where all are."""
    if wanted.territoire == MINE:
        return [among(Actor.territory_code, sorted(wanted.mine))]
    return [Actor.territory_code == wanted.territoire] if wanted.territoire else []


def of_points(viewer: Viewer, point: str = DOUBTFUL) -> Iterator[ColumnElement[bool]]:
    """Yield which actors have a public point that a viewer is to look at; point: of POINTS."""
    yield ActorProtected.level.is_(None)
    doubt = ActorProtected.point_doubt
    yield doubt.is_not(None) if point == DOUBTFUL else doubt == POINTS[point][0]
    if viewer.role is Role.REFERENT_ETAT:
        yield of_the_state()


def _of_lists(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if source := uuid_in(wanted.source):
        yield exists().where(SourceRecord.actor_id == Actor.id, SourceRecord.source_id == source)
    if wanted.absent:
        # By another name, since a statement may count by lists.
        line = aliased(SourceRecord)
        missing = line.missing_since.is_not(None)
        yield Actor.id.in_(select(line.actor_id).where(missing))
        # Of several lines of lists, one that is there is enough.
        yield ~exists().where(line.actor_id == Actor.id, ~missing)
        yield Actor.status != "archived"


def has_words(text: str) -> ColumnElement[bool]:
    """Return what a text finds among what is public: words, numbers, an id."""
    found: list[ColumnElement[bool]] = []
    if words := _words(text):
        found.append(and_(*map(_has, words)))
    if _PHONE.fullmatch(text):
        digits = re.sub(r"\D", "", text, flags=re.ASCII).removeprefix("0033").removeprefix("33")
        numbers = func.array_to_string(Actor.phones, " ")
        if len(digits) >= FEWEST_DIGITS:
            found.append(cast(numbers, Text).contains(digits.removeprefix("0")))
    if _PUBLIC_ID.fullmatch(text.lower()):
        found.append(Actor.public_id == text.lower())
    # As the journal has it.
    if actor := uuid_in(text):
        found.append(Actor.id == actor)
    return or_(false(), *found)


def finds_name(text: str) -> Callable[[Named], bool]:
    """Return whether a text finds a true name: each of its words begins one of that."""
    words = [f" {word}" for word in _words(text)]
    return lambda named: bool(words) and all(word in named.searched for word in words)


def _words(text: str) -> list[str]:
    return fold(text).split()[:MOST_WORDS]


def _has(word: str) -> ColumnElement[bool]:
    """Return what has a word that begins so in its public name, or in that of its commune."""
    there = select(Commune.code).where(_begins(Commune.search_name, word))
    return or_(_begins(Actor.folded, word), Actor.commune_code.in_(there))


def _begins(column: Any, word: str) -> ColumnElement[bool]:
    """Return where a word begins so, among those that have it at all: to look for that is fast."""
    text = cast(column, Text)
    return and_(text.contains(word), text.regexp_match(f"(^|[^a-z0-9]){word}"))
