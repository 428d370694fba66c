"""Which establishments are closed or have moved, by the API "Recherche d'entreprises" of the State.

Source: https://recherche-entreprises.api.gouv.fr/docs/, which allows 7 requests a second from one
address; the pace of registers is below it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.registers.api import Api

_SIRET = re.compile(r"[0-9]{14}")


@dataclass(frozen=True, slots=True)
class Closure:
    """An establishment that is closed.

    closed_on: None where the API does not say. moved_to: SIRET of the open seat of the same body,
    where the closed one was its seat before; None where nothing says that it moved.
    """

    siret: str
    closed_on: date | None
    moved_to: str | None


def closures(api: Api, sirets: Iterable[str]) -> Iterator[Closure]:
    """Yield what is closed among establishments, in their order; each is a proposal, no fact.

    **The caller gives SIRETs of public actors alone, never one of a protected actor: each number is
    sent to a server of others.** What has not 14 digits is not sent, a number that comes twice is
    sent once. An establishment that the API does not know, or no longer names, is not yielded.
    Raises ApiFailed, after the answers before it were yielded.
    """
    for siret in dict.fromkeys(sirets):
        if _SIRET.fullmatch(siret):
            found = _closure(api, siret)
            if found:
                yield found


def _closure(api: Api, siret: str) -> Closure | None:
    # Names of persons in charge are left out by asking for no more than this.
    asked = {"q": siret, "minimal": "true", "include": "siege,matching_etablissements"}
    bodies = api.ask({**asked, "per_page": "1"}).get("results")
    if not isinstance(bodies, list):
        raise api.unreadable()
    for body in bodies:
        if not isinstance(body, dict):
            raise api.unreadable()
        seat = body.get("siege")
        others = body.get("matching_etablissements")
        for each in [seat, *(others if isinstance(others, list) else [])]:
            if isinstance(each, dict) and each.get("siret") == siret:
                if each.get("etat_administratif") != "F":
                    return None
                return Closure(siret, _day(each.get("date_fermeture")), _moved(each, seat))
    return None


def _moved(closed: dict[str, Any], seat: Any) -> str | None:
    """Return the seat that a former seat moved to; where a closed branch went, nobody says."""
    if closed.get("ancien_siege") is not True or not isinstance(seat, dict):
        return None
    siret = seat.get("siret")
    known = isinstance(siret, str) and _SIRET.fullmatch(siret)
    return siret if known and seat.get("etat_administratif") == "A" else None


def _day(given: Any) -> date | None:
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError):
        return None
