"""Errors of the service: a class is an error, its docstring is its message to the reader.

A class also says how it is answered over HTTP; errors of one room stand in that room.
"""

import errno
from typing import ClassVar

RETRY = "Réessayez dans une minute. Si un enfant est en danger, appelez le 119, en urgence le 17."


_REFUSALS = {
    errno.ENOENT: "il n’existe pas à cet endroit",
    errno.ENOTDIR: "il n’existe pas à cet endroit",
    errno.EISDIR: "c’est un dossier",
    errno.EEXIST: "un fichier est à cette place",
    errno.EACCES: "vous n’en avez pas le droit",
    errno.EPERM: "vous n’en avez pas le droit",
    errno.EROFS: "ce disque est en lecture seule",
    errno.ENOSPC: "le disque est plein",
    errno.EDQUOT: "le disque est plein",
    errno.ENAMETOOLONG: "ce nom est trop long",
    errno.ELOOP: "des liens y tournent en rond",
    errno.EMFILE: "trop de fichiers sont ouverts",
    errno.ENFILE: "trop de fichiers sont ouverts",
    errno.ENOMEM: "il n’y a plus de mémoire",
    errno.EIO: "le disque ne répond pas bien",
}


def why_refused(error: OSError) -> str:
    """Return in French why the system refused a file, or the name of its error."""
    code = error.errno or 0
    return _REFUSALS.get(code) or f"erreur {errno.errorcode.get(code, 'inconnue')} du système"


class Mesure23Error(Exception):
    """Une erreur est survenue. Merci de réessayer ; si elle se répète, prévenez l’exploitant."""

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


class OperatorError(Mesure23Error):
    """Ce service demande l’attention de la personne qui l’exploite."""

    # Sentences of these errors are for the command line: they may name a key, a path or SQL.


class DatabaseNotPrepared(OperatorError):
    """Le serveur PostgreSQL n’accorde pas les droits nécessaires (PostGIS, rôles).
    Un administrateur doit exécuter une fois le SQL ci-dessous, puis relancer la commande.
    """

    def __str__(self) -> str:
        """Return the message and, on lines of its own, the SQL to run."""
        return f"{' '.join((self.__doc__ or '').split())}\n\n{self.details['sql']}"


class DatabaseNotUpgraded(OperatorError):
    """La base de données n’a pas encore ses tables, ou pas les dernières.
    Exécutez « mesure23 release », puis relancez la commande.
    """


class ReleaseOutgrown(OperatorError):
    """La base de données a les tables d’une version plus récente, avec lesquelles celle-ci ne
    continue pas. Lancez les processus de la version pour laquelle « mesure23 release » l’a
    préparée.
    """


class PageUnknown(Mesure23Error):
    """Cette page n’existe pas, ou n’existe plus."""

    status = 404
    title = "Page introuvable"
    advice = "Vérifiez l’adresse, ou repartez de la carte de France."


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


class PlaceNowhere(PlaceUnknown):
    """La position de {name} n’est pas connue : rien ne peut être mesuré autour."""

    status = 404
    title = "Position inconnue"
    advice = "Cherchez une commune voisine, ou dans tout son territoire."

    def __init__(self, *, name: str, territory: str) -> None:
        self.territory = territory
        super().__init__(name=name)


class ActorUnknown(Mesure23Error):
    """Cette fiche n’existe pas, ou n’est plus publiée."""

    status = 404
    title = "Fiche introuvable"
    advice = "Cherchez l’acteur dans la liste de son département, depuis la carte de France."


class ResourceUnknown(Mesure23Error):
    """Cette ressource n’existe pas, ou n’est plus publiée."""

    status = 404
    title = "Ressource introuvable"
    advice = "Cherchez-la par ses mots dans la liste des ressources."


class EventUnknown(Mesure23Error):
    """Cet événement n’existe pas, ou n’est plus à l’agenda."""

    status = 404
    title = "Événement introuvable"
    advice = "Cherchez-le dans l’agenda, par son mois ou son territoire."


class LetterUnknown(Mesure23Error):
    """Aucune lettre n’est à cette adresse, ou elle n’est plus publiée."""

    status = 404
    title = "Lettre introuvable"
    advice = "Ouvrez la liste des lettres."


class CollectionUnknown(Mesure23Error):
    """Cette collection n’existe pas, ou n’est plus publiée."""

    status = 404
    title = "Collection introuvable"
    advice = "Voyez les collections qui sont là, ou cherchez dans la liste des ressources."


class FilterUnknown(Mesure23Error):
    """Le filtre « {name} » ne connaît pas la valeur « {value} ». Valeurs possibles : {valid}."""

    status = 422
    title = "Filtre inconnu"
    advice = "Corrigez l’adresse, ou choisissez les filtres dans la page."


class RequestInvalid(Mesure23Error):
    """Cette adresse n’est pas écrite comme il faut : {problem}."""

    status = 422
    title = "Demande mal écrite"
    advice = "Corrigez l’adresse, ou repartez de la carte de France."
