"""A day of the journal as a signed file, for a store that this service cannot overwrite."""

import base64
import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import Engine, select

from app.audit.signing import signing_key
from app.models import AuditEntry
from app.platform.database.sessions import write
from app.vault.sealing import Vault
from geo.zones import PARIS_TIME

AT_ONCE = 1_000


def export(engine: Engine, vault: Vault, day: date, folder: Path) -> tuple[Path, int]:
    """Write the entries of a day of Paris, and their signature beside; return the file and count.

    A line of JSON for each entry, its detail still sealed; the .sig has the signature of the file
    and the public key, in base64. Each is whole, or not there. Raises OSError.
    """
    begins = datetime.combine(day, time(), PARIS_TIME)
    ends = datetime.combine(day + timedelta(days=1), time(), PARIS_TIME)
    with write(engine) as session:
        key = signing_key(session, vault)
        entries = session.scalars(
            select(AuditEntry)
            .where(AuditEntry.at >= begins, AuditEntry.at < ends)
            .order_by(AuditEntry.number)
            .execution_options(yield_per=AT_ONCE)
        )
        lines = list(_lines(entries))
    text = "".join(lines).encode()
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    signature = "\n".join((_base64(key.sign(text)), _base64(public), ""))
    file = folder / f"journal-{day.isoformat()}.jsonl"
    _put(file.with_suffix(".jsonl.sig"), signature.encode())
    _put(file, text)
    return file, len(lines)


def _lines(entries: Iterator[AuditEntry]) -> Iterator[str]:
    for entry in entries:
        row = {
            "number": entry.number,
            "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "who": entry.who,
            "role": entry.role,
            "action": entry.action,
            "subject": entry.subject,
            "id": str(entry.id),
            "detail": _base64(entry.detail),
            "mac": entry.mac.hex(),
            "link": entry.link.hex(),
        }
        yield json.dumps(row, ensure_ascii=False) + "\n"


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)
