"""An invented FINESS-Structures file: for tests a few establishments, for measures 100,000.

By hand: `python -m bench.finess FILE [ESTABLISHMENTS]`.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

from bench.actors import SEED
from importers.registers.establishments import codes

ESTABLISHMENTS = 100_000
# One in four is of a category of ours, as about as many of the true file.
OURS = 4
WAYS = ("RUE", "AVENUE", "BOULEVARD", "PLACE", "CHEMIN")
NAMES = ("VICTOR HUGO", "DES LILAS", "DE LA REPUBLIQUE", "JEAN JAURES", "PASTEUR")
# Code, name of the town and postcode.
Town = tuple[str, str, str]
BOBIGNY = ("93008", "BOBIGNY", "93000")


def entry(number: str, code: str = "156", town: Town = BOBIGNY, **changes: Any) -> dict[str, Any]:
    """Return an establishment as the register has it; changes: fields anywhere in it, by name."""
    insee, city, postcode = town
    address = {
        "numeroVoie": "1",
        "typeVoie": "R",
        "libelleVoie": "D'EXEMPLE",
        "complementVoie": None,
        "complementPointGeographique": None,
        "lieuDit": None,
        "cogCommune": insee,
        "ligneAcheminement": city,
        "ligneQuatre": "1 RUE D'EXEMPLE",
        "codePostal": postcode,
        "coordonneesGeographique": None,
    }
    naming = {
        "complementDenominationEg": None,
        "dateFermeture": None,
        "dateOuverture": "1996-10-23",
        "nomEgeCourt": "CMP D'EXEMPLE",
        "nomEgeLong": "CENTRE MEDICO-PSYCHOLOGIQUE D'EXEMPLE",
        "numFinessEge": number,
        "siret": None,
    }
    whole: dict[str, Any] = {
        "informationsGeneralesEGE": naming,
        "categorieentiteGeographiqueExercice": code,
        "typeBudget": ["01"],
        "adresse": [{"usageAdresse": "03"} | address],
        "contact": [_contact("0199000001")],
        "engagement": [],
        "evenement": [],
        "etatObjet": "A",
        "dateDerniereMaj": "2026-05-19 00:00:00",
    }
    for name, value in changes.items():
        if name in address:
            whole["adresse"][0][name] = value
        else:
            (naming if name in naming else whole)[name] = value
    return whole


def document(
    entries: Iterable[dict[str, Any]],
    *,
    schema: str = "v1.0.0",
    generated: str = "2026-08-13T02:07:30.574916747Z",
    persons_of: int = 3,
) -> Iterator[bytes]:
    """Yield the pieces of a file; persons_of: how many establishments a legal person has."""
    head = {"schemaVersion": schema, "generatedAt": generated, "gco": [], "gcc": []}
    yield json.dumps(head)[:-1].encode() + b', "pmej": ['
    person: list[dict[str, Any]] = []
    comma = b""
    for each in entries:
        person.append(each)
        if len(person) == persons_of:
            yield comma + _person(person)
            person, comma = [], b","
    if person:
        yield comma + _person(person)
    yield b"]}"


def _person(establishments: Sequence[dict[str, Any]]) -> bytes:
    general = {"numFinessPm": "930000001", "denominationPm": "ORGANISME D'EXEMPLE"}
    seat = {"usageAdresse": "02", "ligneQuatre": "9 RUE DU SIEGE", "cogCommune": "93008"}
    person = {
        "informationsGeneralesPMEJ": general,
        "adresse": [seat],
        "etatObjet": "A",
        "ege": establishments,
    }
    return json.dumps(person, ensure_ascii=False).encode()


def _contact(phone: str) -> dict[str, Any]:
    telecom = {"telephone": phone, "telecopie": None, "courriel": None}
    return {"typeContact": {"roleContact": "01"}, "telecom": telecom}


def invented(count: int, towns: Sequence[tuple[Town, float, float]]) -> Iterator[dict[str, Any]]:
    """Yield establishments, one in OURS of a category of ours, of which one in 20 closed.

    towns: with a longitude and a latitude. One in four has no point, one in eight the other layout.
    """
    random = Random(SEED)  # noqa: S311 - no secret
    ours = sorted(code for each in codes().categories.values() for code in each)
    others = sorted(codes().unrelated["codes"])
    for index in range(count):
        town, lon, lat = random.choice(towns)
        street = f"{random.choice(WAYS)} {random.choice(NAMES)}"
        number = random.randint(1, 200)
        yield entry(
            f"{index:09}",
            random.choice(others if index % OURS else ours),
            town,
            nomEgeLong=f"SERVICE D'EXEMPLE {street} {index}",
            nomEgeCourt=f"EXEMPLE {index}",
            ligneQuatre=f"{number} {street}",
            libelleVoie=street,
            etatObjet="I" if index % (20 * OURS) == 0 else "A",
            coordonneesGeographique=_coordinates(random, town[0], lon, lat),
            contact=[_contact(f"01990{index % 100_000:05}")],
            **_history(index),
        )


def _coordinates(random: Random, insee: str, lon: float, lat: float) -> dict[str, str] | None:
    layout = random.randrange(8)
    degrees = f"{lon + random.uniform(-0.01, 0.01):.6f}", f"{lat + random.uniform(-0.01, 0.01):.6f}"
    metres = "650000.01", "6862035.96"
    if layout < 2:
        return None
    first, second = (metres, degrees) if layout == 2 else (degrees, metres)
    return {
        "coordonneeX": first[0],
        "coordonneeY": first[1],
        "directionLongitude": second[0],
        "directionLatitude": second[1],
        "cleInInteropBAN": f"{insee}_{random.randrange(10_000):04}_00012",
        "scoreBAN": "0.96",
    }


def _history(index: int) -> dict[str, Any]:
    """Return what nobody reads and is most of the true file: 4 kB an establishment."""
    event = {
        "evenementId": str(index),
        "dateEnregistrement": "2023-03-15 11:21:01",
        "dateEvenement": "1996-10-23",
        "etatObjet1": "003",
        "identifiantObjet1": str(index),
        "systemeMaitre": "01",
        "typeObjet1": "EG",
        "codeEvenement": "003",
    }
    engagement: dict[str, Any] = {
        "engagementId": str(index),
        "typeEngagement": "CONV",
        "sousTypeEngagement": "ASD",
        "dateEffetEngagement": "1952-12-30",
        "dateSignatureEngagement": "1952-12-30",
        "nomEngagement": None,
        "autoriteRegulationEngagement": [],
    }
    return {"evenement": [event] * 8, "engagement": [engagement] * 4}


if __name__ == "__main__":
    lines = int(sys.argv[2]) if len(sys.argv) > 2 else ESTABLISHMENTS
    place = [(BOBIGNY, 2.445, 48.9061)]
    with Path(sys.argv[1]).open("wb") as file:
        file.writelines(document(invented(lines, place)))
