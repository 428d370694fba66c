"""What the network refuses, and what to do next."""

from app.errors import Mesure23Error


class NotMember(Mesure23Error):
    """Cette page est réservée aux membres du réseau : acceptez d’abord sa charte."""

    status = 403
    title = "Réservé aux membres"
    advice = "La charte se lit et s’accepte en bas de « Votre espace », sous « Réseau »."


class CharterUnread(Mesure23Error):
    """Cochez la case qui dit que vous avez lu la charte, puis acceptez-la."""

    status = 422
    title = "La charte n’est pas encore acceptée"


class CharterChanged(Mesure23Error):
    """La charte a changé pendant que vous la lisiez : relisez-la, puis acceptez-la."""

    status = 409
    title = "La charte a changé"
    advice = "Elle est ci-dessous, telle qu’elle est maintenant."


class Excluded(Mesure23Error):
    """Un curateur a mis fin à votre participation au réseau, après un signalement."""

    status = 403
    title = "Accès au réseau fermé"
    advice = "Si c’est une erreur, écrivez à l’équipe. Le reste de votre espace vous reste ouvert."
