"""A list that a curateur reads line by line, and what they answer of its doubtful lines."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from app.jobs import depositing, undoing
from app.lists import deposits, review, review_answers
from app.lists.review_rows import COLUMN, TABLE
from app.models import Deposit, DepositLine
from app.models.deposit import Decision
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from tests.lists.test_same_actor import Line, line, table
from tests.short_lists import sent

WHO = "0b0d0c4e-8f0b-4f0e-9a55-0f5e2a3f1f10"


@dataclass
class Read:
    """A list that was deposited and read; what is not answered of it is accepted."""

    runtime: Runtime
    lines: tuple[Line, ...]
    source: str = "une"
    whole: bool = True
    id: UUID = field(init=False)

    def __post_init__(self) -> None:
        # With a line that cannot be used and makes a file of it that was never sent.
        nothing = {"Adresse": f"1 rue {uuid4().hex}", "Commune": "Bobigny"}
        data = table(*self.lines, nothing)
        upload = sent(data, source=self.source, who=WHO, whole=self.whole)
        with write(self.runtime.staff) as session:
            self.id, _ = deposits.deposit(session, self.runtime.vault, upload, "93")
        depositing.check(self.runtime, self.id)
        assert self.state == "ready"

    @property
    def state(self) -> str:
        with read(self.runtime.staff) as session:
            return session.get_one(Deposit, self.id).state

    @property
    def counts(self) -> dict[str, Any]:
        with read(self.runtime.staff) as session:
            return {k: n for k, n in (session.get_one(Deposit, self.id).counts or {}).items() if n}

    def stored(self) -> dict[str, tuple[DepositLine, dict[str, Any]]]:
        """Return the lines that are to be decided of, by their names, with what they seal."""
        vault = self.runtime.vault
        with read(self.runtime.staff) as session:
            here = DepositLine.file_id == self.id
            rows = session.scalars(select(DepositLine).where(here)).all()
            opened = [(row, vault.open_json(TABLE, row.id, COLUMN, row.content)) for row in rows]
            return {content.get("name", row.outcome): (row, content) for row, content in opened}

    def answer(self, name: str, given: int) -> None:
        with write(self.runtime.staff) as session:
            review_answers.answer(session, self.stored()[name][0].id, given, WHO)

    def decide(self, name: str, decision: Decision | None) -> None:
        which = review.these([self.stored()[name][0].id])
        with write(self.runtime.staff) as session:
            review.decide(session, OPERATOR, self.id, decision, WHO, which)

    def others(self, name: str) -> list[UUID]:
        """Return whom a line may be."""
        return [UUID(each["id"]) for each in self.stored()[name][1]["pair"]["others"]]

    def apply(self, *, rest: bool = True) -> str:
        """Apply what is accepted, and what is left; return how the list stands then."""
        with write(self.runtime.staff) as session:
            found = session.get_one(Deposit, self.id)
            if rest:
                review.accept_rest(session, OPERATOR, self.id, WHO, erasing=True)
            deposits.ask_to_apply(session, self.id, found.at, WHO)
        depositing.apply(self.runtime, self.id)
        return self.state

    def undo(self) -> str:
        with write(self.runtime.staff) as session:
            found = deposits.find_for_job(session, self.runtime.vault, self.id)
            assert found is not None
            deposits.ask_to_undo(session, self.runtime.vault, found, found.since, WHO)
        undoing.undo(self.runtime, self.id)
        return self.state


def applied(runtime: Runtime, *lines: Line, **options: Any) -> Read:
    """Apply a list of which nothing is answered."""
    found = Read(runtime, lines, **options)
    assert found.apply() == "applied"
    return found


# The first moved and was renamed, and its list says nothing else of it.
PHONE = {"Téléphone": "01 99 00 00 01"}
KNOWN = line("Antenne", "1 rue Haute", **PHONE)
RENAMED = line("Maison des droits", "1 rue Haute", **PHONE)
OTHER = line("Autre", "5 rue Basse")
HOME = line("Les Embruns", "9 rue Dune", Catégorie="MECS")
NAMESAKE = line("LES EMBRUNS (ADSEA)", "5 place du Port")
