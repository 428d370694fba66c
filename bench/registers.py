"""National registers of true size, invented: read, planned and applied in a process of its own.

By hand: `python -m bench.registers [annuaire|finess]`.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from app.platform.cluster.server import Cluster
from app.platform.database.engines import role
from app.runtime.addresses import DATABASE
from bench.actors import SEED
from bench.database import SMALL, alone, connect, filled
from bench.import_child import Cost
from bench.imports import NAMES, WAYS, run_child

SERVICES, ESTABLISHMENTS = 20_000, 100_000
COPY = f"{DATABASE}_register"
# As many of the directory's services are ours, and of others; a brigade has some ten communes.
TYPES = (
    *(["gendarmerie"] * 16 + ["commissariat_police"] * 3 + ["tgi"] + ["mds"] * 10 + ["pmi"] * 10),
    *(["point_justice"] * 8 + ["aav"] * 3 + ["cidf"] + ["mairie"] * 48),
)
# One establishment in four is one that a map of the protection of children has.
CATEGORIES = ("620", "500", "202", "156", "611", "183", "186", "223", "177", "620", "345", "189")
Commune = tuple[str, str, str, float, float]


def write_register(code: str, communes: list[Commune], path: Path) -> None:
    """Write an invented register; communes: code, name, postcode, lon, lat."""
    random = Random(SEED)  # noqa: S311 - no secret
    if code == "annuaire":
        services = [_service(random, communes, number) for number in range(SERVICES)]
        path.write_text(json.dumps({"service": services}), encoding="utf-8")
        return
    bodies = [
        {"etatObjet": "A", "ege": [_establishment(random, communes, n) for n in range(at, at + 4)]}
        for at in range(0, ESTABLISHMENTS, 4)
    ]
    head = {"schemaVersion": "v1.0.0", "generatedAt": "2026-08-13T02:07:30Z", "pmej": bodies}
    path.write_text(json.dumps(head), encoding="utf-8")


def _service(random: Random, communes: list[Commune], number: int) -> dict[str, Any]:
    at = random.randrange(len(communes))
    _, name, postcode, lon, lat = communes[at]
    service_type = random.choice(TYPES)
    around = 10 if service_type in ("gendarmerie", "mds") else 300 if service_type == "tgi" else 1
    return {
        "id": f"service-{number}",
        "nom": f"{service_type} {name} {number}",
        "pivot": [
            {
                "type_service_local": service_type,
                "code_insee_commune": [each[0] for each in communes[at : at + around]],
            }
        ],
        "telephone": [{"valeur": _phone(random), "description": ""}],
        "adresse": [
            {
                "type_adresse": "Adresse",
                "numero_voie": _street(random),
                "code_postal": postcode,
                "nom_commune": name,
                "pays": "France",
                "longitude": str(lon),
                "latitude": str(lat),
            }
        ],
        "plage_ouverture": [
            {
                "nom_jour_debut": "Lundi",
                "nom_jour_fin": "Vendredi",
                "valeur_heure_debut_1": "09:00:00",
                "valeur_heure_fin_1": "12:00:00",
                "valeur_heure_debut_2": "14:00:00",
                "valeur_heure_fin_2": "17:00:00",
                "commentaire": "",
            }
        ],
        "affectation_personne": [{"personne": {"nom": "nobody"}}],
        "date_modification": "24/10/2024 09:10:17",
        "statut_de_diffusion": "true",
    }


def _establishment(random: Random, communes: list[Commune], number: int) -> dict[str, Any]:
    code, name, postcode, lon, lat = random.choice(communes)
    category = random.choice(CATEGORIES)
    return {
        "informationsGeneralesEGE": {
            "nomEgeLong": f"ETABLISSEMENT {category} DE {name.upper()} {number}",
            "nomEgeCourt": None,
            "numFinessEge": f"{code[:2]}{number:07}",
            "dateFermeture": None,
            "siret": None,
        },
        "categorieentiteGeographiqueExercice": category,
        "adresse": [
            {
                "usageAdresse": "03",
                "ligneQuatre": _street(random).upper(),
                "cogCommune": code,
                "ligneAcheminement": name.upper(),
                "codePostal": postcode,
                "coordonneesGeographique": {
                    "coordonneeX": str(lon),
                    "coordonneeY": str(lat),
                    "cleInInteropBAN": f"{code}_0160_00012",
                },
            }
        ],
        "contact": [{"telecom": {"telephone": _phone(random).replace(" ", "")}}],
        "etatObjet": "A" if random.random() > 0.1 else "I",
        "dateDerniereMaj": "2023-12-13 00:00:00",
    }


def _street(random: Random) -> str:
    return f"{random.randint(1, 300)} {random.choice(WAYS)} {random.choice(NAMES)}"


def _phone(random: Random) -> str:
    return f"0{random.randint(1, 5)} " + " ".join(f"{random.randint(10, 99)}" for _ in range(4))


def costs(cluster: Cluster, code: str) -> Iterator[tuple[str, Cost]]:
    """Yield what reading and planning a register takes, and applying it, in an empty database."""
    maintenance = cluster.url(cluster.superuser, "postgres")
    with connect(cluster, cluster.superuser) as owner, TemporaryDirectory() as directory:
        communes = owner.execute(
            "SELECT code, name, postcodes[1], ST_X(point), ST_Y(point) FROM commune"
            " WHERE point IS NOT NULL AND postcodes <> '{}' ORDER BY code"
        ).fetchall()
        path = Path(directory) / f"{code}.json"
        write_register(code, communes, path)
        alone(maintenance, f"DROP DATABASE IF EXISTS {COPY}")
        alone(maintenance, f"CREATE DATABASE {COPY} TEMPLATE {SMALL}")
        url = cluster.url(role(DATABASE, "staff"), COPY)
        for what in ("plan", "update"):
            yield what, run_child(path, url, what)
        alone(maintenance, f"DROP DATABASE {COPY}")


def main() -> None:
    """Print what registers of true size take: the second figure plans, and applies as well."""
    with filled() as cluster:
        for code in sys.argv[1:] or ("annuaire", "finess"):
            for what, cost in costs(cluster, code):
                print(code, what, cost)  # noqa: T201


if __name__ == "__main__":
    main()
