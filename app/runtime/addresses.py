"""What both halves read first: the settings, and the address of a database."""

import os

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import SecretStr, ValidationError
from pydantic_settings import SettingsError
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from app.errors import OperatorError
from app.settings import Settings

DATABASE = "mesure23"
PLATFORM = "DATABASE_URL"
DRIVER = "postgresql+psycopg"


class SettingsInvalid(OperatorError):
    """Réglage invalide : {names}. Corrigez-le, puis relancez la commande."""


class AddressMalformed(OperatorError):
    """{name} n'est pas l'adresse d'une base PostgreSQL.
    Elle s'écrit postgresql://identifiant:motdepasse@serveur:5432/base.
    """


def read_settings(*, public: bool = False) -> Settings:
    """Return the settings of the environment; raise SettingsInvalid without quoting a value.

    public: of a process that only reads what is published.
    """
    try:
        return _with_platform(Settings(), public=public)
    except ValidationError as error:
        names = ", ".join(f"MESURE23_{each['loc'][0]!s}".upper() for each in error.errors())
    except SettingsError as error:
        names = str(error).rpartition('"')[0].rpartition('"')[2]
    raise SettingsInvalid(names=names)


def _with_platform(settings: Settings, *, public: bool) -> Settings:
    """Take the address that a platform hands to its programs, where ours are not set.

    In production alone: elsewhere DATABASE_URL is another program's, and would get our tables.
    """
    given = os.environ.get(PLATFORM)
    ours = (settings.database_url, settings.public_database_url, settings.owner_database_url)
    if not given or settings.env != "production" or any(ours):
        return settings
    name = "public_database_url" if public else "database_url"
    return settings.model_copy(update={name: SecretStr(given)})


def is_outside(settings: Settings) -> bool:
    """Say whether the database is on a server of somebody's, not the embedded one."""
    return any((settings.database_url, settings.owner_database_url))


def database_address(given: SecretStr, name: str) -> str:
    """Return a SQLAlchemy URL for our driver, from one as libpq writes it as well."""
    try:
        url = make_url(given.get_secret_value())
        # As the driver will read it: a name of an option that it does not know is refused now.
        conninfo_to_dict(url.set(drivername="postgresql").render_as_string(hide_password=False))
    except (ArgumentError, ValueError, ProgrammingError):
        # From None: the text may hold a password.
        raise AddressMalformed(name=name) from None
    if url.drivername not in {"postgresql", "postgres", DRIVER} or not url.database:
        raise AddressMalformed(name=name)
    return url.set(drivername=DRIVER).render_as_string(hide_password=False)


def inbox_address(settings: Settings) -> str | None:
    """Return the address of the login that adds to the inbox of a server outside, if given."""
    given = settings.inbox_database_url
    return database_address(given, "MESURE23_INBOX_DATABASE_URL") if given else None
