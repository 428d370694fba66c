"""Which register a file is of, by how it begins: what to say to who gave it as another one."""

import gzip
import re
import tarfile
import zlib
from bz2 import BZ2File
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from geo.text import fold

_HEAD = 64_000
# What archives say that are damaged, packed otherwise or locked by a password.
_NONE = (OSError, EOFError, ValueError, RuntimeError, BadZipFile, zlib.error, tarfile.TarError)
_OF_ARCHIVE = re.compile(rb"data\.gouv_local\.json|ustar")
# In the order in which they are looked for, each with a text that stands near its beginning.
_BY_HEAD = (
    ("finess", re.compile(rb'finess;etalab|"pmej"|"informationsGenerales(?:EGE|PMEJ)"')),
    ("finess_activites", re.compile(rb'"M(?:4[123]|6[123])"|"activites?"', re.IGNORECASE)),
    ("annuaire", re.compile(rb'"pivot"|"affectation_personne"')),
    ("communes", re.compile(rb'"code_type_service_local"')),
    ("inclusion", re.compile(rb'"(?:lien_source|thematiques|reseaux_porteurs)"')),
)
# By titles of columns, folded.
_BY_TITLES = (
    ("tribunaux", ("tribunal judiciaire",)),
    ("forces", ("institution", "force de securite", "brigade")),
    ("inclusion", ("lien source", "thematiques", "reseaux porteurs")),
    ("ror", ("identifiant eg", "id eg", "nom eg")),
)


def recognised(file: BinaryIO) -> str | None:
    """Return the code of the register that a file seems to be of; file can seek."""
    try:
        file.seek(0)
        start = _start(file)
    except _NONE:
        return None
    if _OF_ARCHIVE.search(start[:512]):
        return "annuaire"
    found = next((code for code, begins in _BY_HEAD if begins.search(start)), None)
    if found or start.lstrip()[:1] in (b"{", b"["):
        return found
    first = start.partition(b"\n")[0].decode("utf-8", "replace")
    titles = f" {fold(first)} "
    named = (code for code, words in _BY_TITLES if any(f" {each} " in titles for each in words))
    return next(named, None)


def _start(file: BinaryIO) -> bytes:
    """Return its first bytes, unpacked."""
    start = file.read(4)
    file.seek(0)
    plain: Any = file
    if start.startswith(b"BZh"):
        plain = BZ2File(file)
    elif start.startswith(b"\x1f\x8b"):
        plain = gzip.GzipFile(fileobj=file)
    elif start == b"PK\x03\x04":
        with ZipFile(file) as archive:
            first = next(iter(archive.infolist()), None)
            # What is packed otherwise would be unpacked at once, in memory.
            if first is None or first.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
                return b""
            with archive.open(first) as member:
                return member.read(_HEAD)
    found: bytes = plain.read(_HEAD)
    return found
