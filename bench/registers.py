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
from bench.database import alone, connect, filled
from bench.finess import ESTABLISHMENTS, document, invented
from bench.import_child import Cost
from bench.imports import NAMES, WAYS, run_child
from bench.setting import SMALL
from bench.tools import PACE, Measure, figure_at_most

PLANNED = "register_{}_planned_seconds"
AIMS = {"finess": 60.0, "annuaire": 30.0}
APPLIED = "register_finess_applied_seconds"
APPLIED_AIM = 60.0
MEMORY = "register_finess_planned_megabytes"
MEMORY_AIM = 300.0
SERVICES = 20_000
COPY = f"{DATABASE}_register"
# As many of the directory's services are ours, and of others; a brigade has some ten communes.
TYPES = (
    *(["gendarmerie"] * 16 + ["commissariat_police"] * 3 + ["tgi"] + ["mds"] * 10 + ["pmi"] * 10),
    *(["point_justice"] * 8 + ["aav"] * 3 + ["cidf"] + ["mairie"] * 48),
)
Commune = tuple[str, str, str, float, float]


def write_register(code: str, communes: list[Commune], path: Path) -> None:
    """Write an invented register; communes: code, name, postcode, lon, lat."""
    random = Random(SEED)  # noqa: S311 - no secret
    if code == "annuaire":
        services = [_service(random, communes, number) for number in range(PACE.part(SERVICES))]
        path.write_text(json.dumps({"service": services}), encoding="utf-8")
        return
    towns = [((insee, name, postcode), lon, lat) for insee, name, postcode, lon, lat in communes]
    with path.open("wb") as file:
        file.writelines(document(invented(PACE.part(ESTABLISHMENTS), towns)))


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


def _street(random: Random) -> str:
    return f"{random.randint(1, 300)} {random.choice(WAYS)} {random.choice(NAMES)}"


def _phone(random: Random) -> str:
    return f"0{random.randint(1, 5)} " + " ".join(f"{random.randint(10, 99)}" for _ in range(4))


def costs(cluster: Cluster, code: str) -> dict[str, Cost]:
    """Return what a register takes: read by ijson alone, planned, and applied, planning included.

    Into a copy of the small database, in processes of their own.
    """
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
        found = {what: run_child(path, url, what) for what in ("parse", "plan", "update")}
        alone(maintenance, f"DROP DATABASE {COPY}")
    return found


def measures(cluster: Cluster) -> Iterator[Measure]:
    """Measure FINESS and the directory, of the processor; the memory with FINESS, the larger."""
    for code, aim in AIMS.items():
        cost = costs(cluster, code)
        parse, plan, update = (cost[what] for what in ("parse", "plan", "update"))
        turns = (plan.processor, parse.processor)
        yield figure_at_most(PLANNED.format(code), turns, aim)
        if code == "finess":
            yield figure_at_most(MEMORY, (plan.megabytes, parse.megabytes), MEMORY_AIM)
            applied = update.processor - plan.processor
            yield figure_at_most(APPLIED, (applied, parse.processor), APPLIED_AIM)


def main() -> None:
    """Print what registers of true size take."""
    with filled() as cluster:
        for code in sys.argv[1:] or AIMS:
            print(code, costs(cluster, code))  # noqa: T201


if __name__ == "__main__":
    main()
