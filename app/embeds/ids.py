"""How a registered embed is named in addresses, and what is said of one that nobody knows."""

import re

from app.errors import Mesure23Error

ID = re.compile(r"[0-9a-f]{24}")


class RegisteredUnknown(Mesure23Error):
    """Aucune carte intégrée n’a cette adresse."""

    status = 404
    title = "Carte intégrée introuvable"
    advice = "Vérifiez l’adresse, ou cherchez le département depuis la carte de France."
