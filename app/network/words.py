"""What members choose of lists: functions and audiences; the rest is as the site has it."""

from collections.abc import Mapping
from functools import cache

from app.resources.choices import THEMES
from app.visible.members import Audience
from importers import vocabulary

FUNCTIONS: dict[str, str] = {
    "educateur": "Éducateur ou éducatrice",
    "assistant-social": "Travail social",
    "prevention": "Prévention, aller-vers",
    "soin": "Médecin, soin",
    "psychologue": "Psychologue",
    "police": "Police ou gendarmerie",
    "justice": "Magistrat ou greffe",
    "droit": "Juriste, avocat",
    "education": "Enseignement, vie scolaire",
    "direction": "Direction, encadrement",
    "pilotage": "Pilotage, coordination",
    "formation": "Formation, recherche",
    "autre": "Autre fonction",
}
WHO_READS: dict[Audience, str] = {
    "reseau": "le réseau",
    "departement": "mon département",
    "moi": "moi",
}


@cache
def themes() -> Mapping[str, str]:
    """Return the themes of the resource centre, code -> words."""
    return {code: choice.label for code, choice in THEMES().items()}


@cache
def languages() -> Mapping[str, str]:
    """Return the languages that the map knows, code -> words."""
    return {code: term.label for code, term in vocabulary.load().languages.items()}
