"""An upload: the bytes of a list as they came, stored before anybody knows what they hold."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from app.lists.sources import RANK_OF_LISTS, find_or_make_source, names_in, same_name, source_name
from app.models import Deposit, SourceFile
from app.platform.database.sessions import among
from app.vault.digests import index_key
from app.vault.sealing import Vault
from importers.corrected import Corrected
from importers.registers.catalogue import Register
from importers.row import Where


@dataclass(frozen=True, slots=True)
class Upload:
    """A list and what its sender says of it; where None, the list itself says.

    who: the sender, as history names them. territory: code or name of the département of the whole
    list. source: name of the source. draft: new actors become drafts. register: the one of which
    this is a territory's part; what it names no more is archived. whole: whether
    whom it does not name is missing from it. corrected: cells that somebody corrected; recalled:
    lines of which some are as they were corrected in the list before; by_others: lines of which
    somebody else than their sender corrected some.
    source_id: of whoever has a link of a source, which no name is to find.
    """

    filename: str
    data: bytes
    who: str
    territory: str | None = None
    mapping: str | None = None
    source: str | None = None
    draft: bool = False
    register: Register | None = None
    whole: bool = True
    corrected: Corrected = field(default_factory=dict)
    source_id: UUID | None = None
    recalled: frozenset[Where] = frozenset()
    by_others: frozenset[Where] = frozenset()

    @property
    def source_name(self) -> str:
        """Return the name of the source that this list belongs to."""
        return source_name(self.filename, self.source)

    @property
    def rank(self) -> int:
        """Return how far it is believed: of two sources the higher rank is used."""
        return self.register.rank if self.register else RANK_OF_LISTS


@dataclass(frozen=True, slots=True)
class Received:
    """Ids of a file that was received and of its source."""

    source: UUID
    file: UUID


def name_of(session: Session, vault: Vault, upload: Upload, territory: str | None) -> str:
    """Return what the source of an upload is called: of a file by its own name, as it was before.

    territory: the code that the upload names.
    """
    name = upload.source_name
    if upload.source or upload.register:
        return name
    return same_name(name, names_in(session, vault, territory))


def source_of(session: Session, vault: Vault, upload: Upload, territory: str | None) -> UUID:
    """Return the source of an upload, made on first sight of its name."""
    if upload.source_id:
        return upload.source_id
    key, name = index_key(session, vault), name_of(session, vault, upload, territory)
    return find_or_make_source(session, vault, key, name, territory, upload.register)


def receive(session: Session, vault: Vault, upload: Upload, territory: str | None) -> Received:
    """Store the bytes as they came, sealed; territory: the code that the upload names."""
    source = source_of(session, vault, upload, territory)
    file_id = uuid4()
    name = upload.filename.encode("utf-8", "surrogateescape")
    values = {
        "id": file_id,
        "source_id": source,
        "who": upload.who,
        "sha256": hashlib.sha256(upload.data).digest(),
        "size": len(upload.data),
        "name": vault.seal("source_file", file_id, "name", name),
        "content": vault.seal("source_file", file_id, "content", upload.data),
        "status": "received",
    }
    session.execute(insert(SourceFile).values(values))
    return Received(source, file_id)


def as_of(session: Session, vault: Vault, received: Received, upload: Upload) -> Received:
    """Give a file to the source that its content says; upload: with the code of its territory."""
    key = index_key(session, vault)
    source = find_or_make_source(session, vault, key, upload.source_name, upload.territory)
    moved = update(SourceFile).where(SourceFile.id == received.file).values(source_id=source)
    session.execute(moved)
    return Received(source, received.file)


def empty_files(session: Session, files: Collection[UUID]) -> int:
    """Take away the bytes of files in the caller's transaction; return how many had some.

    What was read of them goes too, and what was corrected in those that are not applied.
    """
    here = among(Deposit.file_id, files)
    session.execute(update(Deposit).where(here).values(reading=None))
    # Of one that is applied, the next list of its source is corrected as it was.
    unapplied = Deposit.state.not_in(("applied", "undoing"))
    session.execute(update(Deposit).where(here, unapplied).values(corrected=None))
    emptied = session.scalars(
        update(SourceFile)
        .where(among(SourceFile.id, files), SourceFile.content.is_not(None))
        .values(content=None)
        .returning(SourceFile.id)
    )
    return len(emptied.all())


def refuse(session: Session, file_id: UUID) -> None:
    """Note of a file that nothing in it can be used."""
    session.execute(update(SourceFile).where(SourceFile.id == file_id).values(status="refused"))
