"""Files that a command reads or writes, refused in a sentence."""

import os
from pathlib import Path

from importers.errors import FileTooLarge, UnreadableList

WHY_UNREAD: dict[type[OSError], str] = {
    FileNotFoundError: "il n'existe pas à cet endroit",
    NotADirectoryError: "il n'existe pas à cet endroit",
    IsADirectoryError: "c'est un dossier",
    PermissionError: "vous n'en avez pas le droit",
}


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
        why = WHY_UNREAD.get(type(error), error.strerror or "")
        raise FileNotRead(filename=str(path), why=why) from None
    if len(data) > limit:
        raise FileTooLarge.of(path.name, max(size, len(data)), limit)
    return data


def check_writable(path: Path) -> None:
    """Raise ReportNotWritten before the import is done rather than after."""
    try:
        path.open("ab").close()
    except OSError as error:
        why = WHY_UNREAD.get(type(error), error.strerror or "")
        raise ReportNotWritten(path=str(path), why=why) from None
