"""Places as national registers name them: files in the shape of each, brought as commands do."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.registers.bringing import Bringer, Given, How
from app.runtime.staff import Runtime
from importers.registers.catalogue import registers
from importers.registers.edition import Edition

DAY = "2026-10-06"
# Category in FINESS of a hospital, which alone has units.
HOSPITAL = "355"
# What a place is in each register, where nothing else is said; none of them houses anybody.
SORTS = {
    "finess": "156",
    "finess_activites": "M41",
    "annuaire": "aav",
    "inclusion": "ML",
    "ror": "MDA",
}
ROR = {
    "Identifiant EG": "number",
    "Nom EG": "name",
    "Catégorie d’établissement": "sort",
    "Adresse ligne 1": "address",
    "Code postal": "postcode",
    "Commune": "city",
    "Code INSEE": "commune",
    "Téléphone": "phone",
    "Courriel": "email",
    "Site web": "site",
    "SIRET": "siret",
    "N° FINESS": "finess",
    "Longitude": "lon",
    "Latitude": "lat",
}


@dataclass(frozen=True, slots=True)
class Planted:
    """A place as one register names it. number: its own there, of nine digits.

    commune: by INSEE. sort: what it is, in the register's words; "" for what is no home.
    """

    number: str
    name: str
    address: str
    postcode: str
    city: str
    commune: str
    sort: str = ""
    phone: str = ""
    email: str = ""
    site: str = ""
    siret: str = ""
    finess: str = ""
    lon: str = ""
    lat: str = ""


def bring(
    runtime: Runtime, code: str, places: Sequence[Planted], *, accept: bool = False
) -> Edition:
    """Bring a register that names these places, and nobody else; return what was read of it.

    accept: also where it changes much of what is known.
    """
    register = registers()[code]
    how = How(accept=accept)
    bringer = Bringer(runtime.staff, runtime.vault, runtime.settings, "essai", how)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{code}-{DAY}.{'csv' if code == 'ror' else 'json'}"
        path.write_bytes(FILES[code](places))
        given = Given(path, path.name)
        edition = bringer.read(register, given)
        assert isinstance(edition, Edition)
        bringer.bring(register, edition, given)
    return edition


def _finess(places: Sequence[Planted]) -> bytes:
    entries = [
        {
            "etatObjet": "A",
            "informationsGeneralesEGE": {
                "nomEgeLong": place.name,
                "numFinessEge": place.number,
                "siret": place.siret or None,
            },
            "categorieentiteGeographiqueExercice": place.sort or SORTS["finess"],
            "adresse": [
                {
                    "usageAdresse": "03",
                    "ligneQuatre": place.address,
                    "cogCommune": place.commune,
                    "ligneAcheminement": place.city,
                    "codePostal": place.postcode,
                    "coordonneesGeographique": {
                        "coordonneeX": place.lon or None,
                        "coordonneeY": place.lat or None,
                        "cleInInteropBAN": f"{place.commune}_0001_00001",
                    },
                }
            ],
            "contact": [{"telecom": {"telephone": place.phone, "courriel": place.email}}],
        }
        for place in places
    ]
    head = {"schemaVersion": "v1.0.0", "generatedAt": f"{DAY}T00:00:00Z"}
    return json.dumps({**head, "pmej": [{"etatObjet": "A", "ege": entries}]}).encode()


def _activities(places: Sequence[Planted]) -> bytes:
    units = [
        {"numFinessEge": place.number, "activite": [place.sort or SORTS["finess_activites"]]}
        for place in places
    ]
    return json.dumps({"generatedAt": DAY, "ege": units}).encode()


def _directory(places: Sequence[Planted]) -> bytes:
    services = [
        {
            "id": place.number,
            "nom": place.name,
            "pivot": [
                {
                    "type_service_local": place.sort or SORTS["annuaire"],
                    "code_insee_commune": [place.commune],
                }
            ],
            "telephone": [{"valeur": place.phone, "description": ""}],
            "adresse_courriel": [place.email],
            "site_internet": [{"valeur": place.site, "libelle": ""}],
            "siret": place.siret,
            "adresse": [
                {
                    "type_adresse": "Adresse",
                    "numero_voie": place.address,
                    "complement1": "",
                    "code_postal": place.postcode,
                    "nom_commune": place.city,
                    "pays": "France",
                    "longitude": place.lon,
                    "latitude": place.lat,
                }
            ],
            "plage_ouverture": [],
            "date_modification": "24/10/2024 09:10:17",
            "statut_de_diffusion": "true",
        }
        for place in places
    ]
    return json.dumps({"service": services}).encode()


def _inclusion(places: Sequence[Planted]) -> bytes:
    structures = [
        {
            "id": place.number,
            "nom": place.name,
            "typologie": place.sort or SORTS["inclusion"],
            "adresse": place.address,
            "code_postal": place.postcode,
            "commune": place.city,
            "code_insee": place.commune,
            "telephone": place.phone,
            "courriel": place.email,
            "site_web": place.site,
            "siret": place.siret,
            "finess": place.finess,
            "longitude": place.lon,
            "latitude": place.lat,
            "date_maj": DAY,
        }
        for place in places
    ]
    return json.dumps(structures).encode()


def _ror(places: Sequence[Planted]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(ROR)
    for place in places:
        cells: Mapping[str, Any] = {"sort": place.sort or SORTS["ror"]}
        writer.writerow(cells.get(field) or getattr(place, field) for field in ROR.values())
    return out.getvalue().encode()


FILES: Mapping[str, Callable[[Sequence[Planted]], bytes]] = {
    "finess": _finess,
    "finess_activites": _activities,
    "annuaire": _directory,
    "inclusion": _inclusion,
    "ror": _ror,
}
