"""What was read of a deposited list, sealed with it: whoever applies it need not read it anew.

It is used as long as nothing changed of what it was made of, which stamp() says.
"""

import hashlib
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

import geo
import importers
from app.gazetteer.load import state_of
from app.lists.uploads import Upload
from app.models import Deposit, ErasedMark
from app.settings import Settings
from app.vault.sealing import Vault
from geo.zones import paris_day
from importers.chosen import Chosen
from importers.row import ReadResult, Where

TABLE, COLUMN = Deposit.__tablename__, "reading"
_RESULT = TypeAdapter(ReadResult)
# Lines. What was read of more takes much memory to seal, and they are read again.
MOST = 20_000
_LIBRARIES = (
    *("email-validator", "holidays", "opening-hours-py", "phonenumbers", "python-calamine"),
    "pydantic",
)


def stamp(session: Session, settings: Settings, upload: Upload, chosen: Chosen | None) -> str:
    """Return the digest of all that the reading of some bytes is made of.

    upload: with the code of its territory. chosen: how people said that its source is read. What
    is erased at somebody's request is erased here too, but not in the way in which it is read.
    """
    erased = session.scalar(select(func.count()).select_from(ErasedMark))
    made_of = (
        *(_RELEASE, state_of(session.connection()), paris_day(), erased),
        *(settings.import_max_bytes, settings.import_max_rows),
        *(upload.filename, upload.mapping, upload.territory, upload.corrected),
        chosen and chosen.model_dump_json(),
    )
    return hashlib.sha256(repr(made_of).encode()).hexdigest()


def _release() -> str:
    """Return the digest of what reads lists: another release may see a secret that this missed."""
    found = hashlib.sha256(repr([version(each) for each in _LIBRARIES]).encode())
    for package in (geo, importers):
        for path in sorted(Path(each) for each in package.__path__):
            for file in sorted(path.rglob("*")):
                if file.is_file() and file.suffix != ".pyc":
                    found.update(file.read_bytes())
    return found.hexdigest()


# Of what is imported now: the files may be those of another release before this process ends.
_RELEASE = _release()


def sealed(vault: Vault, deposit_id: UUID, stamp: str, result: ReadResult) -> bytes:
    """Return what was read, sealed for its deposit; stamp: of what it was made of."""
    # Keys of JSON are texts, and a line is known by its sheet and its number.
    raw = [(*where, cells) for where, cells in result.raw.items()]
    rest = _RESULT.dump_python(replace(result, raw={}), mode="json", exclude_defaults=True)
    value = {"stamp": stamp, "result": rest, "raw": raw}
    return vault.seal_json(TABLE, deposit_id, COLUMN, value)


def forget(session: Session) -> None:
    """Take what was read of all deposits: those that wait are read anew as they are applied."""
    session.execute(update(Deposit).where(Deposit.reading.is_not(None)).values(reading=None))


def find(session: Session, vault: Vault, deposit_id: UUID, stamp: str) -> ReadResult | None:
    """Return what was read of a deposit; None where it would be read otherwise now."""
    cached = session.scalar(select(Deposit.reading).where(Deposit.file_id == deposit_id))
    if cached is None:
        return None
    opened: dict[str, Any] = vault.open_json(TABLE, deposit_id, COLUMN, cached)
    if opened["stamp"] != stamp:
        return None
    raw = {Where(sheet, line): tuple(cells) for sheet, line, cells in opened["raw"]}
    try:
        return replace(_RESULT.validate_python(opened["result"]), raw=raw)
    except ValidationError:
        # Another release of what validates: its bytes are there to be read again.
        return None
