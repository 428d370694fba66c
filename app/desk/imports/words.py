"""How pages of deposits say where a list stands, and what its columns were taken for."""

from app.models.deposit import State
from app.platform.web.french import count, figure
from app.records import past

STATES: dict[State, str] = {
    "checking": "Lecture en cours",
    "ready": "À appliquer",
    "applying": "Application en cours",
    "applied": "Appliquée",
    "cancelled": "Abandonnée",
    "refused": "Refusée",
    "undoing": "Annulation en cours",
    "undone": "Annulée",
}
# Of these the page shows how far it is, and asks again.
RUNNING: frozenset[State] = frozenset({"checking", "applying", "undoing"})
# Field of the importer -> what it is called.
FIELDS = {
    "access": "accès des personnes handicapées",
    "acronym": "sigle",
    "address": "adresse",
    "age_max": "âge maximum",
    "age_min": "âge minimum",
    "ages": "âges",
    "audiences": "publics",
    "category": "catégorie",
    "city": "commune",
    "complement": "complément d’adresse",
    "consent_on": "accord de publication",
    "coverage": "territoire d’intervention",
    "description": "description",
    "duty_hours": "horaires de l’astreinte",
    "duty_phone": "téléphone d’astreinte",
    "email": "adresse électronique",
    "email_withheld": "adresse électronique à ne pas publier",
    "external_id": "identifiant dans la liste",
    "finess": "FINESS",
    "finess_category": "catégorie FINESS",
    "functions": "missions",
    "insee": "code Insee de la commune",
    "insee_hint": "indice de la commune",
    "languages": "langues",
    "lat": "latitude",
    "lon": "longitude",
    "lonlat": "coordonnées",
    "name": "nom",
    "opening_hours": "horaires",
    "packed": "plusieurs champs à la fois",
    "phone": "téléphone",
    "phone_front_gate": "téléphone de la porte d’entrée",
    "phone_withheld": "téléphone à ne pas publier",
    "postcode": "code postal",
    "precision": "précision du point",
    "referral": "comment orienter (professionnels)",
    "referral_public": "comment orienter",
    "referrers": "qui peut orienter (professionnels)",
    "referrers_public": "qui peut orienter",
    "rna": "RNA",
    "siret": "SIRET",
    "specialised": "spécialisation",
    "speciality": "spécialité",
    "status": "état",
    "territory": "territoire",
    "verified_on": "date de vérification",
    "website": "site",
}
# Of what the lines of a list are to be decided; "erases": those that blank a value; "recalled":
# those that are read as the list before was corrected, of which some change nothing.
OUTCOMES = {
    "created": "Nouveau",
    "updated": "Modifié",
    "doubtful": "Peut-être en double",
    "conflicting": "En désaccord avec la fiche",
    "missing": "Absent",
    "rejected": "Inutilisable",
    "ignored": "Sans acteur",
    "erases": "Efface une valeur",
    "recalled": "Correction reprise",
    "masked": "Masqué, ou qui le serait",
    "unchanged": "Inchangé",
}
DECISIONS = {"accept": "Acceptée", "reject": "Refusée", "later": "Plus tard"}
MISSING_DECISIONS = {"accept": "À archiver", "reject": "Gardé", "later": "À demander à la source"}
CONFLICT_DECISIONS = {
    "accept": "Valeur de la liste prise",
    "reject": "Valeur de la fiche gardée",
    "later": "Plus tard",
}
# Facet of what was decided -> what it is called.
ANSWERS = {"none": "À décider", **DECISIONS, "reserved": "Pour un curateur"}
# What somebody who is hidden beside a home says to the public no more.
LOST = {
    "address": "son adresse",
    "phones": "un téléphone",
    "email": "son courriel",
    "website": "son site",
    "name": "une partie de son nom",
    "texts": "un texte",
}
# A line that may be a double is decided on its own page, by whoever reads it.
CAUSES = past.CAUSES | {"duplicate": "peut-être en double"}


def said(fields: str) -> str:
    """Return what a column was taken for, in French; fields: as the importer joins them."""
    return ", ".join(FIELDS.get(each, each) for each in fields.split(", ") if each)


# Lines were to be chosen, and none was.
NOBODY = {"nobody": 1}
# Why a line that was chosen is not decided of: of one, of several.
_PASSED = {
    "missing": ("un absent se décide seul", "{} absents se décident un par un"),
    "conflicting": ("un désaccord se décide seul", "{} désaccords se décident un par un"),
    "erases": ("une ligne efface une valeur", "{} lignes effacent une valeur"),
    "untaken": ("une se corrige sur sa fiche", "{} se corrigent sur leur fiche"),
    "reserved": ("une n’est pas à vous", "{} ne sont pas à vous"),
}
_FILTERED = frozenset({"missing", "conflicting", "erases"})
_BY_NAME = (
    "ce qui efface une valeur, les absents et les désaccords se décident un par un, ou par leur "
    "filtre"
)


def answered(done: int | None, passed: str) -> str:
    """Return how many lines were decided of, and why others of the chosen were not; "" of none.

    passed: reasons and numbers, as the address has them.
    """
    if done is None:
        return ""
    begins = count(done, "ligne décidée", "lignes décidées") if done else "Aucune ligne n’a changé"
    parts = (each.split(".") for each in passed.split(",") if each)
    given = {why: int(number) for why, number in parts}
    if "nobody" in given:
        return "Aucune ligne n’a changé : aucune n’était cochée."
    reasons = {
        why: said[given[why] > 1].format(figure(given[why]))
        for why, said in _PASSED.items()
        if given.get(why)
    }
    if not reasons:
        return f"{begins}." if done else f"{begins} : {_BY_NAME}."
    left = sum(given[why] for why in reasons)
    whys = ", ".join(reasons.values())
    stay = "Une ligne cochée reste comme elle était"
    ends = " Décidez-en sur sa ligne, ou sous son filtre."
    if left > 1:
        stay = f"{figure(left)} lignes cochées restent comme elles étaient"
        ends = " Décidez-en sur leur ligne, ou sous leur filtre."
    return f"{begins}. {stay} : {whys}.{ends if _FILTERED & reasons.keys() else ''}"
