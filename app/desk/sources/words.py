"""What pages of sources call what they show."""

from app.records.wording import FIELDS

# Of what a column is read as; others are called as the fields of a record.
COLUMNS = FIELDS | {
    "external_id": "Identifiant dans la liste",
    "finess_category": "Catégorie FINESS",
    "speciality": "Spécialité",
    "specialised": "Spécialisé",
    "ages": "Âges",
    "phone": "Téléphone",
    "duty_phone": "Téléphone d’astreinte",
    "phone_withheld": "Téléphone à ne pas publier",
    "phone_front_gate": "Téléphone de l’accueil",
    "email": "Adresse électronique",
    "email_withheld": "Adresse électronique à ne pas publier",
    "complement": "Complément d’adresse",
    "insee": "Code Insee",
    "insee_hint": "Code Insee, à vérifier",
    "lonlat": "Longitude et latitude",
    "packed": "Plusieurs valeurs dans une cellule",
    "coverage": "Territoires couverts",
}
STATUSES = {
    "received": "reçu, pas encore appliqué",
    "imported": "appliqué",
    "cancelled": "abandonné",
    "refused": "illisible",
    "undone": "appliqué, puis annulé",
}
OUTCOMES = {
    "created": "nouveau",
    "updated": "changé",
    "unchanged": "inchangé",
    "conflicting": "en désaccord avec la fiche",
    "rejected": "inutilisable",
    "ignored": "sans acteur",
    "left": "laissé de côté",
    "elsewhere": "laissé de côté, ou d’un autre territoire",
}
CADENCES = {
    1: "Tous les mois",
    2: "Tous les deux mois",
    3: "Tous les trois mois",
    6: "Tous les six mois",
    12: "Tous les ans",
    24: "Tous les deux ans",
    0: "Plus attendue",
}
DONE = {
    "change": "C’est enregistré.",
    "efface": "Le contact est effacé.",
    "annule": "C’est remis comme avant.",
    "lien": "Le lien est fermé : plus rien ne vient par lui.",
    "lien_deja": "Ce lien est déjà créé, et ne se montre qu’une fois. Si vous ne l’avez pas copié, "
    "fermez-le, puis créez-en un autre.",
    "pareil": "Rien n’a changé.",
    "garde": "Réponse notée : l’acteur reste, et n’est plus à demander.",
    "demande": "L’acteur est de nouveau à demander.",
}
