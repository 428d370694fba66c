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

    closed_on: None where the API does not say. moved_to: SIRET of the one that took over from it,
    or of the open seat of the same body, where the closed one was its seat before; None where
    nothing says that it moved. moved_on: of a taking over, None where the API does not say.
    """

    siret: str
    closed_on: date | None
    moved_to: str | None
    moved_on: date | None = None


def closures(api: Api, sirets: Iterable[str]) -> Iterator[Closure]:
    """Yield what is closed among establishments, in their order; each is a proposal, no fact.

    **The caller gives SIRETs of public actors alone, never one of a protected actor: each number is
    sent to a server of others.** What has not 14 digits is not sent, a number that comes twice is
    sent once. An establishment that the API does not know, or no longer names, is not yielded.
    Raises ApiFailed, after the answers before it were yielded.
    """
    asked: set[str] = set()
    # One is taken as its turn comes: until then the caller may have learned that it is hidden.
    for siret in sirets:
        if siret not in asked and _SIRET.fullmatch(siret):
            asked.add(siret)
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
                closed_on, followed = _day(each.get("date_fermeture")), _followed(each)
                return Closure(siret, closed_on, *(followed or (_new_seat(each, seat), None)))
    return None


def _followed(closed: dict[str, Any]) -> tuple[str, date | None] | None:
    """Return who took over last from an establishment, and when; None where that is not one.

    The links of Sirene, which the API gives since June 2026: some go to and fro between two.
    """
    links = closed.get("successions")
    given = links.get("successeurs") if isinstance(links, dict) else None
    found = [
        (_day(each.get("date_lien_succession")), each["siret"])
        for each in (given if isinstance(given, list) else [])
        if isinstance(each, dict) and isinstance(each.get("siret"), str)
    ]
    last = max((day for day, _ in found if day), default=None)
    sirets = {siret for day, siret in found if day == last} - {closed["siret"]}
    # Divided among several, it went to none of them.
    siret = sirets.pop() if len(sirets) == 1 else ""
    return (siret, last) if _SIRET.fullmatch(siret) else None


def _new_seat(closed: dict[str, Any], seat: Any) -> str | None:
    """Return the seat that a former seat moved to."""
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
