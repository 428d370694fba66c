"""What waits for those who look after the service: its keys, accounts and journal."""

from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.confirming import AGAIN, FIRST
from app.accounts.people import UNUSED_FOR
from app.audit.pruning import due
from app.models import Account
from app.models.account import CONFIRMED_FOR
from app.operations.task import Task
from app.revealing.unusual import unusual
from app.vault.sealing import Vault


def for_administrateurs(
    session: Session, vault: Vault, now: datetime, journal_from: datetime | None
) -> list[Task]:
    """Return what waits, the most harmful first.

    journal_from: the first moment that the journal is to hold, None where nobody asks.
    """
    journal = [_of_journal(session, journal_from)] if journal_from else []
    return [_of_keys(vault), _of_contacts(session, now), _of_accounts(session, now), *journal]


def _of_keys(vault: Vault) -> Task:
    """Return whether the desk itself still reads the keys: who runs commands may read them."""
    return Task(
        int(vault.is_cut_off),
        "fichier de clés ne peut plus être lu",
        "fichiers de clés ne peuvent plus être lus",
        "Le service scelle encore avec la clé d’avant, et une clé changée n’y ferait rien."
        " Rendez-lui ce fichier, ou le droit de le lire, avant tout redémarrage.",
    )


def _of_contacts(session: Session, now: datetime) -> Task:
    """Return who asks for contacts of places otherwise than for one child at a time."""
    return Task(
        len(unusual(session, now)),
        "professionnel demande des contacts de façon inhabituelle",
        "professionnels demandent des contacts de façon inhabituelle",
        "Beaucoup de territoires, de nuits ou de refus : demandez-lui pourquoi, de vive voix.",
        page="/gestion/comptes#inhabituel",
    )


def _of_accounts(session: Session, now: datetime) -> Task:
    enabled = select(func.count()).select_from(Account).where(Account.disabled_at.is_(None))
    # A chief is asked first; an administrateur is where there is none, or where nobody answered.
    old = or_(
        and_(Account.confirmed_at < now - CONFIRMED_FOR + FIRST, Account.chief.is_(None)),
        Account.confirmed_at < now - CONFIRMED_FOR + AGAIN,
        Account.used_at < now - UNUSED_FOR,
    )
    return Task(
        session.scalars(enabled.where(old)).one(),
        "compte est à confirmer ou à désactiver",
        "comptes sont à confirmer ou à désactiver",
        "Personne ne s’en sert depuis six mois, ou une année sans confirmation se termine.",
        page="/gestion/comptes",
    )


def _of_journal(session: Session, since: datetime) -> Task:
    """Return how much of the journal is past its period, which only its owner may cut."""
    return Task(
        session.scalars(due(since)).one(),
        "entrée du journal a passé sa durée",
        "entrées du journal ont passé leur durée",
        "Elles disent encore qui a fait quoi. La coupe laisse une marque signée.",
        command="mesure23 audit prune",
    )
