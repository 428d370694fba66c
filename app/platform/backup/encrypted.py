"""A file that only a passphrase opens, written and read piece by piece.

The stream of libsodium notices a piece that was changed, moved, left out or cut off the end: what
is read is what was written, before any of it is used. The first piece is a note about the rest.
"""

import os
from collections.abc import Iterator
from typing import IO

from nacl import bindings, pwhash
from nacl.exceptions import CryptoError

MAGIC = b"mesure23 backup 1\n"
PIECE = 1 << 20
_NOTE_BYTES = 4
_MORE = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_LAST = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
_HEADER = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_ADDED = bindings.crypto_secretstream_xchacha20poly1305_ABYTES


class NotOpenedError(Exception):
    """The passphrase is another one's, or the first piece was changed."""


class DamagedError(Exception):
    """What follows was changed, or its end is missing."""


def seal(source: IO[bytes], target: IO[bytes], passphrase: str, note: bytes) -> None:
    """Write a note and all that a source yields, encrypted."""
    salt = os.urandom(pwhash.argon2id.SALTBYTES)
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    header = bindings.crypto_secretstream_xchacha20poly1305_init_push(state, _key(passphrase, salt))
    target.write(MAGIC + salt + header)

    def push(piece: bytes, tag: int) -> bytes:
        return bindings.crypto_secretstream_xchacha20poly1305_push(state, piece, tag=tag)

    sealed = push(note, _MORE)
    target.write(len(sealed).to_bytes(_NOTE_BYTES, "big") + sealed)
    while len(piece := _whole(source, PIECE)) == PIECE:
        target.write(push(piece, _MORE))
    target.write(push(piece, _LAST))


def note_of(file: IO[bytes], passphrase: str) -> bytes:
    """Return the note alone; raise NotOpenedError."""
    return next(opened(file, passphrase))


def opened(file: IO[bytes], passphrase: str) -> Iterator[bytes]:
    """Yield the note, then what was sealed; raise NotOpenedError or DamagedError."""
    if file.read(len(MAGIC)) != MAGIC:
        raise NotOpenedError
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    try:
        key = _key(passphrase, file.read(pwhash.argon2id.SALTBYTES))
        header = file.read(_HEADER)
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, header, key)
        size = int.from_bytes(file.read(_NOTE_BYTES), "big")
        note, _ = bindings.crypto_secretstream_xchacha20poly1305_pull(state, file.read(size))
    except (CryptoError, ValueError):
        raise NotOpenedError from None
    yield note
    tag = _MORE
    while tag != _LAST:
        try:
            piece, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(
                state, file.read(PIECE + _ADDED)
            )
        except (CryptoError, ValueError):
            raise DamagedError from None
        yield piece
    if file.read(1):
        raise DamagedError


def _whole(source: IO[bytes], size: int) -> bytes:
    """Return so many bytes, fewer only at the end: a pipe gives what it has."""
    found = source.read(size)
    while len(found) < size and (more := source.read(size - len(found))):
        found += more
    return found


def _key(passphrase: str, salt: bytes) -> bytes:
    return pwhash.argon2id.kdf(
        bindings.crypto_secretstream_xchacha20poly1305_KEYBYTES,
        passphrase.encode(),
        salt,
        opslimit=pwhash.argon2id.OPSLIMIT_INTERACTIVE,
        memlimit=pwhash.argon2id.MEMLIMIT_INTERACTIVE,
    )
