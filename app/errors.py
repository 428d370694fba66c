"""Errors of the service: a class is an error, its docstring is its message to the reader."""


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
