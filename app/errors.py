"""Errors of the service: a class is an error, its docstring is its message to the reader.

A class also says how it is answered over HTTP; errors of one room stand in that room.
"""

from typing import ClassVar

RETRY = "Réessayez dans une minute. Si un enfant est en danger, appelez le 119, en urgence le 17."


class Mesure23Error(Exception):
    """Une erreur est survenue. Merci de réessayer ; si elle se répète, prévenez l'exploitant."""

    # The status over HTTP, the title of the page, and what its reader can do; a class that says
    # nothing of its own is still answered with its sentence.
    status: ClassVar[int] = 400
    title: ClassVar[str] = "Demande refusée"
    advice: ClassVar[str] = "Corrigez ce que dit cette phrase, puis réessayez."

    def __init__(self, **details: str) -> None:
        self.details = details
        super().__init__(str(self))

    def __str__(self) -> str:
        """Return the docstring with the details filled in."""
        return " ".join((self.__doc__ or "").split()).format(**self.details)


class DatabaseNotPrepared(Mesure23Error):
    """Le serveur PostgreSQL n'accorde pas les droits nécessaires (PostGIS, rôles).
    Un administrateur doit exécuter une fois le SQL ci-dessous, puis relancer la commande.
    """

    def __str__(self) -> str:
        """Return the message and, on lines of its own, the SQL to run."""
        return f"{' '.join((self.__doc__ or '').split())}\n\n{self.details['sql']}"


class DatabaseNotUpgraded(Mesure23Error):
    """La base de données n'a pas encore ses tables, ou pas les dernières.
    Exécutez « mesure23 db upgrade », puis relancez la commande.
    """


class PageUnknown(Mesure23Error):
    """Cette page n'existe pas, ou n'existe plus."""

    status = 404
    title = "Page introuvable"
    advice = "Vérifiez l'adresse, ou repartez de la carte de France."


class TerritoryUnknown(Mesure23Error):
    """Aucun territoire ne porte le code « {code} »."""

    status = 404
    title = "Territoire inconnu"
    advice = "Cherchez un département ou une commune par son nom depuis la carte de France."


class PlaceUnknown(Mesure23Error):
    """Aucun lieu ne porte le code « {code} »."""

    status = 404
    title = "Lieu inconnu"
    advice = "Cherchez une commune, un code postal ou une adresse depuis la carte de France."


class EmbedUnknown(Mesure23Error):
    """Aucune carte à intégrer ne se trouve à cette adresse."""

    status = 404
    title = "Carte introuvable"
    advice = (
        "Copiez l'adresse d'un département ou d'une recherche de ce site, ou composez la "
        "carte sur la page « Intégrer une carte »."
    )


class FormatNotOffered(Mesure23Error):
    """La réponse n'existe pas au format « {format} »."""

    status = 501
    title = "Format absent"
    advice = "Demandez le format « json »."


class ActorUnknown(Mesure23Error):
    """Cette fiche n'existe pas, ou n'est plus publiée."""

    status = 404
    title = "Fiche introuvable"
    advice = "Cherchez l'acteur dans la liste de son département, depuis la carte de France."


class RegisteredUnknown(Mesure23Error):
    """Aucune carte intégrée n'a cette adresse."""

    status = 404
    title = "Carte intégrée introuvable"
    advice = "Vérifiez l'adresse, ou cherchez le département depuis la carte de France."


class FilterUnknown(Mesure23Error):
    """Le filtre « {name} » ne connaît pas la valeur « {value} ». Valeurs possibles : {valid}."""

    status = 422
    title = "Filtre inconnu"
    advice = "Corrigez l'adresse, ou choisissez les filtres dans la page."


class RequestInvalid(Mesure23Error):
    """Cette adresse n'est pas écrite comme il faut : {problem}."""

    status = 422
    title = "Demande mal écrite"
    advice = "Corrigez l'adresse, ou repartez de la carte de France."


class MethodUnknown(Mesure23Error):
    """Cette adresse ne se demande pas de cette façon."""

    status = 405
    title = "Méthode refusée"
    advice = "Repartez de la carte de France."


class TooManyRequests(Mesure23Error):
    """Trop de demandes sont venues de votre connexion en une minute."""

    status = 429
    title = "Trop de demandes"
    advice = "Attendez une minute. Si un enfant est en danger, appelez le 119, en urgence le 17."


class BodyTooLarge(Mesure23Error):
    """Ce qui est envoyé est trop volumineux pour cette adresse."""

    status = 413
    title = "Demande trop volumineuse"
    advice = "Repartez de la carte de France."


class AddressTooLong(Mesure23Error):
    """Cette adresse est trop longue."""

    status = 414
    title = "Adresse trop longue"
    advice = "Choisissez les filtres dans la page."


class HeadersTooLarge(Mesure23Error):
    """Les en-têtes de cette demande sont trop volumineux."""

    status = 431
    title = "Demande trop volumineuse"
    advice = "Effacez les cookies de ce site, puis réessayez."


class RequestTooSlow(Mesure23Error):
    """Cette demande n'est pas arrivée en entier dans le temps imparti."""

    status = 408
    title = "Demande trop lente"
    advice = "Vérifiez votre connexion, puis réessayez."


class SelectionTooLarge(Mesure23Error):
    """Cette sélection compte {count} acteurs : un classeur en contient au plus {most}."""

    status = 422
    title = "Sélection trop grande"
    advice = "Choisissez un territoire, une distance ou des filtres ; ou téléchargez le CSV."


class DownloadsBusy(Mesure23Error):
    """Trop de fichiers sont préparés en ce moment : celui-ci n'a pas pu l'être."""

    status = 503
    title = "Téléchargement à recommencer"
    advice = RETRY


class PrintsBusy(Mesure23Error):
    """Trop de fiches à imprimer sont préparées en ce moment : celle-ci n'a pas pu l'être."""

    status = 503
    title = "Impression à recommencer"
    advice = RETRY


class AnswerTooSlow(Mesure23Error):
    """La réponse demandait trop de temps : la recherche a été arrêtée."""

    status = 503
    title = "Réponse trop longue"
    advice = RETRY


class DatabaseAway(Mesure23Error):
    """Le service est momentanément indisponible : sa base de données ne répond pas."""

    status = 503
    title = "Service momentanément indisponible"
    advice = RETRY


class Unexpected(Mesure23Error):
    """Le service n'a pas pu répondre. L'incident est noté de notre côté."""

    status = 500
    title = "Une erreur est survenue"
    advice = RETRY
