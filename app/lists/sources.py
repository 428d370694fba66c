"""The books of what was received: sources, files, lines, and what each source knew before."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import PurePath
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from app.models import Actor, ActorFingerprint, Source, SourceFile, SourceRecord, SourceRow
from app.platform.database.sessions import among
from app.records.marks import MATCHING_KINDS
from app.vault.digests import digest
from app.vault.sealing import Vault
from importers.plan import Known, PlannedLine
from importers.row import ReadResult

RANK_OF_LISTS = 10


def source_name(filename: str, given: str | None) -> str:
    """Return the name of the source of a file: a list that comes back with a new date is the same.

    "Liste ASE 93 – 2026-03 (2).xlsx" and "liste_ase_93_v3.ods" belong to one source.
    """
    if given:
        return given.strip()
    stem = PurePath(filename).stem.replace("_", " ")
    stem = re.sub(r"\(\d+\)|\bv\d+\b|\b\d{1,2}[-./ ]\d{1,2}[-./ ](19|20)\d\d\b", " ", stem)
    stem = re.sub(r"\b(19|20)\d\d([-./ ]?[01]\d([-./ ]?[0-3]\d)?)?\b", " ", stem)
    return " ".join(re.sub(r"[\s–-]+", " ", stem).split()) or "liste"


class Books:
    """Reads and writes the sealed books within the caller's transaction."""

    def __init__(self, session: Session, vault: Vault, key: bytes) -> None:
        self._session, self._vault, self._key = session, vault, key

    def source(self, name: str, territory: str | None) -> Source:
        """Return the source of that name and territory, made on first sight."""
        wanted = digest(self._key, "source", f"{name.casefold()}/{territory or ''}")
        source = self._session.scalar(select(Source).where(Source.digest == wanted))
        if source is None:
            source_id = uuid4()
            source = Source(
                id=source_id,
                digest=wanted,
                name=self._vault.seal("source", source_id, "name", name.encode()),
                producer=self._vault.seal("source", source_id, "producer", b""),
                territory_code=territory,
                rank=RANK_OF_LISTS,
            )
            self._session.add(source)
            self._session.flush()
        return source

    def receive(self, source: Source, data: bytes, filename: str, who: str) -> SourceFile:
        """Keep the bytes as they came."""
        file_id = uuid4()
        name = filename.encode("utf-8", "surrogateescape")
        file = SourceFile(
            id=file_id,
            source_id=source.id,
            who=who,
            sha256=hashlib.sha256(data).digest(),
            size=len(data),
            name=self._vault.seal("source_file", file_id, "name", name),
            content=self._vault.seal("source_file", file_id, "content", data),
            status="received",
        )
        self._session.add(file)
        self._session.flush()
        return file

    def known(self, source_id: UUID) -> dict[bytes, Known[UUID]]:
        """Return what a source said before: identity -> actor and content."""
        statement = select(
            SourceRecord.identity, SourceRecord.actor_id, SourceRecord.content
        ).where(SourceRecord.source_id == source_id)
        return {
            identity: Known(actor, content)
            for identity, actor, content in self._session.execute(statement)
        }

    def same_actors(self, wanted: Mapping[bytes, str]) -> dict[bytes, UUID]:
        """Return mark -> actor for marks that exactly one stored actor of that category bears."""
        statement = (
            select(ActorFingerprint.digest, ActorFingerprint.actor_id, Actor.category)
            .join(Actor, Actor.id == ActorFingerprint.actor_id)
            .where(
                ActorFingerprint.kind.in_(MATCHING_KINDS),
                among(ActorFingerprint.digest, wanted),
            )
        )
        found: dict[bytes, set[UUID]] = {}
        for mark, actor_id, category in self._session.execute(statement):
            if wanted[mark] == category:
                found.setdefault(mark, set()).add(actor_id)
        return {mark: next(iter(ids)) for mark, ids in found.items() if len(ids) == 1}

    def remember(
        self, file: SourceFile, lines: Iterable[PlannedLine[UUID]], actors: Mapping[int, UUID]
    ) -> None:
        """Tie the identity of each line to its actor, until this source's next file."""
        rows = [
            {
                "source_id": file.source_id,
                "identity": line.identity,
                "content": line.content,
                "actor_id": actors[line.row.line],
                "last_file_id": file.id,
                "missing_since": None,
            }
            for line in lines
        ]
        statement = postgresql.insert(SourceRecord)
        renewed = ("content", "actor_id", "last_file_id", "missing_since")
        statement = statement.on_conflict_do_update(
            index_elements=["source_id", "identity"],
            set_={name: statement.excluded[name] for name in renewed},
        )
        self._session.execute(statement, rows)

    def mark_missing(self, source_id: UUID, identities: Iterable[bytes], day: date) -> None:
        """Note since when lines are absent; their actors stay as they are."""
        self._session.execute(
            update(SourceRecord)
            .where(
                SourceRecord.source_id == source_id,
                SourceRecord.missing_since.is_(None),
                among(SourceRecord.identity, identities),
            )
            .values(missing_since=day)
        )

    def write_rows(
        self,
        file: SourceFile,
        result: ReadResult,
        outcomes: Mapping[int, str],
        actors: Mapping[int, UUID],
    ) -> None:
        """Keep each line after the header with what became of it and what was told about it."""
        told: dict[int, list[dict[str, Any]]] = {}
        for problem in result.problems:
            told.setdefault(problem.line, []).append(problem.model_dump())
        read = {row.line: row.model_dump(mode="json") for row in result.rows}
        rows = []
        for line, outcome in outcomes.items():
            row_id = uuid4()
            content = {"read": read.get(line), "told": told.get(line, [])}
            rows.append(
                {
                    "id": row_id,
                    "source_file_id": file.id,
                    "line": line,
                    "outcome": outcome,
                    "actor_id": actors.get(line),
                    "content": self._vault.seal_json("source_row", row_id, "content", content),
                }
            )
        self._session.execute(insert(SourceRow), rows)
