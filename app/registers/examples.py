"""Invented extracts of national registers, for a demonstration: each territory has somebody.

They have the shapes of the true registers and go through the same readers. Nobody in them exists:
their numbers are of those that no subscriber is given, and their names end with "(exemple)".
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.lists.demo import WHO
from app.models import Commune, Territory
from app.platform.database.sessions import read
from app.registers.bringing import Bringer, Given
from app.registers.competence_update import Change
from app.settings import Settings
from app.vault.sealing import Vault
from importers.registers.catalogue import registers

DAY = date(2026, 10, 6)
# Degrees between actors of one town, so that each has a mark of its own.
APART = 0.004
# Type in the directory, how it is called, and of which communes it is in charge.
SERVICES = (
    ("tgi", "Tribunal judiciaire de {town}", "all"),
    ("commissariat_police", "Commissariat de police de {town}", "town"),
    ("gendarmerie", "Brigade de gendarmerie - {town}", "others"),
    ("cg", "Conseil départemental - {territory}", ""),
    (
        "ddpjj",
        "Direction territoriale de la protection judiciaire de la jeunesse - {territory}",
        "all",
    ),
    ("prefecture", "Préfecture - {territory}", ""),
    ("dd_femmes", "Délégation aux droits des femmes - {territory}", ""),
    ("aav", "Association d’aide aux victimes - {town}", ""),
    ("cidf", "Centre d’information sur les droits des femmes - {town}", ""),
)
# Of one commune, Saint-Denis, the registers do not agree, so that one sees what is said then.
DIFFERENT, ELSEWHERE = "93066", "Paris"
# They answer at night too, and the directory gives their hours rarely.
AT_NIGHT_TOO = {"commissariat_police", "gendarmerie"}
WEEKDAYS = {
    "nom_jour_debut": "Lundi",
    "nom_jour_fin": "Vendredi",
    "valeur_heure_debut_1": "09:00:00",
    "valeur_heure_fin_1": "17:00:00",
    "valeur_heure_debut_2": "",
    "valeur_heure_fin_2": "",
    "commentaire": "",
}
# Category in FINESS and name, as the register writes it.
ESTABLISHMENTS = (
    ("355", "CENTRE HOSPITALIER DE {town}"),
    ("156", "CENTRE MEDICO PSYCHOLOGIQUE DE {town}"),
    ("223", "PMI DE {town}"),
    ("177", "MECS LES QUATRE VENTS"),
)
# What FINESS-Activités, data·inclusion and the ROR know is a part of the nation, overseas too.
SOME = {"13", "2A", "33", "44", "59", "69M", "75", "93", "971", "974", "976", "988"}
# Codes of activities of their hospital: a UAPED.
UNITS = ("M41",)
# Kind in data·inclusion and name; where people live is hidden, as whatever houses somebody, and
# what is none of ours is left out.
STRUCTURES = (
    ("CIDFF", "Antenne associative d’information sur les droits - {town}"),
    ("ML", "Mission locale de {town}"),
    ("FJT", "Foyer de jeunes travailleurs Les Hirondelles"),
    ("ACI", "Jardin solidaire de {town}"),
)
# Kind in the ROR and name.
OFFERS = (
    ("MDA", "Maison des adolescents de {town}"),
    ("PAEJ", "Point accueil écoute jeunes de {town}"),
)
ROR = (
    *("Identifiant EG", "Nom EG", "Catégorie d’établissement", "Adresse ligne 1", "Code postal"),
    *("Commune", "Code INSEE", "Longitude", "Latitude", "Téléphone", "Date de mise à jour"),
)


@dataclass(frozen=True, slots=True)
class _Town:
    code: str
    name: str
    postcode: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class _Place:
    """A territory, its two largest towns, and the codes of all its communes."""

    code: str
    name: str
    towns: Sequence[_Town]
    communes: Sequence[str]


def load_examples(staff: Engine, vault: Vault, settings: Settings) -> int:
    """Bring the extracts as `registers update` does files; return how many actors are new."""
    bringer, created = Bringer(staff, vault, settings, WHO), 0
    with TemporaryDirectory() as folder:
        with read(staff) as session:
            paths = write_examples(session, Path(folder))
        for code, path in paths.items():
            register, given = registers()[code], Given(path, path.name)
            changes = bringer.bring(register, bringer.read(register, given), given)
            if not isinstance(changes, Change):
                created += sum(part.summary.created for part in changes if part.summary)
    return created


def write_examples(session: Session, folder: Path) -> dict[str, Path]:
    """Write an extract of each register; return code -> file, in the order to bring them."""
    places = list(_places(session))
    some = [place for place in places if place.code in SOME]
    numbers = count()
    services = [each for place in places for each in _services(place, numbers)]
    bodies = {place.code: _body(place, numbers) for place in places}
    files: dict[str, Any] = {
        "annuaire": {"service": services},
        "finess": {
            "schemaVersion": "v1.0.0",
            "generatedAt": f"{DAY}T00:00:00Z",
            "pmej": list(bodies.values()),
        },
        "finess_activites": {
            "generatedAt": f"{DAY}T00:00:00Z",
            "ege": [_activities(bodies[place.code]) for place in some],
        },
        "inclusion": [
            _structure(place, rank, numbers) for place in some for rank in range(len(STRUCTURES))
        ],
        "communes": _by_commune(services),
    }
    paths = {}
    for code, content in files.items():
        paths[code] = folder / f"{code}-{DAY}.json"
        paths[code].write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    communes = [(place, code) for place in places for code in place.communes]
    tables: dict[str, list[tuple[str, ...]]] = {
        "ror": [
            ROR,
            *(_offer(place, rank, numbers) for place in some for rank in range(len(OFFERS))),
        ],
        "tribunaux": [
            ("Commune", "Tribunal judiciaire compétent"),
            *(_court_of(*each) for each in communes),
        ],
        "forces": [("Code commune", "Institution"), *(_force_of(*each) for each in communes)],
    }
    for code, rows in tables.items():
        paths[code] = folder / f"{code}-{DAY}.csv"
        lines = "\n".join(";".join(row) for row in rows)
        paths[code].write_text(lines, encoding="utf-8")
    return paths


def _by_commune(services: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the directory's other file: of each commune, its services."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for service in services:
        for pivot in service["pivot"]:
            said = {
                "code_type_service_local": pivot["type_service_local"],
                "organisme": [service["id"]],
            }
            for commune in pivot["code_insee_commune"]:
                found[commune].append(said)
    return [
        {"code_insee_commune": code, "type_service_local": said} for code, said in found.items()
    ]


def _court_of(place: _Place, commune: str) -> tuple[str, str]:
    """Return whom the ministry names: the court of the directory, and another one at DIFFERENT."""
    town = ELSEWHERE if commune == DIFFERENT else place.towns[0].name
    return commune, f"TJ {town.upper()} (exemple)"


def _force_of(place: _Place, commune: str) -> tuple[str, str]:
    return commune, "PN" if commune == place.towns[0].code else "GN"


def _places(session: Session) -> Iterator[_Place]:
    point = Commune.point
    rows = session.execute(
        select(
            Commune.territory_code,
            Commune.code,
            Commune.name,
            Commune.postcodes,
            point.ST_X().label("lon"),
            point.ST_Y().label("lat"),
        ).order_by(Commune.territory_code, Commune.population.desc().nulls_last(), Commune.code)
    ).all()
    names = dict(session.execute(select(Territory.code, Territory.name)).all())
    for territory, name in names.items():
        own = [row for row in rows if row.territory_code == territory]
        towns = [
            _Town(row.code, row.name, (row.postcodes or [""])[0], row.lon, row.lat)
            for row in own
            if row.lon is not None
        ]
        if towns:
            yield _Place(territory, name, towns[:2], [row.code for row in own])


def _phone(numbers: Iterator[int]) -> str:
    """Return a number that no subscriber has: 01 99 00 and four digits."""
    number = next(numbers)
    return f"01 99 00 {number // 100:02} {number % 100:02}"


def _services(place: _Place, numbers: Iterator[int]) -> Iterator[dict[str, Any]]:
    for rank, (service_type, name, area) in enumerate(SERVICES):
        town = place.towns[-1 if area == "others" else 0]
        communes = {
            "all": place.communes,
            "town": [place.towns[0].code],
            "others": [code for code in place.communes if code != place.towns[0].code],
        }.get(area, [town.code])
        if communes:
            yield {
                "id": f"{service_type}-{place.code}",
                "nom": f"{name.format(town=town.name, territory=place.name)} (exemple)",
                "pivot": [
                    {"type_service_local": service_type, "code_insee_commune": list(communes)}
                ],
                "telephone": [{"valeur": _phone(numbers), "description": ""}],
                "adresse": [
                    {
                        "type_adresse": "Adresse",
                        "numero_voie": f"{rank + 1} rue de l’Exemple",
                        "complement1": "",
                        "code_postal": town.postcode,
                        "nom_commune": town.name,
                        "pays": "France",
                        "longitude": f"{town.lon + APART * rank:.5f}",
                        "latitude": f"{town.lat:.5f}",
                    }
                ],
                "plage_ouverture": [] if service_type in AT_NIGHT_TOO else [WEEKDAYS],
                "date_modification": f"{DAY:%d/%m/%Y} 09:00:00",
                "statut_de_diffusion": "true",
            }


def _body(place: _Place, numbers: Iterator[int]) -> dict[str, Any]:
    """Return one body with its establishments, nested as FINESS has them."""
    town, head = place.towns[0], place.code[:2].replace("97", "9")
    return {
        "etatObjet": "A",
        "ege": [
            {
                "informationsGeneralesEGE": {
                    "nomEgeLong": f"{name.format(town=town.name.upper())} (EXEMPLE)",
                    "nomEgeCourt": None,
                    "numFinessEge": f"{head:0<2}{next(numbers):07}",
                    "dateFermeture": None,
                    "siret": None,
                },
                "categorieentiteGeographiqueExercice": category,
                "adresse": [
                    {
                        "usageAdresse": "03",
                        "ligneQuatre": f"{rank + 1} AVENUE DE L'EXEMPLE",
                        "cogCommune": town.code,
                        "ligneAcheminement": town.name.upper(),
                        "codePostal": town.postcode,
                        "coordonneesGeographique": {
                            "coordonneeX": f"{town.lon:.5f}",
                            "coordonneeY": f"{town.lat + APART * (rank + 1):.5f}",
                            "cleInInteropBAN": f"{town.code}_0001_{rank + 1:05}",
                        },
                    }
                ],
                "contact": [{"telecom": {"telephone": _phone(numbers).replace(" ", "")}}],
                "etatObjet": "A",
                "dateDerniereMaj": f"{DAY} 00:00:00",
            }
            for rank, (category, name) in enumerate(ESTABLISHMENTS)
        ],
    }


def _activities(body: dict[str, Any]) -> dict[str, Any]:
    """Return what FINESS-Activités says of the hospital of a body, its first establishment."""
    hospital = body["ege"][0]["informationsGeneralesEGE"]["numFinessEge"]
    return {"numFinessEge": hospital, "activite": [{"code": code} for code in UNITS]}


def _structure(place: _Place, rank: int, numbers: Iterator[int]) -> dict[str, Any]:
    """Return one of STRUCTURES as data·inclusion has them."""
    town, (sort, name) = place.towns[-1], STRUCTURES[rank]
    return {
        "id": f"exemple--{place.code}-{rank}",
        "nom": f"{name.format(town=town.name)} (exemple)",
        "typologie": sort,
        "thematiques": [],
        "adresse": f"{rank + 1} allée de l’Exemple",
        "code_postal": town.postcode,
        "commune": town.name,
        "code_insee": town.code,
        "longitude": round(town.lon - APART * (rank + 1), 5),
        "latitude": round(town.lat, 5),
        "telephone": _phone(numbers),
        "date_maj": f"{DAY}",
    }


def _offer(place: _Place, rank: int, numbers: Iterator[int]) -> tuple[str, ...]:
    """Return one of OFFERS as a row of an extraction of the ROR, in the order of ROR."""
    town, (sort, name) = place.towns[0], OFFERS[rank]
    return (
        f"exemple-{place.code}-{rank}",
        f"{name.format(town=town.name)} (exemple)",
        sort,
        f"{rank + 1} place de l’Exemple",
        town.postcode,
        town.name,
        town.code,
        f"{town.lon - APART * (rank + 1):.5f}",
        f"{town.lat:.5f}",
        _phone(numbers),
        f"{DAY:%d/%m/%Y}",
    )
