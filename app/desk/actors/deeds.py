"""What one press does to actors, by its name in a form: to several of a list, to one of a sheet.

Never is a protection lifted so.
"""

from datetime import date

from app.records import many, many_hidden
from app.records.correcting import may_correct
from app.records.many import Deed
from app.records.sheets import Sheet
from app.visibility import Viewer

DEEDS: dict[str, Deed] = {
    "verifier": many.VERIFY,
    "archiver": many.ARCHIVE,
    "publier": many.PUBLISH,
}
# To several that are hidden, of which none becomes public by it.
OF_HIDDEN: dict[str, Deed] = {
    "garder": many_hidden.CONFIRM,
    "ecarter": many_hidden.SET_ASIDE,
    "archiver": many.ARCHIVE,
}


def offered(viewer: Viewer, sheet: Sheet, today: date) -> list[str]:
    """Return the names of what a viewer may do to an actor as it is; nothing to a masked one."""
    record = sheet.record
    if record is None or may_correct(viewer, record.category, record.territory):
        return []
    return [name for name, deed in DEEDS.items() if not deed.refuses(record, sheet.level, today)]
