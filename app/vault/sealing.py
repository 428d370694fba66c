"""Authenticated encryption of what must not lie in clear in the database, its files or its backups.

A sealed value is: format byte, length and id of its key, 12 bytes of nonce, AES-256-GCM text. The
table, row and column are its associated data, so a value moved to another place does not open.
"""

import base64
import hashlib
import json
import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic_core import from_json

from app.errors import OperatorError
from app.settings import Settings

log = structlog.get_logger(__name__)

FORMAT = b"\x01"
NONCE_BYTES = 12
KEY_BYTES = 32
# One for all: to make it takes as long as to write a small value.
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str)


class KeysLost(OperatorError):
    """La base contient des données scellées, mais aucun fichier de clés n'existe en {path}.
    Restaurez ce fichier depuis votre sauvegarde, ou indiquez MESURE23_KEYS. Sans lui, les listes
    reçues, les adresses protégées et l'historique sont perdus.
    """


class KeysMalformed(OperatorError):
    """Les clés de chiffrement sont mal écrites : chaque clé s'écrit « nom:base64 de 32 octets »,
    une par ligne ou séparées par des virgules, la première scelle.
    """


class NotOpened(OperatorError):
    """Une valeur scellée de {place} a été modifiée ou déplacée : elle est refusée.
    Comparez avec une sauvegarde avant d'aller plus loin.
    """


class KeyMissing(NotOpened):
    """La clé « {key_id} » est introuvable : ce qu'elle a scellé (listes reçues, lignes, adresses
    protégées, historique) ne peut pas être lu. Rendez-la à MESURE23_KEYS ou MESURE23_KEYS_FILE.
    """


class _Keys(NamedTuple):
    """Keys as they were read at once. stamp: of the file that had them."""

    primary: str
    known: Mapping[str, bytes]
    stamp: tuple[int, ...] = ()

    def __repr__(self) -> str:
        """Show no key, whatever prints it."""
        return f"<keys sealing by {self.primary}>"


class Vault:
    """Seals and opens. keys: id -> 32 bytes; primary seals, the others only open.

    file: read anew once it is another one, so that a rotation asks for no restart.
    """

    __slots__ = ("_file", "_held", "_is_cut_off")

    def __init__(self, primary: str, keys: Mapping[str, bytes], file: Path | None = None) -> None:
        self._held, self._file, self._is_cut_off = _Keys(primary, keys), file, False

    @property
    def primary(self) -> str:
        """Return the id of the key that seals."""
        return self._held.primary

    @property
    def keys(self) -> Mapping[str, bytes]:
        """Return all that are known."""
        return self._held.known

    @property
    def is_cut_off(self) -> bool:
        """Say whether the file cannot be read now, so that a new key of it would not seal."""
        try:
            self._as_of_now()
        except KeysMalformed:
            return True
        return self._is_cut_off

    def seal(self, table: str, row: UUID | str, column: str, value: bytes) -> bytes:
        """Return value sealed for that place and no other; raise KeysMalformed."""
        nonce = os.urandom(NONCE_BYTES)
        held = self._as_of_now()
        key_id = held.primary.encode()
        cipher = _cipher(held.known[held.primary])
        text = cipher.encrypt(nonce, value, _place(table, row, column))
        return FORMAT + bytes([len(key_id)]) + key_id + nonce + text

    def open(self, table: str, row: UUID | str, column: str, sealed: bytes) -> bytes:
        """Return what was sealed; raise KeyMissing or NotOpened."""
        end = 2 + int.from_bytes(sealed[1:2])
        key_id = sealed[2:end].decode("utf-8", "replace")
        key = self._held.known.get(key_id) or self._as_of_now().known.get(key_id)
        if key is None:
            raise KeyMissing(key_id=key_id)
        nonce, text = sealed[end : end + NONCE_BYTES], sealed[end + NONCE_BYTES :]
        try:
            return _cipher(key).decrypt(nonce, text, _place(table, row, column))
        except (InvalidTag, ValueError):
            # From None: neither the key nor the text may reach an error report.
            raise NotOpened(place=f"{table}.{column}") from None

    def _as_of_now(self) -> _Keys:
        """Return the keys of the file, read anew if it is another one; raise KeysMalformed.

        Where it is taken away, or may not be read any more, those of before, and say so once.
        """
        if self._file is None:
            return self._held
        try:
            if (stamp := _stamp(self._file)) != self._held.stamp:
                read = _parsed(self._file)
                self._held = _Keys(read.primary, read.keys, stamp)
        except OSError as error:
            if not self._is_cut_off:
                why = type(error).__name__
                log.error("keys file unreadable, sealing by its former key", why=why)
            self._is_cut_off = True
        else:
            self._is_cut_off = False
        return self._held

    def seal_json(self, table: str, row: UUID | str, column: str, value: Any) -> bytes:
        """Seal a JSON value."""
        text = _JSON.encode(value)
        return self.seal(table, row, column, text.encode("utf-8", "surrogatepass"))

    def open_json(self, table: str, row: UUID | str, column: str, sealed: bytes) -> Any:
        """Return the JSON value that was sealed."""
        return json_of(self.open(table, row, column, sealed))


