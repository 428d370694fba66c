"""Invented services of the directory of the administration, and the files that hold them."""

import io
import json
import tarfile
from collections.abc import Iterable
from typing import Any

MEMBER = "2026-10-06-data.gouv_local.json"
LISTS = (
    "plage_ouverture", "site_internet", "affectation_personne", "adresse_courriel", "pivot",
    "telephone", "adresse",
)  # fmt: skip


def service(number: int = 1, **changes: Any) -> dict[str, Any]:
    """Return a brigade of gendarmerie at Bobigny, as changes have it; pivot: (type, codes)."""
    type_, codes = changes.pop("pivot", ("gendarmerie", ["93008", "93048"]))
    return {
        "plage_ouverture": [opening("Lundi", "Vendredi", "08:00", "12:00", "14:00", "18:00")],
        "site_internet": [{"libelle": "", "valeur": "https://exemple.fr"}],
        "nom": f"Brigade d’exemple {number}",
        "siret": "",
        "affectation_personne": [{"personne": {"nom": "Quidamesque", "prenom": "Odile"}}],
        "date_modification": "24/10/2024 09:10:17",
        "adresse_courriel": ["contact@exemple.fr"],
        "pivot": [{"type_service_local": type_, "code_insee_commune": codes}],
        "id": f"00000000-0000-4000-8000-{number:012}",
        "telephone": [{"valeur": "01 99 00 00 01", "description": ""}],
        "statut_de_diffusion": "true",
        "adresse": [place()],
    } | changes


def place(**changes: str) -> dict[str, str]:
    """Return an address at Bobigny, as changes have it."""
    return {
        "type_adresse": "Adresse",
        "complement1": "",
        "numero_voie": "2 rue de l’Exemple",
        "code_postal": "93000",
        "nom_commune": "Bobigny",
        "pays": "France",
        "longitude": "2.4450",
        "latitude": "48.9061",
    } | changes


def opening(first: str, last: str, *times: str, comment: str = "") -> dict[str, str]:
    """Return a span of days with up to two spans of times."""
    names = ("debut_1", "fin_1", "debut_2", "fin_2")
    hours = {
        f"valeur_heure_{name}": f"{time}:00" if time else ""
        for name, time in zip(names, (*times, "", "", "", ""), strict=False)
    }
    return {"nom_jour_debut": first, "nom_jour_fin": last, "commentaire": comment, **hours}


def as_json(services: Iterable[object]) -> bytes:
    """Return the JSON of the archive."""
    return json.dumps({"service": list(services)}, ensure_ascii=False).encode()


def as_api(services: Iterable[dict[str, Any]]) -> bytes:
    """Return records of the API: lists as texts of JSON, and null for nothing."""
    records = [
        {
            key: (json.dumps(value, ensure_ascii=False) if key in LISTS and value else value)
            or None
            for key, value in each.items()
        }
        for each in services
    ]
    return json.dumps({"total_count": len(records), "results": records}).encode()


def as_archive(data: bytes, member: str = MEMBER) -> bytes:
    """Return an archive with a member before ours, as the directory has."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:bz2") as archive:
        for name, content in (("LISEZMOI.txt", b"Lisez-moi."), (member, data)):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()
