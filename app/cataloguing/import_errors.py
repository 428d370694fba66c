"""Why a catalogue is not read, applied or undone."""

from app.errors import Mesure23Error
from importers.errors import UnreadableList


class NoCatalogue(UnreadableList):
    """« {filename} » n'est pas un catalogue de ressources : {why}."""


class EndingNotTaken(UnreadableList):
    """« {filename} » n'est pas d'un format lu ici : .json, .xlsx, .xls, .ods ou .csv."""


class TooManyResources(UnreadableList):
    """« {filename} » a plus de {limit} ressources, ce qui est la limite. Découpez-le."""


class ImportUnknown(Mesure23Error):
    """Aucun import de ressources n’a cet identifiant, ou il est oublié depuis."""

    status = 404
    title = "Import introuvable"
    advice = "Rouvrez la liste des imports, ou déposez de nouveau le fichier."


class ImportDecided(Mesure23Error):
    """Cet import est déjà {status}."""

    status = 409
    title = "Déjà décidé"
    advice = "Rouvrez la page de cet import pour voir ce qu’il a changé."


class ChangedTwice(Mesure23Error):
    """Les lignes {first} et {second} mettraient à jour la même ressource : rien n’est écrit."""

    status = 409
    title = "Deux lignes pour une ressource"
    advice = "Laissez l’une des deux de côté, puis appliquez de nouveau."


class ImportOutdated(Mesure23Error):
    """Des ressources ont changé depuis que ce plan est fait : rien n’est écrit."""

    status = 409
    title = "Plan à relire"
    advice = "Relisez le plan, qui vient d’être refait, puis appliquez-le."
