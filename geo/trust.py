"""Accepts an answer of a geocoder, leaves it for review or rejects it, each threshold by evidence.

A score only ranks: an address whose number or street is unknown comes back as another one, of
another city even, at 0.69 and more. So an answer is judged by what it says: commune, way, number.
"""

import re
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from geo.answers import Answer, Query
from geo.arrondissements import whole_commune
from geo.distance import kilometres, reach_km
from geo.street import street_key
from geo.territories import Commune
from geo.ways import WAYS

Decision = Literal["accepted", "review", "rejected"]
Precision = Literal["address", "street", "locality", "commune"]

# Similarity of two names of ways, 0 to 100, from which they are one name misspelled. Among the
# 30,628 pairs of the 248 names in the CIDFF and FINESS lists, "Aquitaine" and "Quintaine" are the
# most similar that differ, at 89; misspellings stand at 93 and more ("Marteh Debaize").
SAME_NAME = 90.0
# Cities are compared by similarity only where neither an INSEE code nor a postcode is known.
SAME_CITY = 90.0

_DAYS = re.compile(r"\b\d{1,3}\b")


@dataclass(frozen=True, slots=True)
class Verdict:
    """precision: of the point, where it is accepted, else None. reasons: French sentences."""

    decision: Decision
    precision: Precision | None
    reasons: tuple[str, ...]


def judge(query: Query, answer: Answer | None, commune: Commune | None) -> Verdict:
    """Return what to do with an answer. commune: the one the row says, None where it is unknown."""
    if answer is None:
        return _rejected("Le géocodeur ne trouve pas cette adresse : vérifiez son libellé.")
    if answer.type == "municipality" and query.street:
        return _rejected(
            "Le géocodeur ne connaît que la commune, pas la voie demandée : vérifiez l'adresse."
        )
    doubts = [*_place_doubts(query, answer, commune)]
    precision, street_doubts, remarks = _street(query, answer)
    doubts += street_doubts
    if doubts:
        return Verdict("review", None, tuple(doubts))
    return Verdict("accepted", precision, tuple(remarks))


def stands_for(query: Query, answer: Answer | None, commune: Commune | None) -> bool:
    """Return whether an answer may stand, to some 500 m, for an address that a person typed.

    Its way must be the one asked for, in the commune asked for: the score is no evidence (see
    above), and an answer in another city leads someone in a hurry to the wrong people. The number
    is not compared: another one of the same way is nearer than the commune's point most often, and
    that is what stands for the address otherwise.
    """
    if answer is None or answer.type not in {"housenumber", "street", "locality"}:
        return False
    way = _split(query.street or "")[1]
    return _same_way(way, _split(answer.name)[1]) and not _place_doubts(query, answer, commune)


def _rejected(reason: str) -> Verdict:
    return Verdict("rejected", None, (reason,))


def _place_doubts(query: Query, answer: Answer, commune: Commune | None) -> list[str]:
    expected = commune.code if commune else query.citycode
    if expected:
        if whole_commune(answer.citycode) != whole_commune(expected):
            return ["La réponse est dans une autre commune que celle demandée : vérifiez."]
    elif not (
        answer.postcode == query.postcode
        or fuzz.ratio(_words(query.asked[1]), _words(answer.city)) >= SAME_CITY
    ):
        return ["Rien ne confirme que la réponse est dans la bonne commune : vérifiez."]
    if commune and commune.lon is not None and commune.lat is not None:
        far = kilometres((answer.lon, answer.lat), (commune.lon, commune.lat))
        if far > reach_km(commune.territory):
            return [f"La réponse est à {far:.0f} km du point de la commune : vérifiez."]
    return []


def _street(query: Query, answer: Answer) -> tuple[Precision, list[str], list[str]]:
    """Return precision, doubts and remarks about the way and its number."""
    if not query.street:
        if answer.type != "municipality":
            return "commune", ["La liste ne donne pas de voie, la réponse si : vérifiez."], []
        return "commune", [], ["La liste ne donne pas de voie : le point est celui de la commune."]
    asked_number, asked = _split(query.street)
    if not _same_way(asked, _split(answer.name)[1]):
        return "street", ["La voie trouvée n'est pas celle demandée : vérifiez."], []
    if answer.type == "locality":
        return "locality", [], []
    if answer.type != "housenumber" and answer.type != "street":
        return "street", ["Le géocodeur répond par un lieu d'un genre inconnu : vérifiez."], []
    if asked_number is None:
        return "street", [], []
    if answer.housenumber is None:
        return "street", [], ["Ce numéro n'est pas connu : le point est celui de la voie."]
    found_number, _ = _split(f"{answer.housenumber} {answer.name}")
    if found_number == asked_number:
        return "address", [], []
    if _digits(found_number) != _digits(asked_number):
        return "street", ["Le numéro trouvé n'est pas celui demandé : vérifiez."], []
    # BAN has "92 B" as "92 bis", and finds at 12 a "12 bis" that it does not know.
    return "address", [], ["Le point est celui d'un numéro voisin (bis, ter…) du même nom."]


def _digits(number: str | None) -> str:
    return (number or "").rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _split(street: str) -> tuple[str | None, str]:
    """Return the number with its suffix, and the rest, both in the form of a key."""
    key = street_key(street) or ""
    match = re.match(r"(\d+[A-Z]?) (?=.)", key)
    return (match[1], key[match.end() :]) if match else (None, key)


def _same_way(one: str, other: str) -> bool:
    """Return whether two keys name one way, misspelled or without a forename.

    "RUE CARNOT" is "RUE SADI CARNOT", but neither "AVENUE CARNOT" nor "RUE FAUBOURG CARNOT".
    """
    (way, name), (other_way, other_name) = _way(one), _way(other)
    if way != other_way:
        return False
    if _DAYS.findall(name) != _DAYS.findall(other_name):
        # "11 NOVEMBRE" and "1 NOVEMBRE" are similar at 95.
        return False
    short, long = sorted((name.split(), other_name.split()), key=len)
    if not short or fuzz.ratio(name, other_name) >= SAME_NAME:
        return bool(short)
    added = set(long) - set(short)
    # A forename or title left out; or the year of a date ("8 MAI").
    left_out = set(short) <= set(long) and short[-1] == long[-1] and "FAUBOURG" not in added
    return left_out or (short == long[:-1] and re.fullmatch(r"\d{4}", long[-1]) is not None)


def _way(key: str) -> tuple[str, str]:
    word, _, name = key.partition(" ")
    return (word, name) if word in WAYS and name else ("", key)


def _words(text: str) -> str:
    return street_key(text) or ""
