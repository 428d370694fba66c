"""An upload that was read: its lines, with the digests by which they are found again."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from app.lists.uploads import Received, Upload
from app.settings import Settings
from app.vault.digests import digest
from geo.address import address_key
from geo.gazetteer import Gazetteer
from geo.text import forget
from importers.chosen import Chosen
from importers.errors import FileTooLarge
from importers.identity import former_key
from importers.reading import read_list
from importers.row import ActorRow, ReadResult, Where

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line and its digests, computed once; former: its identity as former releases made it.

    actor, only: of a line that was handed out: whose it is, and the fields that it answers.
    """

    row: ActorRow
    identity: bytes
    former: bytes
    content: bytes
    actor: UUID | None = None
    only: frozenset[str] | None = None


class Gone(NamedTuple):
    """What is known of a line of an actor that was erased: its cells say it no more."""

    territory: str
    is_unclassified: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What an upload says, before it is compared with anything; file: the id of its bytes.

    forgotten: its bytes hold what was erased at somebody's request, and are not kept. absent: of a
    file that was handed out: identity -> actor that it listed and no line names by its id. erased:
    the lines of actors that were erased. emptied: those of which a value was.
    """

    upload: Upload
    source: UUID
    file: UUID
    result: ReadResult
    lines: tuple[ReadLine, ...]
    forgotten: bool = False
    absent: Mapping[bytes, UUID] = field(default_factory=dict)
    erased: Mapping[Where, Gone] = field(default_factory=dict)
    emptied: frozenset[Where] = frozenset()

    @property
    def of_erased(self) -> AbstractSet[Where]:
        """Return the lines that say what was erased at somebody's request: a curateur's alone."""
        return self.erased.keys() | self.emptied


def check_size(upload: Upload, settings: Settings) -> None:
    """Raise FileTooLarge."""
    size, limit = len(upload.data), settings.import_max_bytes
    if size > limit:
        raise FileTooLarge.of(upload.filename, size, limit)


def read_upload(
    upload: Upload,
    settings: Settings,
    gazetteer: Gazetteer,
    territory: str | None,
    progress: Progress | None,
    chosen: Chosen | None = None,
) -> ReadResult:
    """Read the bytes; territory: the code that the upload names; chosen: how people said that its
    source is read. Raises UnreadableList.
    """
    result = read_list(
        upload.data,
        upload.filename,
        mapping=upload.mapping,
        chosen=chosen,
        gazetteer=gazetteer,
        territory=territory,
        max_bytes=settings.import_max_bytes,
        max_rows=settings.import_max_rows,
        progress=progress,
        corrected=upload.corrected,
    )
    # What its cells are is asked for no more. The keys of its addresses are, until it is planned:
    # whoever has a list read forgets them as well (`uncollected`).
    forget(but=[address_key])
    return result


def digested(upload: Upload, received: Received, result: ReadResult, key: bytes) -> Reading:
    """Return what was read with the digests of its lines; key: the one of the digests."""
    identified = zip(result.rows, result.identities, strict=True)
    lines = tuple(_line(row, identity, key) for row, identity in identified)
    return Reading(upload, received.source, received.file, result, lines)


def _line(row: ActorRow, identity: str, key: bytes) -> ReadLine:
    return ReadLine(
        row,
        digest(key, "identity", identity),
        digest(key, "identity", former_key(row)),
        content_digest(row, key),
    )


def content_digest(row: ActorRow, key: bytes) -> bytes:
    """Return the digest of all that a line says."""
    # Without what is left at its default, so that a new field makes no line a changed one; nor does
    # why a number is withheld.
    left = {"line", "sheet", "beside_names"}
    text = row.model_dump_json(exclude=left, exclude_defaults=True)
    return digest(key, "content", text)
