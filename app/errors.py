"""Errors of the service: a class is an error, its docstring is its message to the reader."""

from dataclasses import dataclass


class Mesure23Error(Exception):
    """Une erreur est survenue. Merci de réessayer ; si elle se répète, prévenez l'exploitant."""

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


class TerritoryUnknown(Mesure23Error):
    """Aucun territoire ne porte le code « {code} »."""


class PlaceUnknown(Mesure23Error):
    """Aucun lieu ne porte le code « {code} »."""


class EmbedUnknown(Mesure23Error):
    """Aucune carte à intégrer ne se trouve à cette adresse."""


class FormatNotOffered(Mesure23Error):
    """La réponse n'existe pas au format « {format} »."""


class ActorUnknown(Mesure23Error):
    """Cette fiche n'existe pas, ou n'est plus publiée."""


class RegisteredUnknown(Mesure23Error):
    """Aucune carte intégrée n'a cette adresse."""


class FilterUnknown(Mesure23Error):
    """Le filtre « {name} » ne connaît pas la valeur « {value} ». Valeurs possibles : {valid}."""


class RequestInvalid(Mesure23Error):
    """Cette adresse n'est pas écrite comme il faut : {problem}."""


class MethodUnknown(Mesure23Error):
    """Cette adresse ne se demande pas de cette façon."""


class TooManyRequests(Mesure23Error):
    """Trop de demandes sont venues de votre connexion en une minute."""


class BodyTooLarge(Mesure23Error):
    """Ce qui est envoyé est trop volumineux : cette adresse n'attend pas de contenu."""


class AddressTooLong(Mesure23Error):
    """Cette adresse est trop longue."""


class HeadersTooLarge(Mesure23Error):
    """Les en-têtes de cette demande sont trop volumineux."""


class RequestTooSlow(Mesure23Error):
    """Cette demande n'est pas arrivée en entier dans le temps imparti."""


class SelectionTooLarge(Mesure23Error):
    """Cette sélection compte {count} acteurs : un classeur en contient au plus {most}."""


class DownloadsBusy(Mesure23Error):
    """Trop de fichiers sont préparés en ce moment : celui-ci n'a pas pu l'être."""


class PrintsBusy(Mesure23Error):
    """Trop de fiches à imprimer sont préparées en ce moment : celle-ci n'a pas pu l'être."""


class AnswerTooSlow(Mesure23Error):
    """La réponse demandait trop de temps : la recherche a été arrêtée."""


class DatabaseAway(Mesure23Error):
    """Le service est momentanément indisponible : sa base de données ne répond pas."""


class Unexpected(Mesure23Error):
    """Le service n'a pas pu répondre. L'incident est noté de notre côté."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How an error is answered over HTTP: its status, a title, and what the reader can do."""

    status: int
    title: str
    advice: str


RETRY = "Réessayez dans une minute. Si un enfant est en danger, appelez le 119, en urgence le 17."

ANSWERS: dict[type[Mesure23Error], Answer] = {
    PageUnknown: Answer(
        404, "Page introuvable", "Vérifiez l'adresse, ou repartez de la carte de France."
    ),
    TerritoryUnknown: Answer(
        404,
        "Territoire inconnu",
        "Cherchez un département ou une commune par son nom depuis la carte de France.",
    ),
    PlaceUnknown: Answer(
        404,
        "Lieu inconnu",
        "Cherchez une commune, un code postal ou une adresse depuis la carte de France.",
    ),
    ActorUnknown: Answer(
        404,
        "Fiche introuvable",
        "Cherchez l'acteur dans la liste de son département, depuis la carte de France.",
    ),
    EmbedUnknown: Answer(
        404,
        "Carte introuvable",
        "Copiez l'adresse d'un département ou d'une recherche de ce site, ou composez la carte"
        " sur la page « Intégrer une carte ».",
    ),
    FormatNotOffered: Answer(501, "Format absent", "Demandez le format « json »."),
    RegisteredUnknown: Answer(
        404,
        "Carte intégrée introuvable",
        "Vérifiez l'adresse, ou cherchez le département depuis la carte de France.",
    ),
    FilterUnknown: Answer(
        422, "Filtre inconnu", "Corrigez l'adresse, ou choisissez les filtres dans la page."
    ),
    RequestInvalid: Answer(
        422, "Demande mal écrite", "Corrigez l'adresse, ou repartez de la carte de France."
    ),
    SelectionTooLarge: Answer(
        422,
        "Sélection trop grande",
        "Choisissez un territoire, une distance ou des filtres ; ou téléchargez le CSV.",
    ),
    MethodUnknown: Answer(405, "Méthode refusée", "Repartez de la carte de France."),
    TooManyRequests: Answer(
        429,
        "Trop de demandes",
        "Attendez une minute. Si un enfant est en danger, appelez le 119, en urgence le 17.",
    ),
    BodyTooLarge: Answer(413, "Demande trop volumineuse", "Repartez de la carte de France."),
    AddressTooLong: Answer(414, "Adresse trop longue", "Choisissez les filtres dans la page."),
    HeadersTooLarge: Answer(
        431, "Demande trop volumineuse", "Effacez les cookies de ce site, puis réessayez."
    ),
    RequestTooSlow: Answer(408, "Demande trop lente", "Vérifiez votre connexion, puis réessayez."),
    DownloadsBusy: Answer(503, "Téléchargement à recommencer", RETRY),
    PrintsBusy: Answer(503, "Impression à recommencer", RETRY),
    AnswerTooSlow: Answer(503, "Réponse trop longue", RETRY),
    DatabaseAway: Answer(
        503,
        "Service momentanément indisponible",
        RETRY,
    ),
    Unexpected: Answer(
        500,
        "Une erreur est survenue",
        RETRY,
    ),
}
