"""Requests to erase, as commands make them, and all that the database says after."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Base, SourceFile, SourceRow
from app.operations.erasure_requests import (
    Marks,
    finish,
    marks_of_actor,
    marks_of_value,
    note,
)
from app.operations.swept import Swept
from app.platform.database.engines import make_engine
from app.platform.database.sessions import read
from app.runtime.staff import Runtime
from app.vault.columns import SEALED

PHONE = "06 12 34 56 78"
MAIL = "prenom.nom@exemple.fr"
PERSON = (
    "Association libre;Association;99 rue Autre;93300;Aubervilliers;+33 (0)6.12.34.56.78;" + MAIL
)
REFUSED = f";Association;;93000;Bobigny;{PHONE};"


def quiet(_done: int, _total: int) -> None: ...


def value_marks(runtime: Runtime, value: str) -> Marks:
    with read(runtime.staff) as session:
        return marks_of_value(session, runtime.vault, value)


def actor_marks(runtime: Runtime, public_id: str) -> Marks:
    with read(runtime.staff) as session:
        return marks_of_actor(session, runtime.vault, public_id)


def ask(runtime: Runtime, marks: Marks) -> None:
    owner = make_engine(runtime.owner_url)
    note(owner, runtime.vault, runtime.settings, marks, "essai", "demande du 2 novembre")
    owner.dispose()


def finished(runtime: Runtime) -> Swept | None:
    return finish(runtime.owner_url, runtime.vault, runtime.settings, "essai", quiet)


def erase(runtime: Runtime, marks: Marks) -> Swept | None:
    ask(runtime, marks)
    return finished(runtime)


def everything(runtime: Runtime) -> str:
    """All that the database says, public or sealed, opened; as its owner, who alone reads all."""
    parts = []
    owner = make_engine(runtime.owner_url)
    with Session(owner) as session:
        for name, model in Base.metadata.tables.items():
            sealed = {each.table: each for each in SEALED}.get(name)
            if name in ("territory", "commune", "epci", "former_commune", "territory_version"):
                continue
            for row in session.execute(select(model)).mappings():
                for column, value in row.items():
                    if sealed and column in sealed.columns and value is not None:
                        opened = runtime.vault.open(name, row[sealed.key], column, value)
                        parts.append(opened.decode("utf-8", "replace"))
                    else:
                        parts.append(str(value))
    owner.dispose()
    return "\n".join(parts)


def holds_phone(runtime: Runtime) -> bool:
    digits = "".join(each for each in everything(runtime) if each not in " .-()")
    return "612345678" in digits or "6)12345678" in digits


def problems(runtime: Runtime) -> list[str]:
    """What was said of the lines of the last file."""
    with Session(runtime.staff) as session:
        last = select(SourceFile.id).order_by(SourceFile.received_at.desc()).limit(1)
        rows = session.scalars(
            select(SourceRow)
            .where(SourceRow.source_file_id == last.scalar_subquery())
            .order_by(SourceRow.line)
        )
        reported = [
            runtime.vault.open_json("source_row", row.id, "content", row.content)["told"]
            for row in rows
        ]
    return [each["message"] for line in reported for each in line]
