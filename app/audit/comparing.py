"""Whether an exported day is ours, and whether the journal still says the same."""

import base64
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.journal import link_of
from app.audit.signing import signing_key
from app.audit.verifying import Verdict
from app.errors import OperatorError
from app.models import AuditAnchor, AuditEntry
from app.vault.digests import index_key
from app.vault.sealing import Vault


class NoExport(OperatorError):
    """« {name} » ou sa signature ({name}.sig) ne se lit pas : donnez un fichier que
    « mesure23 audit export » a écrit, la signature à côté.
    """


def compare(session: Session, vault: Vault, file: Path) -> Verdict:
    """Read an exported day; what it says is compared with the journal, but for what was cut there.

    Raises NoExport. It writes nothing, but for the keys of a database that has none yet.
    """
    try:
        text = file.read_bytes()
        signature = base64.b64decode(file.with_name(f"{file.name}.sig").read_text().split()[0])
        rows = [_entry(json.loads(line)) for line in text.decode().splitlines()]
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        raise NoExport(name=file.name) from None
    verdict = Verdict(entries=len(rows))
    if not _is_ours(signing_key(session, vault), signature, text):
        verdict.faults.append("Le fichier n’est pas signé par cette base, ou il a été changé.")
    verdict.faults += _faults(session, vault, rows)
    if rows:
        verdict.first_at, verdict.last_at = rows[0].at, rows[-1].at
        verdict.last_number = rows[-1].number
    return verdict


def _entry(row: dict[str, Any]) -> AuditEntry:
    texts = {name: str(row[name]) for name in ("who", "role", "action", "subject")}
    return AuditEntry(
        number=int(row["number"]),
        at=datetime.fromisoformat(row["at"]),
        mac=bytes.fromhex(row["mac"]),
        link=bytes.fromhex(row["link"]),
        **texts,
    )


def _is_ours(key: Ed25519PrivateKey, signature: bytes, text: bytes) -> bool:
    try:
        key.public_key().verify(signature, text)
    except InvalidSignature:
        return False
    return True


def _faults(session: Session, vault: Vault, rows: list[AuditEntry]) -> list[str]:
    """Say which entries are not those of the journal, or do not follow each other."""
    if not rows:
        return []
    key, faults = index_key(session, vault), []
    cut = session.scalar(select(func.max(AuditAnchor.number))) or 0
    same = AuditEntry.number.between(rows[0].number, rows[-1].number)
    found = session.execute(select(AuditEntry.number, AuditEntry.link).where(same))
    there = {each.number: each.link for each in found}
    before: AuditEntry | None = None
    for row in rows:
        if before and not _follows(key, before, row):
            faults.append(f"L’entrée {row.number} du fichier ne suit pas celle d’avant.")
        if row.number > cut and there.get(row.number) != row.link:
            faults.append(f"L’entrée {row.number} du journal n’est plus celle du fichier.")
        before = row
    return faults


def _follows(key: bytes, before: AuditEntry, row: AuditEntry) -> bool:
    return row.number == before.number + 1 and link_of(key, before.link, row) == row.link
