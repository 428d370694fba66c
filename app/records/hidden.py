"""Who is hidden, and why: for the people who decide."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Actor, ActorProtected
from app.models.protected import Level
from app.platform.database.sessions import among
from app.records.causes import Cause, active, all_ended
from app.records.record import ActorRecord
from app.records.sealed import open_causes, open_record
from app.vault.sealing import Vault
from importers import vocabulary

_SHARED = {
    "address": "l'adresse",
    "phone": "un téléphone",
    "mail": "une adresse électronique",
    "siret": "le SIRET",
    "site": "le site",
    "cell": "le point sur la carte",
}
_FIELDS = {
    "category": "la catégorie",
    "finess_category": "la catégorie FINESS",
    "sheet": "le nom de la feuille",
    "section": "le titre de section",
    "name": "le nom",
    "acronym": "le sigle",
    "functions": "les missions",
    "description": "la description",
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
        draft = "à confirmer : masqué dans son fichier, ou importé comme brouillon"
        return [draft] * (self.record.status == "draft") + [
            _sentence(cause, self.others) + (" (ce n'est plus dit)" if cause.ended_on else "")
            for cause in active(self.causes)
        ]


def hidden(session: Session, vault: Vault, territory: str | None = None) -> Iterator[Hidden]:
    """Yield every hidden actor, by territory; territory: code of a département."""
    statement = (
        select(Actor.public_id, ActorProtected)
        .join(ActorProtected, ActorProtected.actor_id == Actor.id)
        .where(
            ActorProtected.level.is_not(None) | (Actor.status == "draft"),
            Actor.status != "archived",
        )
        .order_by(Actor.territory_code, ActorProtected.level, Actor.public_id)
    )
    if territory is not None:
        statement = statement.where(Actor.territory_code == territory)
    found = [
        (public_id, sealed, open_causes(vault, sealed.actor_id, sealed.causes))
        for public_id, sealed in session.execute(statement)
    ]
    others = {
        each.what
        for _, _, causes in found
        for each in causes
        if each.why in ("beside", "duplicate")
    }
    names = _names(session, vault, others - {""})
    for public_id, sealed, causes in found:
        record = open_record(vault, sealed.actor_id, sealed.record)
        yield Hidden(public_id, record, sealed.level, causes, names)


def _names(session: Session, vault: Vault, actors: set[str]) -> dict[str, str]:
    statement = select(ActorProtected.actor_id, ActorProtected.record).where(
        among(ActorProtected.actor_id, {UUID(actor) for actor in actors})
    )
    return {
        str(actor_id): open_record(vault, actor_id, record).name
        for actor_id, record in session.execute(statement)
    }


def _sentence(cause: Cause, names: dict[str, str]) -> str:
    field = _FIELDS.get(cause.field, "un texte de la liste")
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
        case "unclassified":
            return "à classer"
        case "decision":
            return "décision d'une personne"
        case "duplicate":
            name = names.get(cause.what, "un autre acteur")
            return f"peut-être le même acteur que « {name} » (« mesure23 proposals »)"
        case "beside":
            kinds = dict.fromkeys(each.partition(":")[0] for each in cause.shared)
            shared = ", ".join(_SHARED[kind] for kind in kinds) or "une adresse ou un téléphone"
            return f"partage {shared} avec « {names.get(cause.what, 'un lieu protégé')} »"
