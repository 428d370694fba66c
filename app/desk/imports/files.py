"""The files that a form sends: how many, how large, and what their lists are called."""

from collections import Counter
from collections.abc import Collection
from pathlib import PurePosixPath

from starlette.datastructures import FormData, UploadFile

from app.desk.shell.gate import Desk
from app.errors import Mesure23Error
from app.lists.content_days import without_day
from app.lists.sources import name_of_file, same_name, source_name
from importers.errors import FileTooLarge

FILE_MAX = 20_000_000
MOST_FILES = 5
# The files, and what a form adds around them.
LARGEST = MOST_FILES * FILE_MAX + 16_384
SECONDS = 120.0
LONGEST_NAME = 120


class TooManyFiles(Mesure23Error):
    """Rien n’est déposé : il y a plus de 5 fichiers."""

    status = 422
    title = "Trop de fichiers"
    advice = "Déposez 5 fichiers au plus à la fois, puis les autres."


class FileRefused(Mesure23Error):
    """{problem}"""

    status = 422
    title = "Fichier refusé"
    advice = "Corrigez ce que dit cette phrase, puis déposez la liste de nouveau."


def files_of(form: FormData) -> list[UploadFile]:
    """Return the files that a form sends."""
    given = form.getlist("fichier")
    return [each for each in given if isinstance(each, UploadFile) and each.filename]


def check_sizes(desk: Desk, files: list[UploadFile]) -> None:
    """Raise TooManyFiles or FileTooLarge."""
    if len(files) > MOST_FILES:
        raise TooManyFiles
    most = min(FILE_MAX, desk.settings.import_max_bytes)
    for each in files:
        if (size := each.size or 0) > most:
            raise FileTooLarge.of(file_name(each.filename or ""), size, most)


def names_of_files(given: str, files: list[str], known: Collection[str]) -> list[str]:
    """Return what the lists of files are called: of several, each adds its name to the given one.

    Without its day, and what a browser adds, and nothing else: next month's file is the same list.
    known: the names of those that are there, of which one that says another day is that list.
    """
    folded = {each.casefold() for each in known}

    def is_known(name: str) -> bool:
        return name.casefold() in folded

    if len(files) == 1:
        return [
            given if is_known(given) else same_name(without_day(given) or given, known, asks=True)
        ]
    stems = [PurePosixPath(each).stem for each in files]
    whole = [f"{given}, {each}" for each in stems]
    names = [f"{without_day(given) or given}, {name_of_file(each)}" for each in stems]
    same = Counter(each.casefold() for each in names)
    # By these a former release called them, without a version either.
    former = [f"{given}, {source_name(each, None)}" for each in files]
    alone = Counter(each.casefold() for each in former)

    def name_of(dated: str, name: str, before: str) -> str:
        # Told apart by their days alone, they are lists of their own, and stay so.
        if same[name.casefold()] > 1 or is_known(dated):
            return dated
        if alone[before.casefold()] == 1 and not is_known(name) and is_known(before):
            return before
        return same_name(name, known)

    return [*map(name_of, whole, names, former)]


def file_name(given: str) -> str:
    """Return the name of a file as people read it, without its folder."""
    name = PurePosixPath(given.replace("\\", "/")).name
    return "".join(each if each.isprintable() else "\ufffd" for each in name)[-LONGEST_NAME:]