def json_of(text: bytes) -> Any:
    """Return the JSON value of what was opened."""
    try:
        # In half the time of the standard library's, which lists of thousands notice.
        return from_json(text)
    except ValueError:
        # It refuses half a character, which what people send may have.
        return json.loads(text.decode("utf-8", "surrogatepass"))


# Made once for a key: that takes half as long as to open a record.
_cipher = lru_cache(maxsize=16)(AESGCM)


def _stamp(file: Path) -> tuple[int, ...]:
    found = file.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


def _place(table: str, row: UUID | str, column: str) -> bytes:
    return f"{table}/{row}/{column}".encode()


def parse_keys(text: str) -> Vault:
    """Read "id:base64" keys, separated by commas or lines; raise KeysMalformed."""
    keys: dict[str, bytes] = {}
    for entry in text.replace(",", "\n").split():
        key_id, _, encoded = entry.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            raise KeysMalformed from None
        if not 0 < len(key_id.encode()) < 64 or len(key) != KEY_BYTES or key_id in keys:
            raise KeysMalformed
        keys[key_id] = key
    if not keys:
        raise KeysMalformed
    return Vault(next(iter(keys)), keys)


def new_key() -> str:
    """Return a fresh key as "id:base64"."""
    return f"k{secrets.token_hex(4)}:{base64.b64encode(os.urandom(KEY_BYTES)).decode()}"


def default_keys_file(data_dir: Path) -> Path:
    """Return where the keys of a data directory lie: beside the user's settings, never in it.

    So a copy of the data directory alone opens nothing.
    """
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    name = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:12]
    return home / "mesure23" / f"{name}.keys"


def load_vault(settings: Settings) -> Vault | None:
    """Return the vault of the settings, or None where no key was given and none was made yet."""
    if settings.keys is not None:
        return parse_keys(settings.keys.get_secret_value())
    path = settings.keys_file or default_keys_file(settings.data_dir)
    return read_keys_file(path) if path.exists() else None


def read_keys_file(path: Path) -> Vault:
    """Return the vault of a keys file; raise KeysMalformed, or OSError where it cannot be read."""
    read = _parsed(path)
    return Vault(read.primary, read.keys, path)


def _parsed(path: Path) -> Vault:
    try:
        return parse_keys(path.read_text("utf-8"))
    except UnicodeDecodeError:
        # From None: the error holds what was read.
        raise KeysMalformed from None


def make_keys_file(settings: Settings) -> Path:
    """Write a first key where load_vault looks, readable by its owner only; return its path.

    Where another process was first, its file stays: what it seals must be opened by us.
    """
    path = settings.keys_file or default_keys_file(settings.data_dir)
    write_first(path, new_key())
    return path


def write_first(path: Path, secret: str) -> None:
    """Write a secret to a file that its owner alone reads, unless it is there already."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # mkstemp makes it 0600; linked once it is whole, so that nobody reads half a key.
    descriptor, fresh = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secret + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(fresh, path)
    finally:
        Path(fresh).unlink()


def add_key(settings: Settings) -> Vault | None:
    """Put a fresh key in front of the keys file and return the vault that it makes.

    None where the keys come from MESURE23_KEYS, which only the operator can write.
    """
    if settings.keys is not None:
        return None
    path = settings.keys_file or default_keys_file(settings.data_dir)
    text = f"{new_key()}\n{path.read_text()}"
    _rewrite(path, text)
    return parse_keys(text)


def forget_key(settings: Settings, key_id: str) -> bool:
    """Take a key from the keys file; False where the keys come from MESURE23_KEYS."""
    if settings.keys is not None:
        return False
    path = settings.keys_file or default_keys_file(settings.data_dir)
    entries = path.read_text().replace(",", "\n").split()
    left = [each for each in entries if each.partition(":")[0] != key_id]
    _rewrite(path, "\n".join(left) + "\n")
    return True


def _rewrite(path: Path, text: str) -> None:
    # Written beside it and renamed: a crash leaves the old file or the new one, never half of one.
    fresh = path.with_name(path.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        # Root rotates what a service reads that is not root.
        former = path.stat()
        with suppress(PermissionError):
            os.fchown(descriptor, former.st_uid, former.st_gid)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
