"""A list that was taken for a known one by its name is another one: it is read anew as the first
of a source of its own.
"""

from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from app.errors import Mesure23Error
from app.lists.columns import read_anew
from app.lists.content_days import without_day
from app.lists.deposits import Deposited, DepositMoved
from app.lists.rest import is_left_to_a_curateur
from app.lists.source_settings import LONGEST_NAME
from app.lists.sources import UPDATES, find_or_make_source, names_in
from app.models import Deposit, SourceFile
from app.vault.digests import index_key
from app.vault.sealing import Vault


class NameOfAnother(Mesure23Error):
    """Rien n’est changé : ce nom est vide, trop long, ou celui d’une liste déjà connue, à un mois
    ou un jour près.
    """

    status = 422
    title = "Nom d’une liste connue"
    advice = (
        "Revenez à la page de la liste, et donnez-lui un nom qui s’en distingue autrement que par"
        " une date : par exemple qui l’envoie."
    )


def may_be_another(session: Session, found: Deposited) -> bool:
    """Say whether a list that waits came to a source that had others, and may be none of them."""
    if found.state not in ("ready", "refused") or is_left_to_a_curateur(session, found.id):
        return False
    more = (SourceFile.source_id == found.source_id, SourceFile.id != found.id)
    return bool(session.scalar(select(exists().where(*more))))


def make_another(
    session: Session, vault: Vault, found: Deposited, seen: datetime, name: str
) -> None:
    """Let a list be one of a new source; seen: since when it stood so as its reader saw it.

    What was corrected as in the lists of the former source is received anew. Raises NameOfAnother,
    DepositMoved.
    """
    # Held before anything else is: it may be cancelled at this very moment.
    if not may_be_another(session, found) or not read_anew(session, found.id, seen):
        raise DepositMoved
    name = " ".join(name.split())
    called = without_day(name) or name
    known = {UPDATES, *names_in(session, vault, found.territory)}
    taken = {(without_day(each) or each).casefold() for each in known}
    right = name.isprintable() and 0 < len(name) <= LONGEST_NAME
    if not right or called.casefold() in taken:
        raise NameOfAnother
    key = index_key(session, vault)
    source = find_or_make_source(session, vault, key, called, found.territory)
    moved = update(SourceFile).where(SourceFile.id == found.id)
    session.execute(moved.values(source_id=source))
    session.execute(update(Deposit).where(Deposit.file_id == found.id).values(corrected=None))
