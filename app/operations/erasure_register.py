"""The register of requests to erase, a file outside the database: one sealed request a line.

A backup knows nothing of what was erased after it. The register does, so that what a restoration
brought back is erased again; like the database it holds digests, sealed, and no value. Of an
account that was deleted, or a resource that was erased, a line holds the id, as the journal does.
"""

import base64
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from app.errors import OperatorError, why_refused
from app.settings import Settings
from app.vault.sealing import Vault

# What a line is sealed for: with the id of the request.
TABLE, COLUMN = "erasure_request", "register"
# What else a line may name, by its id alone.
ACCOUNT, RESOURCE = "account", "resource"


class RegisterNotWritten(OperatorError):
    """Le registre des effacements ne peut pas être écrit dans {path} : {why}. Rien n'est effacé.
    Indiquez un autre fichier, gardé à part de la base, dans MESURE23_ERASURES_FILE.
    """


class RegisterNotRead(OperatorError):
    """Le registre des effacements ne peut pas être lu dans {path} : {why}. Sans lui, ce qu'une
    sauvegarde restaurée a fait revenir n'est pas effacé : rendez-le lisible à ce compte.
    """


@dataclass(frozen=True, slots=True)
class Noted:
    """A request as the register holds it: when, by whom, why, and the digests."""

    id: UUID
    at: str
    who: str
    why: str
    marks: tuple[tuple[str, str], ...]


def register_path(settings: Settings) -> Path:
    """Return where the register lies, apart from the database."""
    return settings.erasures_file or settings.data_dir / "erasures"


def append(path: Path, vault: Vault, noted: Noted) -> None:
    """Add a request, on the disk once this returns; raise RegisterNotWritten."""
    said = {"at": noted.at, "who": noted.who, "why": noted.why, "marks": noted.marks}
    _append(path, _line(noted.id, vault.seal_json(TABLE, noted.id, COLUMN, said)))


def append_account(path: Path, account_id: UUID) -> None:
    """Add an account that is deleted for good; as append."""
    _append(path, _line_of(ACCOUNT, account_id))


def append_resource(path: Path, *resource_ids: UUID) -> None:
    """Add resources that are erased for good; as append."""
    _append(path, "".join(_line_of(RESOURCE, each) for each in resource_ids))


def _append(path: Path, line: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # A line of its own, also behind one that was cut off.
        _write(path, os.O_APPEND, f"\n{line}")
    except OSError as error:
        raise RegisterNotWritten(path=str(path), why=why_refused(error)) from None


def entries(path: Path) -> Iterator[tuple[UUID, bytes]]:
    """Yield the requests, still sealed; a line that was cut off is none. Raises RegisterNotRead."""
    for line in _lines(path):
        try:
            yield UUID(str(line["id"])), base64.b64decode(line["sealed"])
        except (ValueError, KeyError, TypeError):
            continue


def deleted_accounts(path: Path) -> set[UUID]:
    """Return the ids of the accounts that were deleted; raise RegisterNotRead."""
    return _ids(path, ACCOUNT)


def erased_resources(path: Path) -> set[UUID]:
    """Return the ids of the resources that were erased; raise RegisterNotRead."""
    return _ids(path, RESOURCE)


def _ids(path: Path, of: str) -> set[UUID]:
    found = set()
    for line in _lines(path):
        try:
            found.add(UUID(str(line[of])))
        except (ValueError, KeyError, TypeError):
            continue
    return found


def _lines(path: Path) -> Iterator[Any]:
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return
    except OSError as error:
        raise RegisterNotRead(path=str(path), why=why_refused(error)) from None
    for line in lines:
        try:
            yield json.loads(line)
        except ValueError:
            continue


def opened(vault: Vault, request_id: UUID, sealed: bytes) -> Noted:
    """Return a request; raise KeyMissing or NotOpened."""
    said = vault.open_json(TABLE, request_id, COLUMN, sealed)
    marks = tuple((purpose, digest) for purpose, digest in said["marks"])
    return Noted(request_id, said["at"], said["who"], said["why"], marks)


def seal_again(path: Path, vault: Vault) -> int:
    """Seal every request by the primary key, under the import lock; return how many there are.

    Raises KeyMissing or NotOpened, which leave the file as it was, and RegisterNotWritten.
    """
    lines = []
    for request_id, sealed in entries(path):
        text = vault.open(TABLE, request_id, COLUMN, sealed)
        lines.append(_line(request_id, vault.seal(TABLE, request_id, COLUMN, text)))
    if not lines:
        return 0
    ids = (_line_of(of, each) for of in (ACCOUNT, RESOURCE) for each in sorted(_ids(path, of)))
    # Written beside it and renamed: a crash leaves the old file or the new one.
    fresh = path.with_name(path.name + ".new")
    try:
        _write(fresh, os.O_TRUNC, "".join((*lines, *ids)))
        fresh.replace(path)
    except OSError as error:
        raise RegisterNotWritten(path=str(path), why=why_refused(error)) from None
    return len(lines)


def _line(request_id: UUID, sealed: bytes) -> str:
    return json.dumps({"id": str(request_id), "sealed": base64.b64encode(sealed).decode()}) + "\n"


def _line_of(name: str, named: UUID) -> str:
    return json.dumps({name: str(named)}) + "\n"


def _write(path: Path, how: int, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
