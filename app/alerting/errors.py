"""What alerts refuse, and what to do next."""

from app.errors import Mesure23Error


class SearchUnknown(Mesure23Error):
    """Cette adresse n’est pas celle d’une recherche d’acteurs, de ressources ou de l’agenda."""

    status = 422
    title = "Recherche introuvable"
    advice = "Ouvrez la recherche sur la carte, parmi les ressources ou dans l’agenda."


class TooManyAlerts(Mesure23Error):
    """Vous avez déjà cinquante alertes."""

    status = 409
    title = "Trop d’alertes"
    advice = "Supprimez-en une avant d’en créer une autre."


class AlertUnknown(Mesure23Error):
    """Cette alerte n’existe plus : elle a peut-être été supprimée dans un autre onglet."""

    status = 404
    title = "Alerte introuvable"
    advice = "Vos alertes sont sur la page « Être prévenu »."


class RhythmUnknown(Mesure23Error):
    """Ce rythme n’est pas dans la liste."""

    status = 422
    title = "Rythme inconnu"
    advice = "Choisissez aussitôt, chaque semaine ou chaque mois."
