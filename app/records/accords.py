"""The written accord of an operator: what is published with one alone, and which day answers it."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Mesure23Error
from app.models import Revision
from app.records.causes import Cause, active, by_operator
from app.records.edits import Edit
from app.records.past import change_of, version_at
from app.records.placing import address_of
from app.records.record import ActorRecord
from app.vault.sealing import Vault
from app.visibility import OPERATOR
from importers import vocabulary

# What an operator alone lifts: its own demand, or what a person decided for its safety.
ASKED = {
    "secret": "la demande de ne pas le publier",
    "decision": "la décision de le protéger",
    "operator": "la demande de son opérateur de le masquer",
}


class ConsentMissing(Mesure23Error):
    """Il faut la date de l’accord écrit de son opérateur : des enfants y vivent, une liste l’a dit
    ou demande de ne pas le publier, ou une personne ou son opérateur l’a caché.
    """


class TwoNeeded(Mesure23Error):
    """Son opérateur l’a masqué : il faut deux personnes du bureau pour le lever. L’une le demande
    sur la fiche, « Lever la protection », et une autre le confirme.
    """

    status = 403
    title = "Deux personnes sont nécessaires"
    advice = "Faites-en la demande sur la fiche ; un autre curateur la confirme."


class ConsentToCome(Mesure23Error):
    """La date de l’accord est à venir : donnez celle à laquelle l’opérateur l’a signé."""


class ConsentTooOld(Mesure23Error):
    """Un accord du {given} ne répond pas à {asked}, qui est du {since} : il en faut un que son
    opérateur a signé ce jour-là ou depuis.
    """

    status = 422
    title = "Accord trop ancien"
    advice = "Demandez un nouvel accord écrit à l’opérateur, puis donnez-en la date."


class ConsentOfPlaceLeft(Mesure23Error):
    """L’accord du {known} a été donné pour une adresse que l’acteur n’a plus : il en faut un plus
    récent, pour son adresse d’aujourd’hui.
    """

    status = 422
    title = "Accord d’un autre lieu"
    advice = "Demandez à l’opérateur un accord écrit pour cette adresse, puis donnez-en la date."


def check(edit: Edit, consent: date | None, today: date) -> None:
    """Raise ConsentMissing, ConsentToCome or ConsentTooOld where an actor needs another accord."""
    if consent is None:
        if _houses(edit) or latest_asked(edit.causes):
            raise ConsentMissing
        return
    if consent > today:
        raise ConsentToCome
    cause = latest_asked(edit.causes)
    if cause and consent < cause.since:
        days = {"given": f"{consent:%d/%m/%Y}", "since": f"{cause.since:%d/%m/%Y}"}
        raise ConsentTooOld(asked=ASKED[cause.why], **days)


def check_two(edit: Edit, *, by_two: bool) -> None:
    """Raise TwoNeeded where a person alone would lift what an operator hid by its code."""
    if by_operator(edit.causes) and not by_two:
        raise TwoNeeded


def check_place(session: Session, vault: Vault, edit: Edit, consent: date) -> None:
    """Raise ConsentOfPlaceLeft where an accord is no newer than one that was given elsewhere."""
    known = _given_elsewhere(session, vault, edit)
    if known and consent <= known:
        raise ConsentOfPlaceLeft(known=f"{known:%d/%m/%Y}")


def _given_elsewhere(session: Session, vault: Vault, edit: Edit) -> date | None:
    """Return the day of the last accord that was taken back, of who is at another address now."""
    statement = select(Revision).where(Revision.actor_id == edit.actor_id)
    for revision in session.scalars(statement.order_by(Revision.number.desc())):
        change = change_of(vault, revision.id, revision.change)
        given, instead, *_ = change.get("consent_on", (None, None))
        if given and not instead:
            of_actor = (edit.actor_id, edit.record, edit.provenance)
            then = version_at(session, vault, OPERATOR, *of_actor, revision.number - 1)
            there = address_of(ActorRecord.model_validate(then.fields))
            return None if there == address_of(edit.record) else date.fromisoformat(given)
    return None


def latest_asked(causes: Iterable[Cause]) -> Cause | None:
    """Return the last demand or decision that hides an actor: an accord is no older."""
    asked = (cause for cause in active(causes) if cause.why in ASKED)
    return max(asked, key=lambda cause: cause.since, default=None)


def _houses(edit: Edit) -> bool:
    # A list may have given another category since; what it housed then it may house still, and a
    # consent that was taken back is none.
    category = vocabulary.load().categories[edit.record.category]
    return category.protected or any(cause.why == "category" for cause in edit.causes)
