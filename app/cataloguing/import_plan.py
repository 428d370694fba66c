"""What a catalogue would change, line by line, as it is shown, sealed, and applied."""

import json
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.resources.forms import Form

Outcome = Literal["create", "update", "unchanged", "doubtful", "wrong"]
# What a person says of a doubtful line; of what they say nothing, it is left out.
Choice = Literal["create", "update", "skip"]
# By what a line is known; a page is its address here.
By = Literal["page", "doi", "isbn", "nor", "hal", "address", "title"]


class _Piece(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Line(_Piece):
    """A line as it was read. number: as a spreadsheet or a reader counts it, from 1.

    key: how others of the file call it. page: public id, where it names one of ours. values: what
    it says, by the names of attributes of a content, as JSON; suggested: what it does not say
    itself, for where nobody has said it. relations: to keys, by codes. note: what its catalogue
    says about it. wrong: sentences, why it cannot be used.
    """

    number: int
    key: str = ""
    page: str = ""
    form: Form = Form.DOCUMENT
    title: str = ""
    values: dict[str, Any] = {}
    suggested: dict[str, Any] = {}
    relations: tuple[tuple[str, str], ...] = ()
    note: str = ""
    wrong: tuple[str, ...] = ()


class Twin(_Piece):
    """A resource that a line may be. number: of its latest version; line: it is one of the file, or
    a line above changes it already.

    other_form: a sheet, where the line is of a document; it cannot become one.
    """

    id: UUID | None = None
    public_id: str = ""
    number: int = 0
    line: int = 0
    title: str
    by: By
    other_form: bool = False


class Change(_Piece):
    """What a line says otherwise than a resource, in French."""

    label: str
    before: str
    after: str


class Decided(_Piece):
    """What would become of a line, and why; twins: what it is, or may be.

    creatable: it says all that a new resource needs.
    """

    line: Line
    outcome: Outcome
    twins: tuple[Twin, ...] = ()
    changes: tuple[Change, ...] = ()
    said: tuple[str, ...] = ()
    creatable: bool = True

    @property
    def twin(self) -> Twin | None:
        """Return the resource that it would change, if there is one alone."""
        known = [each for each in self.twins if each.id is not None and not each.line]
        found = [each for each in known if not each.other_form]
        return found[0] if len(found) == 1 else None

    @property
    def same(self) -> Twin | None:
        """Return the resource that it is without changing it: it says nothing else of it, or a
        line above changes it.
        """
        if self.outcome == "unchanged":
            return self.twin
        return next((each for each in self.twins if each.id is not None and each.line), None)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Return what a person may say of a doubtful line."""
        if self.outcome != "doubtful":
            return ()
        known: tuple[tuple[Choice, bool], ...] = (
            ("create", self.creatable),
            ("update", self.twin is not None),
            ("skip", True),
        )
        return tuple(choice for choice, is_there in known if is_there)

    @property
    def basis(self) -> tuple[str, list[tuple[str, int]]]:
        """Return what somebody saw before they confirmed it."""
        return self.outcome, sorted((str(each.id), each.number) for each in self.twins)


class Done(_Piece):
    """What was written of a line. was: the version before it, 0 for a new resource.

    was_public: visitors read it before. published: it was published at once. held: it waits for
    two people, who are asked.
    """

    line: int
    id: UUID
    number: int
    was: int = 0
    was_public: bool = False
    published: bool = False
    held: bool = False


class Asked(_Piece):
    """What somebody asked the worker to do with a catalogue, by whom; role: for the journal.

    seen: the plan that they confirmed; choices: what they said of its doubtful lines.
    """

    who: str
    role: str
    seen: str = ""
    choices: dict[int, Choice] = {}
    publishes: bool = False


class Plan(_Piece):
    """A whole catalogue. name: of its file. left: titles and keys that nothing here takes.

    done: once it is applied. not_undone: titles of what somebody has changed since. asked: until it
    is done. why: it was not, in French, for whoever asked.
    """

    name: str
    lines: tuple[Decided, ...]
    left: tuple[str, ...] = ()
    done: tuple[Done, ...] = ()
    not_undone: tuple[str, ...] = ()
    asked: Asked | None = None
    why: str = ""

    @property
    def seen(self) -> str:
        """Return what names the plan as somebody reads it: another one where it is made anew."""
        bases = json.dumps([each.basis for each in self.lines])
        return sha256(bases.encode()).hexdigest()

    def count(self, outcome: Outcome) -> int:
        """Return of how many lines this would become."""
        return sum(each.outcome == outcome for each in self.lines)
