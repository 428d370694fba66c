"""Which backups are lost with a key."""

from app.errors import OperatorError
from app.operations import backing_up, dumping
from app.operations.backups import backups_read, has_repository
from app.runtime.addresses import is_outside
from app.settings import Settings


class BackupsNotRead(OperatorError):
    """Les sauvegardes n'ont pas pu être lues dans {folder} : rien ne dit lesquelles ont besoin de
    cette clé. Regardez si leur disque est monté et lisible à ce compte, puis relancez la commande.
    """


def backups_needing(settings: Settings, key_id: str) -> list[str]:
    """Return the backups that hold something which a key sealed, or may: of files nobody knows.

    Raises BackupsNotRead.
    """
    listed = backups_read(settings.backup_dir)
    if listed is None:
        raise BackupsNotRead(folder=str(settings.backup_dir))
    found = {each.name for each in listed}
    if has_repository(settings.backup_dir):
        known = dumping.stored if is_outside(settings) else backing_up.stored
        for each in known(settings):
            manifest = each.manifest
            if manifest is not None and key_id not in manifest.keys:
                found.discard(each.label)
    return sorted(found)
