"""Accounts of professionals: made by whoever approves one, and asked about again each year."""

import re
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts import people
from app.accounts.errors import PracticeMissing
from app.models import Account, Role
from app.vault.sealing import Vault

LONGEST_ORGANISATION, LONGEST_FUNCTION, LONGEST_REASON = 200, 120, 500
_SIRET = re.compile(r"[0-9]{14}")


def create(
    session: Session,
    vault: Vault,
    *,
    mail: str,
    name: str,
    organisation: str,
    function: str,
    territories: Iterable[str],
    by: str,
    reason: str,
    now: datetime,
    siret: str = "",
) -> Account:
    """Add an account that somebody approved, with which nobody can sign in yet.

    by, reason: who approved it, and why. A SIRET that is none is left out: who approves decides
    of the organisation. Raises what is wrong with the rest.
    """
    given = {
        "organisation": _said(organisation, LONGEST_ORGANISATION, "le nom de l’organisation"),
        "function": _said(function, LONGEST_FUNCTION, "la fonction de la personne"),
        "siret": siret_of(siret),
    }
    why = _said(reason, LONGEST_REASON, "le motif de l’approbation")
    account = people.prepare(
        session,
        vault,
        mail=mail,
        name=name,
        role=Role.PROFESSIONNEL,
        territories=territories,
        more=given,
    )
    account.made_by = account.approved_by = by
    account.approved_at = account.confirmed_at = account.used_at = now
    account.reason = vault.seal("account", account.id, "reason", why.encode())
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
