"""Takes from catalogues, whatever became of them, what they say of resources that are erased."""

from collections.abc import Collection, Iterable, Iterator
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cataloguing.import_contents import RELATIONS
from app.cataloguing.import_plan import Change, Decided, Line, Plan
from app.cataloguing.importing import COLUMN, TABLE, store
from app.cataloguing.versions import CONTENT
from app.models import ResourceImport, ResourceVersion
from app.platform.database.sessions import among
from app.resources.content import read_stored
from app.vault.sealing import Vault

SAID = "Cette ressource est effacée."
# In the place of its title.
GONE = "ressource effacée"


def forget_lines(session: Session, vault: Vault, resources: Collection[UUID]) -> None:
    """Leave of each line that is one of these resources, or may be, its number alone.

    What else names one, as a relation does, names it no more. Before their versions are emptied,
    which say what they were called.
    """
    titles = {*_titles(session, vault, resources)}
    for row in session.scalars(select(ResourceImport).with_for_update()):
        made = Plan.model_validate(vault.open_json(TABLE, row.id, COLUMN, row.plan))
        left = _left(made, resources, titles)
        if left != made:
            store(vault, row, left)
    session.flush()


def _titles(session: Session, vault: Vault, resources: Collection[UUID]) -> Iterator[str]:
    """Yield what each version of these was called; of those that are emptied, nothing."""
    of_them = among(ResourceVersion.resource_id, resources)
    rows = select(ResourceVersion.id, ResourceVersion.content).where(of_them)
    for version, sealed in session.execute(rows):
        opened = vault.open_json(ResourceVersion.__tablename__, version, CONTENT, sealed)
        try:
            yield read_stored(opened).full_title
        except ValidationError:
            continue


def _left(made: Plan, resources: Collection[UUID], titles: Collection[str]) -> Plan:
    of_done = {each.line for each in made.done if each.id in resources}
    lines = tuple(
        _emptied(each) if _says(each, of_done, resources) else _unnamed(each, titles)
        for each in made.lines
    )
    not_undone = tuple(title for title in made.not_undone if title not in titles)
    return made.model_copy(update={"lines": lines, "not_undone": not_undone})


def _says(decided: Decided, done: Collection[int], resources: Collection[UUID]) -> bool:
    is_close = any(each.id in resources or each.line in done for each in decided.twins)
    return is_close or decided.line.number in done


def _emptied(decided: Decided) -> Decided:
    line = Line(number=decided.line.number, form=decided.line.form, wrong=(SAID,))
    return Decided(line=line, outcome="wrong", said=(SAID,), creatable=False)


def _unnamed(decided: Decided, titles: Iterable[str]) -> Decided:
    """Return a line whose relations name none of these titles."""
    changes = decided.changes
    for title in titles:
        changes = tuple(_replaced(each, title) for each in changes)
    return decided.model_copy(update={"changes": changes})


def _replaced(change: Change, title: str) -> Change:
    if change.label != RELATIONS:
        return change
    texts = {"before": change.before, "after": change.after}
    return change.model_copy(
        update={name: said.replace(f"« {title} »", f"« {GONE} »") for name, said in texts.items()}
    )
