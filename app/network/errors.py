"""What the network refuses, and what to do next."""

from app.errors import Mesure23Error


class NotMember(Mesure23Error):
    """Cette page est réservée aux membres du réseau : acceptez d’abord sa charte."""

    status = 403
    title = "Réservé aux membres"
    advice = "La charte se lit et s’accepte en bas de « Votre espace », sous « Réseau »."


class CalendarUnknown(Mesure23Error):
    """Aucun calendrier n’est à cette adresse, ou il n’y est plus."""

    status = 404
    title = "Calendrier introuvable"
    advice = "Son propriétaire en crée une autre dans son espace, sous « Agenda »."


class CharterUnread(Mesure23Error):
    """La case qui dit que vous avez lu la charte n’est pas cochée."""

    status = 422
    title = "La charte n’est pas encore acceptée"
    advice = "Cochez-la, puis acceptez la charte."


class CharterChanged(Mesure23Error):
    """La charte a changé pendant que vous la lisiez : relisez-la, puis acceptez-la."""

    status = 409
    title = "La charte a changé"
    advice = "Elle est ci-dessous, telle qu’elle est maintenant."


class Excluded(Mesure23Error):
    """L’équipe de la cartographie a mis fin à votre participation au réseau."""

    status = 403
    title = "Accès au réseau fermé"
    advice = "Si c’est une erreur, écrivez à l’équipe. Le reste de votre espace vous reste ouvert."


class ActorNotRead(Mesure23Error):
    """Aucune fiche publique n’est à cette adresse."""

    status = 422
    title = "Organisation introuvable"
    advice = "Cherchez l’organisation par ses mots."


class SavedTooOften(Mesure23Error):
    """Vous avez enregistré votre profil vingt fois en un jour : rien de plus n’est enregistré."""

    status = 429
    title = "Trop d’enregistrements"
    advice = "Ce qui est écrit ci-dessous n’est pas perdu : enregistrez-le demain."


class MessageWrong(Mesure23Error):
    """Écrivez un texte, de 2 000 caractères au plus."""

    status = 422
    title = "Texte à corriger"
    advice = "Corrigez-le ci-dessous, puis envoyez-le."


class WrittenTooOften(Mesure23Error):
    """Vous avez écrit dix fois en un jour à des membres : rien de plus ne part."""

    status = 429
    title = "Trop de messages"
    advice = "Ce qui est écrit ci-dessous n’est que sur votre écran : envoyez-le demain."


class OwnBlock(Mesure23Error):
    """Vous avez bloqué cette personne : elle ne pourrait pas vous répondre."""

    status = 409
    title = "Personne bloquée"
    advice = "Débloquez-la ci-dessous, puis écrivez-lui."


class MessageUnknown(Mesure23Error):
    """Aucun message que vous ayez reçu n’est ici : il a pu être effacé."""

    status = 404
    title = "Message introuvable"
    advice = "Les messages de ces trente jours sont dans « Messages reçus »."


class ReportWrong(Mesure23Error):
    """Dites ce qui ne va pas, en 1 000 caractères au plus."""

    status = 422
    title = "Signalement à compléter"
    advice = "Écrivez-le ci-dessous, puis signalez."


class ContactsWrong(Mesure23Error):
    """Mettez une adresse électronique par ligne, 1 000 au plus. À corriger : {wrong}."""

    status = 422
    title = "Adresses à corriger"
    advice = "Corrigez-les ci-dessous, puis invitez. Personne n’est encore invité."


class ContactsUnread(Mesure23Error):
    """{problem}"""

    status = 422
    title = "Fichier refusé"
    advice = "Enregistrez le tableau de nouveau, ou collez les adresses ci-dessous."


class TooManyInvited(Mesure23Error):
    """Mille adresses au plus sont invitées en un jour."""

    status = 429
    title = "Trop d’invitations"
    advice = "Invitez les premières, et les autres demain."


class ReasonMissing(Mesure23Error):
    """Dites pourquoi, en 1 000 caractères au plus : le journal le garde, scellé."""

    status = 422
    title = "Motif à écrire"
    advice = "Écrivez-le sous le nom de la personne, puis recommencez."


class ReportUnknown(Mesure23Error):
    """Ce signalement n’attend plus : quelqu’un l’a traité entre-temps."""

    status = 404
    title = "Signalement introuvable"
    advice = "La liste de ceux qui attendent est ci-dessous, dans « Réseau »."


class MemberUnknown(Mesure23Error):
    """Aucun membre du réseau n’est à cette adresse : il a pu le quitter."""

    status = 404
    title = "Membre introuvable"
    advice = "Cherchez dans l’annuaire du réseau."


class RegistrationClosed(Mesure23Error):
    """Cet événement ne prend pas d’inscription ici, ou n’en prend plus."""

    status = 409
    title = "Inscriptions closes"
    advice = "Pour y venir, écrivez à qui l’organise."


class NoPlaceLeft(Mesure23Error):
    """Toutes les places sont prises : vous n’êtes pas inscrit."""

    status = 409
    title = "Complet"
    advice = "Revenez voir cette page : une place se libère quand quelqu’un annule."
