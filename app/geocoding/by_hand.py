"""The address of a form, asked of the geocoder while its author waits, by the rule of batches.

What is hidden is never sent, as it is stored and as the form would leave it. To refuse an address
for what stands beside it says that something is hidden there: whoever is refused so is noted, and
a référent of the State, who may not learn of it, has public addresses alone looked up.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.errors import Mesure23Error
from app.geocoding.asking import may_be_sent
from app.models import Role
from app.places.addresses import Geocode
from app.records.placing import question
from app.records.previewing import Written, is_hidden_beside
from app.records.record import ActorRecord
from app.records.sheets import Sheet
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.answers import Answer, GeocoderBusy, GeocoderError, Query
from geo.gazetteer import Gazetteer
from geo.trust import judge


class NotSent(Mesure23Error):
    """Cette adresse n’est envoyée à personne : le lieu est caché, ou le serait."""


class NotSentBeside(NotSent):
    """Cette adresse n’est envoyée à personne : elle touche un lieu protégé. C’est au journal."""


class SaveFirst(NotSent):
    """Enregistrez d’abord : le service cherche ensuite lui-même les adresses publiques."""


class NothingToAsk(NotSent):
    """Écrivez d’abord l’adresse, avec un numéro ou une voie, et la commune."""


class NoAnswer(NotSent):
    """Le géocodeur ne connaît pas cette adresse. Vérifiez-la, ou placez le point à la main."""


class Silent(NotSent):
    """Le géocodeur ne répond pas. Rien n’est perdu : placez le point à la main, ou réessayez."""


class Busy(NotSent):
    """Le géocodeur a trop de demandes. Attendez une minute, ou placez le point à la main."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a geocoder answered. doubts: French sentences; elsewhere: in another territory."""

    answer: Answer
    doubts: tuple[str, ...]
    elsewhere: bool


def query_of(
    session: Session, vault: Vault, viewer: Viewer, sheet: Sheet | None, written: Written
) -> Query:
    """Return what may be asked of the address of a form; raise NotSent.

    sheet: of the stored actor, None of a new one. NotSentBeside is to be noted.
    """
    record = written.edit.record
    stored_is_hidden = sheet is not None and (sheet.level is not None or sheet.status == "secret")
    if stored_is_hidden or not may_be_sent(written.edit):
        raise NotSent
    query = Query("", *question(record))
    if not record.street or not query.askable:
        raise NothingToAsk
    if not (sheet and sheet.record and _is_public(sheet.record, record)):
        if viewer.role is Role.REFERENT_ETAT:
            raise SaveFirst
        if is_hidden_beside(session, vault, viewer, written):
            raise NotSentBeside
    return query


def _is_public(stored: ActorRecord, record: ActorRecord) -> bool:
    """Return whether an address is the one that the public reads of an open actor already."""
    return stored.status == "published" and question(stored) == question(record)


def ask(geocode: Geocode, query: Query, territory: str, gazetteer: Gazetteer) -> Found:
    """Return what the geocoder answers for an actor of a territory; raise NoAnswer, Silent, Busy.

    No transaction may be open: its answer takes seconds where it is slow.
    """
    try:
        answer = geocode(query)
    except GeocoderBusy:
        raise Busy from None
    except GeocoderError:
        raise Silent from None
    if answer is None:
        raise NoAnswer
    verdict = judge(query, answer, gazetteer.by_insee(query.citycode or ""))
    there = gazetteer.by_insee(answer.citycode)
    return Found(answer, verdict.reasons, there is not None and there.territory != territory)
