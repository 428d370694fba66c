"""Who is hidden, and why: for the people who decide."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from app.models import Actor, ActorProtected
from app.models.protected import Level
from app.records.causes import Cause, Why, active, all_ended, doubts_set_aside
from app.records.record import ActorRecord
from app.records.viewing import Seen, see, see_these
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.text import curled, fold
from importers import vocabulary

# The first that is shared is said: the others are the same address.
_SHARED_ADDRESS = {
    "address": "l'adresse",
    "place": "l'adresse (écrite autrement)",
    "begun": "l'adresse (d'autres mots derrière la voie)",
    "quoted": "l'adresse (citée dans un texte)",
}
_SHARED = {
    "phone": "un téléphone",
    "mail": "une adresse électronique",
    "siret": "le SIRET",
    "site": "le site",
    "linked": "le site",
    "cell": "le point sur la carte",
    "name": "le nom",
}
_SOMETHING = "une adresse ou un téléphone"
FIELDS = {
    "category": "la catégorie",
    "finess_category": "la catégorie FINESS",
    "sheet": "le nom de la feuille",
    "left_sheet": "une feuille laissée de côté",
    "section": "le titre de section",
    "name": "le nom",
    "acronym": "le sigle",
    "functions": "les missions",
    "description": "la description",
    "speciality": "la spécialité",
    "audiences": "le public",
    "access": "l'accès des personnes handicapées",
    "referral": "comment orienter",
    "referral_public": "comment orienter",
    "referrers": "qui peut orienter",
    "referrers_public": "qui peut orienter",
    "opening_hours": "les horaires",
    "consent": "la colonne de l'accord",
    "status": "l'état",
    "address": "l'adresse",
    "complement": "le complément d'adresse",
    "postcode": "le code postal",
    "city": "la commune",
    "phone": "le téléphone",
    "email": "le courriel",
    "website": "le site",
    "unread": "une colonne que le service ne lit pas",
}


@dataclass(frozen=True, slots=True)
class Hidden:
    """An actor of which something is not public, by its true record.

    others: internal id of each actor that its causes name -> name. proposed: nothing says any more
    why it is hidden, and a person may publish it.
    """

    public_id: str
    record: ActorRecord
    level: Level | None
    causes: tuple[Cause, ...]
    others: dict[str, str]

    @property
    def proposed(self) -> bool:
        """Whether a person is asked to publish it."""
        return all_ended(self.causes)

    def sentences(self) -> list[str]:
        """Return why it is hidden, in French."""
        draft = "brouillon : une personne le relit, puis le publie"
        return [draft] * (self.record.status == "draft") + [
            self._sentence(cause) + _judged(cause).replace("’", "'")
            for cause in active(self.causes)
        ]

    def _sentence(self, cause: Cause) -> str:
        """Return a cause in French; of another actor that its reader may not know, nothing."""
        unknown = cause.why in ("beside", "duplicate") and cause.what
        if unknown and cause.what not in self.others:
            return "à regarder par un curateur"
        return _sentence(cause, self.others)


def hidden(
    session: Session, vault: Vault, viewer: Viewer, territory: str | None = None
) -> list[Hidden]:
    """Return every hidden actor that a viewer may read, by territory and name.

    territory: the code of one.
    """
    conditions = [
        ActorProtected.level.is_not(None) | (Actor.status == "draft"),
        Actor.status != "archived",
    ]
    return described(
        session, vault, viewer, _by_territory(session, vault, viewer, conditions, territory)
    )


def described(
    session: Session, vault: Vault, viewer: Viewer, found: Iterable[Seen]
) -> list[Hidden]:
    """Return actors with the names that their causes need, as far as a viewer may read them."""
    found = list(found)
    others = {
        UUID(cause.what)
        for each in found
        for cause in each.causes
        if cause.why in ("beside", "duplicate") and cause.what
    }
    seen = see_these(session, vault, viewer, others)
    names = {str(actor): each.record.name for actor, each in seen.items()}
    return [Hidden(each.public_id, each.record, each.level, each.causes, names) for each in found]


def why_hidden(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    actors: Iterable[UUID],
    *,
    but: Why | None = None,
) -> dict[UUID, list[str]]:
    """Return why actors are hidden, to whoever has not opened them: no word of their records.

    Nor whom they stand beside: the address of that one is theirs. but: a reason that is left out.
    """
    found = see_these(session, vault, viewer, actors)
    return {
        actor: list(
            dict.fromkeys(
                _masked(cause) + _judged(cause)
                for cause in (*active(each.causes), *doubts_set_aside(each.causes))
                if cause.why != but
            )
        )
        for actor, each in found.items()
    }


def _judged(cause: Cause) -> str:
    """Return what became of a cause: whoever looks at it later reads what was found of it."""
    if cause.dismissed_on:
        return f" (écarté le {cause.dismissed_on:%d/%m/%Y})"
    over = " (ce n’est plus dit)" if cause.ended_on and cause.why != "beside" else ""
    day = cause.confirmed_on
    return over + (f" (gardé caché le {day:%d/%m/%Y})" if day else "")


def _masked(cause: Cause) -> str:
    field = FIELDS.get(cause.field, "un texte de la liste")
    match cause.why:
        case "category":
            said = "sa catégorie accueille des enfants"
        case "word":
            said = f"{field} parle d'hébergement"
        case "mention":
            said = f"{field} : un bureau, ou un hébergement ?"
        case "secret":
            said = f"{field} demande de ne pas publier"
        case "person":
            said = "le nom semble celui d'une personne"
        case "duplicate":
            said = "peut-être le même acteur qu'un autre : les doublons les comparent"
        case "beside":
            said = _beside(cause, "un lieu protégé")
        case _:
            said = _sentence(cause, {})
    return curled(said)


@dataclass(frozen=True, slots=True)
class Withheld:
    """A phone or a mailbox that is kept and not public: a person's, or a doubtful one.

    option: that of `mesure23 unprotect` which publishes it.
    """

    public_id: str
    name: str
    territory: str
    option: Literal["--phone", "--mail"]
    value: str


def withheld_contacts(
    session: Session, vault: Vault, viewer: Viewer, territory: str | None = None
) -> Iterator[Withheld]:
    """Yield what a person alone may show, one by one; neutral records show no such thing."""
    conditions = [
        ActorProtected.level.is_(None) | (ActorProtected.level == "held"),
        Actor.status == "published",
    ]
    for each in _by_territory(session, vault, viewer, conditions, territory):
        record = each.record
        left = set(record.unpublished) - set(record.shown)
        about = (each.public_id, record.name, record.territory)
        yield from (Withheld(*about, "--phone", one) for one in record.phones if one in left)
        yield from (Withheld(*about, "--mail", one) for one in record.emails if one in left)


def _by_territory(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    conditions: list[ColumnElement[bool]],
    territory: str | None,
) -> list[Seen]:
    if territory is not None:
        conditions = [*conditions, Actor.territory_code == territory]
    return sorted(
        see(session, vault, viewer, *conditions),
        key=lambda each: by_name(each.record, each.public_id),
    )


def by_name(record: ActorRecord, public_id: str) -> tuple[str, str, str]:
    """Return what lists for people are sorted by: territory, then name."""
    return record.territory, fold(record.name), public_id


def _sentence(cause: Cause, names: dict[str, str]) -> str:
    field = FIELDS.get(cause.field, "un texte de la liste")
    match cause.why:
        case "category":
            known = vocabulary.load().categories.get(cause.what)
            return f"sa catégorie : {known.label}" if known else "sa catégorie d'alors"
        case "word":
            return f"« {cause.what} » dans {field}"
        case "mention":
            return f"« {cause.what} » dans {field} : adresse d'un bureau ou d'un hébergement ?"
        case "secret":
            return f"« {cause.what} » dans {field}"
        case "person":
            return f"« {cause.what} » dans {field} : celui d'une personne ?"
        case "unclassified":
            return "à classer"
        case "decision":
            return "décision d'une personne"
        case "operator":
            return "masqué par son opérateur, avec son code"
        case "duplicate":
            name = names.get(cause.what, "un autre acteur")
            return f"peut-être le même acteur que « {name} » : les doublons les comparent"
        case "beside":
            name = names.get(cause.what, "un lieu protégé")
            return _beside(cause, f"« {name} »")


def _beside(cause: Cause, home: str) -> str:
    """Return what is shared with a home; of what ends it, that it is no reason any more."""
    shared = _shared(cause) or _SOMETHING
    if cause.ended_on is None:
        return f"partage {shared} avec {home}"
    return f"partageait {shared} avec {home}, ce qui n'est plus une raison de le cacher"


def _shared(cause: Cause) -> str:
    """Return what is shared, the address once: "l'adresse, un téléphone et le site"."""
    kinds = {each.partition(":")[0] for each in cause.shared}
    address = next((said for kind, said in _SHARED_ADDRESS.items() if kind in kinds), None)
    said = [address] if address else []
    said += dict.fromkeys(each for kind, each in _SHARED.items() if kind in kinds)
    return " et ".join(part for part in (", ".join(said[:-1]), *said[-1:]) if part)
