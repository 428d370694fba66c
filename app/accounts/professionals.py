"""Accounts of professionals: made by whoever approves one, and asked about again each year."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts import people
from app.accounts.errors import PracticeMissing
from app.models import Account, Role
from app.vault.sealing import Vault

LONGEST = {"organisation": 200, "function": 120, "reason": 500, "siret": 20}
_SIRET = re.compile(r"[0-9]{14}")


@dataclass(frozen=True, slots=True)
class Practice:
    """What somebody does and for whom, and why they are let in, as whoever approves it says."""

    organisation: str
    function: str
    reason: str
    siret: str = ""

    def checked(self) -> "Practice":
        """Return it as it is stored; raise PracticeMissing.

        A SIRET that is none is left out: who approves decides of the organisation.
        """
        return Practice(
            _said(self.organisation, LONGEST["organisation"], "le nom de l’organisation"),
            _said(self.function, LONGEST["function"], "la fonction de la personne"),
            _said(self.reason, LONGEST["reason"], "le motif de l’approbation"),
            siret_of(self.siret),
        )


def create(
    session: Session,
    vault: Vault,
    *,
    mail: str,
    name: str,
    practice: Practice,
    territories: Iterable[str],
    by: str,
    now: datetime,
    number: UUID | None = None,
) -> Account:
    """Add an account that somebody approved, with which nobody can sign in yet.

    by: who approved it; number: the id of what was approved, which the register of deleted
    accounts then knows as well. Raises what is wrong with the rest.
    """
    said = practice.checked()
    given = {"organisation": said.organisation, "function": said.function, "siret": said.siret}
    account = people.prepare(
        session,
        vault,
        mail=mail,
        name=name,
        role=Role.PROFESSIONNEL,
        territories=territories,
        more=given,
        number=number,
    )
    account.made_by = account.approved_by = by
    account.approved_at = account.confirmed_at = account.used_at = now
    account.reason = vault.seal("account", account.id, "reason", said.reason.encode())
    return people.add(session, account)


def siret_of(given: str) -> str:
    """Return a SIRET as its 14 digits; "" for what is none."""
    digits = "".join(given.split())
    return digits if _SIRET.fullmatch(digits) else ""


def _said(given: str, longest: int, what: str) -> str:
    text = " ".join(given.split())
    if not 0 < len(text) <= longest or not text.isprintable():
        raise PracticeMissing(problem=f"Donnez {what}, en {longest} caractères au plus.")
    return text
