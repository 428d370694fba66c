"""Files that a command reads or writes, refused in a sentence."""

import os
from pathlib import Path

from app.errors import why_refused
from importers.errors import FileTooLarge, UnreadableList


class FileNotRead(UnreadableList):
    """Le fichier « {filename} » ne peut pas être lu : {why}. Vérifiez son nom et son dossier."""


class ReportNotWritten(UnreadableList):
    """Le compte rendu ne peut pas être écrit dans « {path} » : {why}. Rien n'a été importé."""


def read_file(path: Path, limit: int) -> bytes:
    """Return the bytes of a list; raise UnreadableList. No more than limit is ever read."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            data = file.read(limit + 1)
    except OSError as error:
        raise FileNotRead(filename=str(path), why=why_refused(error)) from None
    if len(data) > limit:
        raise FileTooLarge.of(path.name, max(size, len(data)), limit)
    return data


def check_writable(path: Path) -> None:
    """Raise ReportNotWritten before the import is done rather than after."""
    try:
        path.open("ab").close()
    except OSError as error:
        raise ReportNotWritten(path=str(path), why=why_refused(error)) from None
