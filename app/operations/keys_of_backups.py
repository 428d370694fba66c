"""Which backups are lost with a key."""

from collections.abc import Iterator

from app.errors import OperatorError
from app.operations import backing_up, dumping
from app.operations.backups import backups_read
from app.platform.backup import dumps
from app.platform.backup.repository import FOLDER
from app.platform.backup.stored import Stored
from app.runtime.addresses import is_outside
from app.settings import Settings


class BackupsNotRead(OperatorError):
    """Les sauvegardes n'ont pas pu être lues dans {folder} : rien ne dit lesquelles ont besoin de
    cette clé. Regardez si leur disque est monté et lisible à ce compte, puis relancez la commande.
    """


def backups_needing(settings: Settings, key_id: str, *, vouched: bool = False) -> list[str]:
    """Return the backups that hold something which a key sealed, or may: of files nobody knows.

    vouched: somebody answers for those of which nobody knows. Raises BackupsNotRead.
    """
    listed = backups_read(settings.backup_dir)
    if listed is None:
        raise BackupsNotRead(folder=str(settings.backup_dir))
    needing = set() if vouched else {each.name for each in listed}
    for each in _known(settings):
        if each.manifest is not None and key_id not in each.manifest.keys:
            needing.discard(each.label)
        elif each.manifest is not None:
            needing.add(each.label)
    return sorted(needing)


def _known(settings: Settings) -> Iterator[Stored]:
    """Yield the backups that say which keys they need: dumps of a server outside, of before as
    well, and none that an administrator's own pgBackRest made, whose passphrase is not ours.
    """
    place = settings.backup_dir
    if place is None:
        return
    if (place / dumps.FOLDER).is_dir():
        yield from dumping.stored(settings)
    if (place / FOLDER).is_dir() and not is_outside(settings):
        yield from backing_up.stored(settings)
