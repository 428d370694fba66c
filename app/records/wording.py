"""What the fields of a record are called, and how their values are said to people of the desk."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.hours.words import describe
from app.models.protected import Level
from app.records.record import ActorRecord
from geo.text import fold
from importers import vocabulary
from importers.phones import format_french

# In the order in which pages show them.
FIELDS = {
    "name": "Nom",
    "acronym": "Sigle",
    "category": "Catégorie",
    "status": "État",
    "description": "Description",
    "functions": "Missions",
    "audiences": "Publics",
    "languages": "Langues",
    "age_min": "Âge minimum",
    "age_max": "Âge maximum",
    "phones": "Téléphones",
    "duty_phones": "Téléphones d’astreinte",
    "duty_hours": "Horaires de l’astreinte",
    "emails": "Adresses électroniques",
    "contacts": "Personnes nommées",
    "unpublished": "Contacts à ne pas publier",
    "shown": "Contacts rendus publics",
    "website": "Site",
    "opening_hours": "Horaires",
    "hours_text": "Horaires, tels qu’écrits",
    "access": "Accès des personnes handicapées",
    "access_text": "Précisions sur l’accès",
    "referral": "Comment orienter (professionnels)",
    "referral_public": "Comment orienter",
    "referrers": "Qui peut orienter (professionnels)",
    "referrers_public": "Qui peut orienter",
    "address": "Adresse",
    "street": "Voie",
    "postcode": "Code postal",
    "city": "Ville",
    "commune": "Commune (code Insee)",
    "territory": "Territoire",
    "lon": "Longitude",
    "lat": "Latitude",
    "precision": "Précision du point",
    "siret": "SIRET",
    "finess": "FINESS",
    "rna": "RNA",
    "verified_on": "Vérifié le",
    "consent_on": "Accord de l’opérateur",
    "covers_national": "Compétent pour toute la France",
    "covers_territories": "Compétent pour les territoires",
    "covers_epcis": "Compétent pour les intercommunalités",
    "covers_communes": "Compétent pour les communes",
    "communes_said": "Communes dites par une personne",
}
# Of what a change notes beside fields of the record.
BESIDE = {"level": "Protection", "causes": "Causes de la protection", "point": "Point sur la carte"}
LEVELS: Mapping[Level | None, str] = {
    None: "rien n’est caché",
    "held": "adresse cachée",
    "neutral": "fiche neutre",
    "unlisted": "pas publiée",
}
STATES = {
    "published": "publié",
    "host": "nommé comme hôte",
    "archived": "archivé",
    "draft": "brouillon",
    "secret": "secret",
}
_ACCESS = {"yes": "oui", "no": "non", "partly": "en partie"}
_PRECISIONS = {
    "address": "à l’adresse",
    "street": "à la rue",
    "locality": "au lieu-dit",
    "commune": "à la commune",
}


def said(field: str, value: Any) -> str:
    """Return a value of a field in words; nothing for what says nothing.

    value: as the record has it, or as JSON has it in history.
    """
    if value is None or value == "" or value is False:
        return ""
    words = vocabulary.load()
    match field:
        case "category":
            return words.categories[value].label if value in words.categories else str(value)
        case "functions" | "audiences" | "languages":
            known = getattr(words, field)
            return ", ".join(known[each].label if each in known else each for each in value)
        case "status":
            return STATES.get(value, str(value))
        case "level":
            return LEVELS.get(value, str(value))
        case "phones" | "duty_phones":
            return ", ".join(map(format_french, value))
        case "unpublished" | "shown":
            return ", ".join(each if "@" in each else format_french(each) for each in value)
        case "opening_hours" | "duty_hours":
            return "\n".join(describe(value))
        case "access":
            return _ACCESS.get(value, str(value))
        case "precision":
            return _PRECISIONS.get(value, str(value))
        case "verified_on" | "consent_on":
            on = value if isinstance(value, date) else date.fromisoformat(value)
            return f"{on:%d/%m/%Y}"
        case "covers_national":
            return "oui"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def lines(record: ActorRecord) -> dict[str, str]:
    """Return what is known of an actor: field -> its value in words, without what says nothing.

    The parts of an address that it says itself are left to it.
    """
    values = {field: said(field, getattr(record, field)) for field in FIELDS}
    address = " ".join(values["address"].split())
    parts = {field for field in ("street", "postcode", "city") if values[field] in address}
    return {field: value for field, value in values.items() if value and field not in parts}


def town_beside(address: str, town: str) -> str:
    """Return the name of a town, "" where an address says it, as most do at their end."""
    return "" if fold(town) in fold(address) else town
