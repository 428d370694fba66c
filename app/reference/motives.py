"""Why a professional asks for a contact, and then for an address: codes, and how pages say them."""

# A case, a name or a file's reference is never asked for.
MOTIVES = {
    "shelter": "Mettre un enfant à l’abri maintenant",
    "placement": "Préparer une orientation ou un accueil",
    "order": "Exécuter une décision de justice ou de l’ASE",
    "follow": "Suivre un enfant déjà accueilli",
    "inquiry": "Enquête ou audition en cours",
}
ADDRESS_MOTIVES = {
    "bring": "J’y conduis l’enfant",
    "meet": "J’y rencontre l’enfant ou l’équipe",
    "danger": "Un danger immédiat est signalé sur place",
}
