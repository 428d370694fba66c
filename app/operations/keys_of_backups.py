"""Which backups are lost with a key."""

from app.operations import backing_up, dumping
from app.operations.backups import backups, has_repository
from app.runtime.addresses import is_outside
from app.settings import Settings


def backups_needing(settings: Settings, key_id: str) -> list[str]:
    """Return the backups that hold something which a key sealed, or may: of files nobody knows."""
    found = {each.name for each in backups(settings.backup_dir)}
    if has_repository(settings.backup_dir):
        known = dumping.stored if is_outside(settings) else backing_up.stored
        for each in known(settings):
            manifest = each.manifest
            if manifest is not None and key_id not in manifest.keys:
                found.discard(each.label)
    return sorted(found)
