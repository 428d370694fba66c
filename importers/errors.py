"""Why a whole file cannot be read. The docstring of each class is the sentence its reader sees."""

from typing import Self

from importers.row import ReadResult
from importers.text import grouped


class UnreadableList(Exception):
    """Cette liste n'a pas pu être lue. Enregistrez-la de nouveau en .xlsx ou en .csv."""

    def __init__(self, **values: object) -> None:
        self.values = values
        shown = {k: grouped(v) if isinstance(v, int | float) else v for k, v in values.items()}
        super().__init__((type(self).__doc__ or "").format(**shown))


class EmptyFile(UnreadableList):
    """Le fichier « {filename} » est vide. Enregistrez le tableau, puis renvoyez-le."""


class FileTooLarge(UnreadableList):
    """Le fichier « {filename} » pèse {size} Mo ; la limite est de {limit} Mo. Découpez la liste, ou retirez-en les images et les colonnes inutiles."""  # noqa: E501

    @classmethod
    def of(cls, filename: str, size: int, limit: int) -> Self:
        """Return the error of a file, by its size and the limit in bytes.

        The size is rounded up to a tenth, so that it is never said to be the limit itself.
        """
        return cls(filename=filename, size=-(-size // 10**5) / 10, limit=limit // 10**6)


class TooManyRows(UnreadableList):
    """Le fichier « {filename} » a plus de {limit} lignes, ce qui est la limite. Découpez la liste en plusieurs fichiers."""  # noqa: E501


class TooLargeOnceOpened(UnreadableList):
    """Le classeur « {filename} » dépasse la limite une fois ouvert ({limit}). Supprimez les cellules écrites loin du tableau, ou enregistrez-le en .csv."""  # noqa: E501


class UnknownEnding(UnreadableList):
    """Le fichier « {filename} » n'est pas d'un format lu ici. Enregistrez la liste en .xlsx, .xls, .ods ou .csv."""  # noqa: E501


class NotWhatItSays(UnreadableList):
    """Le fichier « {filename} » n'est pas ce que dit son nom : son contenu est {found}. Ouvrez-le dans votre tableur et enregistrez-le de nouveau en .xlsx ou en .csv."""  # noqa: E501


class EncryptedFile(UnreadableList):
    """Le fichier « {filename} » est protégé par un mot de passe. Retirez ce mot de passe, enregistrez le fichier, puis renvoyez-le."""  # noqa: E501


class DamagedFile(UnreadableList):
    """Le fichier « {filename} » est abîmé et ne peut pas être ouvert. Ouvrez-le dans votre tableur, enregistrez-le de nouveau, puis renvoyez-le."""  # noqa: E501


class NoHeader(UnreadableList):
    """Aucune ligne de titres n'a été reconnue dans « {filename} ». Il faut au moins une colonne qui porte le nom des acteurs, par exemple « Nom ». Titres lus : {titles}."""  # noqa: E501


class UnknownMapping(UnreadableList):
    """La correspondance « {name} » n'existe pas. Celles qui existent : {known}."""


class MappingDoesNotFit(UnreadableList):
    """La correspondance « {name} » ne convient pas à « {filename} » : il manque les colonnes {missing}. Titres lus : {titles}."""  # noqa: E501


class UnknownTerritory(UnreadableList):
    """Le territoire « {name} » n'existe pas. Donnez un code de département, par exemple 93, 2A, 974 ou 69M."""  # noqa: E501


class NoCategory(UnreadableList):
    """Rien dans « {filename} » ne dit ce que sont ses acteurs : tous seraient cachés, et leurs voisins avec eux. Ajoutez une colonne « Catégorie » (ASE, CRIP, Association…), ou donnez une correspondance à catégorie fixe (--mapping)."""  # noqa: E501


class NoSectors(UnreadableList):
    """« {filename} » n'a pas de colonne de communes et de colonne de secteurs. Il en faut deux, par exemple « Commune » et « MDS ». Titres lus : {titles}."""  # noqa: E501


class NoUsableSector(UnreadableList):
    """Aucune ligne de « {filename} » ne donne le secteur d'une commune. {first}"""


class NoUsableLine(UnreadableList):
    """Aucune ligne de « {filename} » ne peut être utilisée (refusées : {rejected}, ignorées : {ignored}). {first}"""  # noqa: E501

    def __init__(self, result: ReadResult, filename: str) -> None:
        self.result = result
        fatal = [problem for problem in result.problems if problem.fatal]
        first = "Le tableau n'a pas de ligne d'acteur sous ses titres."
        if fatal:
            first = f"Première raison, ligne {fatal[0].line} : {fatal[0].message}"
        super().__init__(
            filename=filename, rejected=len(fatal), ignored=len(result.ignored), first=first
        )
