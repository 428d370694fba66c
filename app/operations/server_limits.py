"""What a server outside lets the public login take: connections, files, functions open to all."""

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, text

from app.operations.finding import Finding
from app.platform.database.engines import Databases
from app.platform.database.preparation import PUBLIC_DEFAULTS_OF_OURS, open_functions

_LIMIT = text("SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user AND NOT rolsuper")
_OF_SERVER = text("SELECT current_setting('max_connections')::int")
_FILES = text("SELECT current_setting('temp_file_limit')")


def let_take(databases: Databases, needed: Mapping[str, int]) -> list[Finding]:
    """Return what is too little for the service, or too much for who takes its logins.

    needed: connections by login, see app.runtime.connections.
    """
    found = [*_connections(databases, needed)]
    with databases.public.connect() as connection:
        found += _files(connection)
    with databases.staff.connect() as connection:
        found += _functions(connection)
    return found


def _connections(databases: Databases, needed: Mapping[str, int]) -> Iterator[Finding]:
    for login, engine in (("public", databases.public), ("inbox", databases.inbox)):
        if engine is None:
            continue
        with engine.connect() as connection:
            limit = connection.scalar(_LIMIT)
            most = connection.scalar(_OF_SERVER)
        least = needed[login]
        if limit is not None and 0 <= limit < least:
            yield Finding(
                f"connexions ({login}) : {limit}",
                f"MESURE23_PROCESSES et MESURE23_POOL_SIZE en demandent {least}, celles du bureau"
                " comprises. Exécutez « mesure23 release ».",
            )
        if most is not None and most < least:
            yield Finding(
                f"max_connections = {most}",
                f"les processus en demandent {least} ({login}). Augmentez-le, ou baissez"
                " MESURE23_POOL_SIZE.",
            )


def _files(connection: Connection) -> Iterator[Finding]:
    if connection.scalar(_FILES) == "-1":
        ((name, (value, _)),) = PUBLIC_DEFAULTS_OF_OURS.items()
        login = connection.scalar(text("SELECT current_user"))
        yield Finding(
            f"{name} (public)",
            "une requête de l'identifiant public peut remplir le disque de fichiers temporaires."
            f' Faites exécuter par un superutilisateur : ALTER ROLE "{login}" SET {name} ='
            f" {value};",
        )


def _functions(connection: Connection) -> Iterator[Finding]:
    if statements := list(open_functions(connection)):
        yield Finding(
            "fonctions ouvertes à tous",
            "chaque identifiant peut faire attendre une connexion, écrire au journal, ou lire par"
            " une requête qui est un texte. Faites exécuter par un superutilisateur : "
            + " ".join(f"{each};" for each in statements),
        )
