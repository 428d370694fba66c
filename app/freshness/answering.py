"""What an actor answers by the link of its mail: that all is right, or what would be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.people import BY_ACTOR, token_digest
from app.audit.journal import Author
from app.errors import Mesure23Error
from app.hours.words import describe
from app.models import Actor, ActorProtected, ActorQuestion, Commune
from app.models.report import Wrong
from app.platform.database.sessions import IMPORT_LOCK, hold
from app.records.many import do, said_right, verify_as
from app.records.wording import town_beside
from app.reports.receiving import report_of
from app.vault.sealing import Vault
from app.visibility import OPERATOR
from geo.zones import paris_day
from importers.phones import format_french

BY_ITSELF = Author(BY_ACTOR)
CONFIRMED = verify_as("own", "dit par l’acteur lui-même, par le lien de son courriel")


class LinkOver(Mesure23Error):
    """Ce lien ne sert plus : il vaut trente jours, une seule fois."""

    status = 410
    title = "Lien terminé"
    advice = (
        "Si un autre message est arrivé depuis, prenez son lien. Si quelque chose est faux sur"
        " votre fiche, ouvrez-la sur la carte et choisissez « Signaler une erreur ». Sinon,"
        " attendez le prochain message : nous redemandons de nous-mêmes."
    )


@dataclass(frozen=True, slots=True)
class Question:
    """What a link asks about. name, fields: as visitors read them; nothing of who is hidden.

    fields: what may be corrected one by one, in words.
    """

    name: str
    fields: Mapping[Wrong, str]


def find(session: Session, token: str, now: datetime) -> Question:
    """Return what a link asks about; raise LinkOver, whatever the reason."""
    _, actor, is_hidden = _found(session, token, now)
    if is_hidden:
        return Question("", {})
    town = session.scalar(select(Commune.name).where(Commune.code == actor.commune_code))
    words = "\n".join(describe(actor.opening_hours)) if actor.opening_hours else actor.hours_text
    address = actor.address or ""
    address = f"{address}\n{town_beside(address, town or '')}".strip()
    phones = "\n".join(map(format_french, actor.phones))
    return Question(actor.name, {"phone": phones, "hours": words or "", "address": address})


def confirm(session: Session, vault: Vault, token: str, now: datetime) -> None:
    """Say that all of a sheet is right, from today on; raise LinkOver, also where that is not
    written: the link serves still.
    """
    # Before its row: whoever erases an actor takes its questions last. Before the actor is read:
    # its address changes where somebody hides it.
    hold(session, IMPORT_LOCK)
    question, actor, _ = _found(session, token, now, lock=True)
    given = (session, vault, OPERATOR, BY_ITSELF, [actor.public_id], CONFIRMED)
    if not said_right(do(*given, today=paris_day(now))):
        raise LinkOver
    question.outcome, question.ended_at = "confirmed", now


def correct(
    session: Session, vault: Vault, token: str, right: Mapping[Wrong, str], now: datetime
) -> None:
    """Propose what would be right, which somebody of the desk decides; raise LinkOver."""
    # Before its row: whoever erases an actor meanwhile would find a report that it did not see.
    hold(session, IMPORT_LOCK)
    question, actor, _ = _found(session, token, now, lock=True)
    for wrong, text in right.items():
        report_of(session, vault, actor, wrong, text, now, own=True)
    question.outcome, question.ended_at = "corrected", now


def _found(
    session: Session, token: str, now: datetime, *, lock: bool = False
) -> tuple[ActorQuestion, Actor, bool]:
    """Return the question of a link that can be answered, its actor, and whether it is hidden."""
    asked = (
        select(ActorQuestion, Actor, ActorProtected.level)
        .join(Actor, Actor.id == ActorQuestion.actor_id)
        .join(ActorProtected, ActorProtected.actor_id == ActorQuestion.actor_id)
        .where(
            ActorQuestion.token == token_digest(token),
            ActorQuestion.outcome.is_(None),
            ActorQuestion.ends_at > now,
            Actor.status == "published",
        )
    )
    # Of two who press at once one comes second, and reads that the link served.
    row = session.execute(asked.with_for_update(of=ActorQuestion) if lock else asked).one_or_none()
    if row is None:
        raise LinkOver
    question, actor, level = row
    return question, actor, level is not None or actor.protected
