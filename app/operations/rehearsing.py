"""What is asked of a backup that was restored to see whether it is one."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection

from app.errors import OperatorError
from app.operations.backups import REHEARSED
from app.platform.backup.manifest import Manifest
from app.platform.backup.stored import Stored
from app.vault.columns import SEALED
from app.vault.rotation import verifiers
from app.vault.sealing import Vault
from app.vault.verifying import open_secrets

SEALED_COLUMNS = [(each.table, column) for each in SEALED for column in each.columns]


class NoVerifier(OperatorError):
    """Aucune des clés données n’est une clé de cette sauvegarde. « mesure23 backup list » dit
    lesquelles il lui faut : rendez-les à MESURE23_KEYS ou MESURE23_KEYS_FILE.
    """


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A backup that was restored beside the service. differences: tables that are not the same."""

    backup: Stored
    found: Manifest
    differences: list[str]
    seconds: float


def open_all(connection: Connection, vault: Vault) -> None:
    """Open the secrets of the database, which all else that is sealed depends on.

    Raises KeyMissing or WrongKey; NoVerifier where none of the keys sealed one of them.
    """
    opened = open_secrets(connection, vault)
    if opened and not opened & verifiers(vault):
        raise NoVerifier


def note_rehearsal(place: Path, label: str) -> None:
    """Note that a backup was restored and found to be the same."""
    said = json.dumps({"label": label, "at": datetime.now(UTC).isoformat()})
    fresh = place / f"{REHEARSED}.new"
    fresh.write_text(said + "\n", "utf-8")
    fresh.replace(place / REHEARSED)
