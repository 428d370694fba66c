"""Takes from catalogues, which wait or were applied, what they say of resources that are erased."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cataloguing.import_plan import Decided, Line, Plan
from app.cataloguing.importing import COLUMN, TABLE, store
from app.models import ResourceImport
from app.vault.sealing import Vault

SAID = "Cette ressource est effacée."


def forget_lines(session: Session, vault: Vault, resources: Collection[UUID]) -> None:
    """Leave of each line that is one of these resources, or may be, its number alone.

    Of a catalogue that is undone all stays until its term: what it wrote was erased by that.
    """
    waits = ResourceImport.status != "undone"
    for row in session.scalars(select(ResourceImport).where(waits).with_for_update()):
        made = Plan.model_validate(vault.open_json(TABLE, row.id, COLUMN, row.plan))
        of_done = {each.line for each in made.done if each.id in resources}
        left = tuple(
            _emptied(each) if _says(each, of_done, resources) else each for each in made.lines
        )
        if left != made.lines:
            store(vault, row, made.model_copy(update={"lines": left}))
    session.flush()


def _says(decided: Decided, done: Collection[int], resources: Collection[UUID]) -> bool:
    twins = {each.id for each in decided.twins}
    return decided.line.number in done or not twins.isdisjoint(resources)


def _emptied(decided: Decided) -> Decided:
    line = Line(number=decided.line.number, form=decided.line.form, wrong=(SAID,))
    return Decided(line=line, outcome="wrong", said=(SAID,), creatable=False)
