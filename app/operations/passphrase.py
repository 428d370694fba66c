"""What opens the backups: none of the keys, and made by the first of them."""

import secrets
from pathlib import Path

from app.errors import why_refused
from app.platform.backup.errors import NotWritten, PassphraseMissing, PlaceGone, PlaceMissing
from app.settings import Settings
from app.vault.sealing import default_keys_file, write_first


def place_of(settings: Settings, *, make: bool = False) -> Path:
    """Return where backups lie. make: the folder too, before the first of all, which makes their
    passphrase; later it is missing with its disk. Raises PlaceMissing, PlaceGone or NotWritten.
    """
    if settings.backup_dir is None:
        raise PlaceMissing
    place = settings.backup_dir.resolve()
    try:
        if place.is_dir():
            return place
        if not make or passphrase_path(settings).exists():
            raise PlaceGone(place=str(place))
        place.mkdir(parents=True)
    except OSError as error:
        raise NotWritten(place=str(place), why=why_refused(error)) from None
    return place


def passphrase_path(settings: Settings) -> Path:
    """Return where the passphrase of backups lies: beside the keys, and none of them."""
    beside = default_keys_file(settings.data_dir).with_suffix(".passphrase")
    return settings.backup_passphrase_file or beside


def passphrase(settings: Settings, *, make: bool) -> str:
    """Return the passphrase; make: one where there is none. Raises PassphraseMissing."""
    path = passphrase_path(settings)
    if not path.exists():
        if not make:
            raise PassphraseMissing(path=str(path))
        write_first(path, secrets.token_urlsafe(32))
    # An empty one would open everything to everybody.
    if not (found := path.read_text("utf-8").strip()):
        raise PassphraseMissing(path=str(path))
    return found
