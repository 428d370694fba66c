"""Which office of a council has which communes: a list of two columns, for one territory."""

import os
from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.gazetteer.load import cached_gazetteer
from app.lists.forgetting import may_hold
from app.lists.uploads import Upload, empty_files, receive
from app.models import SourceFile
from app.records.erased import read_erased
from app.registers.competences import Known, rows_of, state, stored_rows, tie
from app.settings import Settings
from app.vault.digests import KEY_BYTES, find_key, index_key
from app.vault.sealing import Vault
from importers.errors import NoUsableSector
from importers.registers.competence import Named
from importers.row import Problem
from importers.sectors import OFFICE, Sectors, read_sectors

# As the table calls what such a list says, beside the codes of registers.
CODE = "secteurs"
NAMELESS = (
    "Aucune fiche publique de ce territoire ne s'appelle « {name} » : ses communes attendent. "
    "Vérifiez ce nom, ou importez d'abord la liste des maisons des solidarités."
)


@dataclass(frozen=True, slots=True)
class SectorsDone:
    """What a list of sectors says. removed: lines of the last one; problems: of lines."""

    communes: int
    offices: int
    added: int
    removed: int
    problems: tuple[Problem, ...]


def plan_sectors(
    session: Session, vault: Vault, settings: Settings, upload: Upload
) -> tuple[SectorsDone, Sectors]:
    """Return what a list would change, and what it says; raises UnreadableList.

    upload: with the code of its territory.
    """
    territory = upload.territory or ""
    known = Known(session, find_key(session, vault) or os.urandom(KEY_BYTES))
    sectors = read_sectors(
        upload.data,
        upload.filename,
        cached_gazetteer(session.connection()),
        territory,
        max_bytes=settings.import_max_bytes,
        max_rows=settings.import_max_rows,
    )
    problems = (*sectors.problems, *_nameless(sectors, known, territory))
    if not sectors.said:
        first = f"Ligne {problems[0].line} : {problems[0].message}" if problems else ""
        raise NoUsableSector(filename=upload.filename, first=first)
    rows, before = rows_of(sectors.said, known), stored_rows(session, CODE, territory)
    done = SectorsDone(
        communes=len(sectors.said),
        offices=len(sectors.lines),
        added=len(rows - before),
        removed=len(before - rows),
        problems=problems,
    )
    return done, sectors


def take_sectors(session: Session, vault: Vault, settings: Settings, upload: Upload) -> SectorsDone:
    """Make what a list says the sectors of its territory, in the caller's transaction.

    The bytes are stored as those of any list, and not where they hold what was erased. upload,
    errors: as of plan_sectors.
    """
    done, sectors = plan_sectors(session, vault, settings, upload)
    received = receive(session, vault, upload, upload.territory)
    key = index_key(session, vault)
    if may_hold(upload.data, read_erased(session, key)):
        empty_files(session, [received.file])
    known = Known(session, key)
    state(session, CODE, rows_of(sectors.said, known), upload.territory)
    tie(session, known)
    imported = update(SourceFile).where(SourceFile.id == received.file)
    session.execute(imported.values(status="imported"))
    return done


def _nameless(sectors: Sectors, known: Known, territory: str) -> list[Problem]:
    return [
        Problem(
            line=line,
            column=None,
            value=None,
            message=NAMELESS.format(name=name),
            fatal=False,
        )
        for name, line in sectors.lines.items()
        if known.find(known.digest(Named(OFFICE, name=name)), OFFICE, territory) is None
    ]
