"""The register of requests to erase, a file outside the database: one sealed request a line.

A backup knows nothing of what was erased after it. The register does, so that what a restoration
brought back is erased again; like the database it holds digests, sealed, and no value. Of an
account that was deleted, or a resource that was erased, a line holds the id, as the journal does.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from app.errors import OperatorError, why_refused
from app.settings import Settings
from app.vault import lines
from app.vault.sealing import Vault

NAME = "erasures"
# What a line is sealed for: with the id of the request.
TABLE, COLUMN = "erasure_request", "register"
# What else a line may name, by its id alone.
ACCOUNT, RESOURCE = "account", "resource"


class RegisterNotWritten(OperatorError):
    """Le registre des effacements ne peut pas être écrit dans {path} : {why}. Rien n'est effacé.
    Si le disque des sauvegardes n’est pas monté, montez-le ; ou indiquez un autre fichier, gardé à
    part de la base, dans MESURE23_ERASURES_FILE.
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
    """Return where the register lies: beside the backups, where it is known where these are."""
    return register_paths(settings)[-1]


def register_paths(settings: Settings) -> tuple[Path, ...]:
    """Return each place where there may be lines of it, which are read together, the register last:
    a process that is not told where the backups are adds its own in the data directory.
    """
    if settings.erasures_file:
        return (settings.erasures_file,)
    places = dict.fromkeys((settings.data_dir, settings.backup_dir or settings.data_dir))
    return tuple(place / NAME for place in places)


def copy_register(settings: Settings) -> None:
    """Have all that a former release noted in the data directory beside the backups as well: there
    it would be lost with the disk of the database. Raises RegisterNotRead or RegisterNotWritten.

    It stays where it is too, for a process that is not told where the backups are.
    """
    *others, path = register_paths(settings)
    if any(map(lines.is_there, others)):
        _append(path, *_not_copied(settings))


def count_not_copied(settings: Settings) -> int:
    """Count what is noted in the data directory alone; raise RegisterNotRead."""
    return len(_not_copied(settings))


def _not_copied(settings: Settings) -> list[Any]:
    *others, path = register_paths(settings)
    # That one was begun says nothing of another, which has none of its lines yet.
    there = {(), *map(_named, _lines(path))}
    return [each for each in _lines(*others) if _named(each) not in there]


def _named(line: Any) -> tuple[object, ...]:
    """Return what a line is about, however it is sealed; nothing where it names nothing."""
    named = tuple(map(line.get, ("id", ACCOUNT, RESOURCE))) if isinstance(line, dict) else ()
    return named if any(named) else ()


def append(path: Path, vault: Vault, noted: Noted) -> None:
    """Add a request, on the disk once this returns; raise RegisterNotWritten."""
    said = {"at": noted.at, "who": noted.who, "why": noted.why, "marks": noted.marks}
    _append(path, _line(noted.id, vault.seal_json(TABLE, noted.id, COLUMN, said)))


def append_account(path: Path, account_id: UUID) -> None:
    """Add an account that is deleted for good; as append."""
    _append(path, {ACCOUNT: str(account_id)})


def append_resource(path: Path, *resource_ids: UUID) -> None:
    """Add resources that are erased for good; as append."""
    _append(path, *({RESOURCE: str(each)} for each in resource_ids))


def _append(path: Path, *added: dict[str, str]) -> None:
    try:
        if added:
            lines.append(path, added)
    except OSError as error:
        raise RegisterNotWritten(path=str(path), why=why_refused(error)) from None


@dataclass(frozen=True, slots=True)
class Ids:
    """Of what registers hold lines: requests, deleted accounts and erased resources."""

    requests: frozenset[UUID]
    accounts: frozenset[UUID]
    resources: frozenset[UUID]


def ids_of(*paths: Path) -> Ids:
    """Return what is noted, read once; raise RegisterNotRead."""
    found = _lines(*paths)
    requests = frozenset(each for each, _ in filter(None, map(_request, found)))
    return Ids(requests, frozenset(_ids(found, ACCOUNT)), frozenset(_ids(found, RESOURCE)))


def entries(*paths: Path) -> Iterator[tuple[UUID, bytes]]:
    """Yield the requests, still sealed; a line that was cut off is none. Raises RegisterNotRead."""
    yield from filter(None, map(_request, _lines(*paths)))


def deleted_accounts(*paths: Path) -> set[UUID]:
    """Return the ids of the accounts that were deleted; raise RegisterNotRead."""
    return _ids(_lines(*paths), ACCOUNT)


def erased_resources(*paths: Path) -> set[UUID]:
    """Return the ids of the resources that were erased; raise RegisterNotRead."""
    return _ids(_lines(*paths), RESOURCE)


def _ids(noted: list[Any], of: str) -> set[UUID]:
    found = set()
    for line in noted:
        try:
            found.add(UUID(str(line[of])))
        except (ValueError, KeyError, TypeError):
            continue
    return found


def _lines(*paths: Path) -> list[Any]:
    found = list[Any]()
    for path in paths:
        try:
            found += lines.read(path)
        except OSError as error:
            raise RegisterNotRead(path=str(path), why=why_refused(error)) from None
    return found


def _request(line: Any) -> tuple[UUID, bytes] | None:
    """Return the request that a line holds; None where it holds another thing."""
    try:
        return UUID(str(line["id"])), base64.b64decode(line["sealed"])
    except (ValueError, KeyError, TypeError):
        return None


def opened(vault: Vault, request_id: UUID, sealed: bytes) -> Noted:
    """Return a request; raise KeyMissing or NotOpened."""
    said = vault.open_json(TABLE, request_id, COLUMN, sealed)
    marks = tuple((purpose, digest) for purpose, digest in said["marks"])
    return Noted(request_id, said["at"], said["who"], said["why"], marks)


def seal_again(path: Path, vault: Vault) -> int:
    """Seal every request by the primary key, under the import lock; return how many there are.

    Raises KeyMissing or NotOpened, which leave the file as it was, and RegisterNotWritten.
    """
    done = 0

    def change(found: list[Any]) -> list[Any]:
        nonlocal done
        again = []
        for line in found:
            if (request := _request(line)) is None:
                again.append(line)
                continue
            text = vault.open(TABLE, request[0], COLUMN, request[1])
            again.append(_line(request[0], vault.seal(TABLE, request[0], COLUMN, text)))
            done += 1
        return again

    if lines.is_there(path):
        try:
            lines.rewrite(path, change)
        except OSError as error:
            raise RegisterNotWritten(path=str(path), why=why_refused(error)) from None
    return done


def _line(request_id: UUID, sealed: bytes) -> dict[str, str]:
    return {"id": str(request_id), "sealed": base64.b64encode(sealed).decode()}
