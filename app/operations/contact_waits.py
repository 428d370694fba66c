"""What professionals ask of places, and what their operators are to be asked: for curateurs."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.operations.task import Task
from app.revealing import agreeing, choices
from app.vault.sealing import Vault

HERE = "/gestion/demandes/contacts"


def of_contacts(session: Session, vault: Vault, now: datetime) -> list[Task]:
    """Return what waits, what a child may wait for first."""
    return [
        Task(
            session.scalars(agreeing.counting(now)).one(),
            "professionnel attend l’accord d’un lieu",
            "professionnels attendent l’accord d’un lieu",
            "Appelez le lieu : s’il accepte, donnez son contact. Chaque demande attend un jour.",
            page=HERE,
        ),
        Task(
            len(choices.lapsed(session, vault)),
            "lieu ne donne plus son contact depuis qu’il a changé",
            "lieux ne donnent plus leur contact depuis qu’ils ont changé",
            "Demandez de nouveau à l’opérateur ce qu’il accepte, pour les professionnels.",
            page=f"{HERE}#choix",
        ),
    ]
