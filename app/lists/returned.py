"""A file of a territory that comes back: whose each line is, and which cells were changed.

The id says whose it is, before anything is compared; a cell that is as it was handed out says
nothing, whatever became of its actor since.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.lists.reading import Reading, ReadLine, content_digest
from app.lists.sources import UPDATES
from app.lists.update_file import (
    CLOSED,
    OPEN,
    TITLES,
    Listed,
    cells_of,
    listed,
    mark,
    masked_cells,
    plain,
    read_codes,
    read_marks,
)
from app.lists.uploads import Upload
from app.models import Actor
from app.platform.database.sessions import among
from app.records.edits import Edit, outranked
from app.records.entered import FIELDS, FormReader, shown, without_what_is_lost
from app.records.writing import Writer
from app.vault.digests import digest
from app.visibility import OPERATOR
from geo.gazetteer import Gazetteer
from geo.text import fold
from geo.zones import paris_day
from importers.actor import ARCHIVED
from importers.errors import UnreadableList
from importers.reading import find_territory
from importers.row import ActorFields, ActorRow, Problem, Returned, Sign
from importers.terms import categories_of
from importers.text import shorten
from importers.vocabulary import LISTS

UNKNOWN = (
    "Cet identifiant n'est celui d'aucun acteur publié de ce territoire : il a pu être fermé, "
    "réuni à un autre ou effacé, ou l'identifiant a été modifié. Rien de cette ligne n'est repris. "
    "Téléchargez un nouveau fichier ; si c'est un nouvel acteur, videz cette cellule."
)
TWICE = (
    "Cet identifiant est sur plusieurs lignes : rien d'elles n'est repris. Gardez-en une ; pour un "
    "nouvel acteur, videz la cellule de l'identifiant."
)
MASKED = (
    "Cet acteur est protégé : ce fichier n'en change rien, et ce qui est écrit sur cette ligne "
    "reste caché. Corrigez-le depuis sa fiche, au bureau."
)
HIDDEN = (
    "Cette ligne est masquée ou barrée dans le fichier, et a été modifiée : rien n'en est repris. "
    "Affichez-la, puis renvoyez le fichier."
)
EMPTIED = "Cette cellule a été vidée : la valeur reste. Effacez-la depuis la fiche, au bureau."
HIGHER = (
    "Cette valeur vient du bureau, ou d'une liste mieux classée : elle reste. Corrigez-la depuis "
    "la fiche."
)
STATE = f"Cet état n'est pas reconnu. Écrivez « {OPEN} » ou « {CLOSED} »."
CATEGORY = "Cette catégorie n'est pas reconnue : celle de l'acteur reste. Écrivez une de la liste."


# Field of the form, and the state -> that of an importer's line: of what a file holds, and of what
# its sender may have added to it.
_FIELD_OF_LINE = {
    name: {"phones": "phone", "duty_phones": "duty_phone", "emails": "email"}.get(name, name)
    for name in (*TITLES, "siret", "finess", "rna", "referral", "referrers")
}


class OtherTerritory(UnreadableList):
    """Ce fichier de mise à jour n'est pas celui du territoire {territory} : aucun de ses identifiants n'en est. Indiquez le territoire pour lequel il a été téléchargé."""  # noqa: E501


class SeveralTerritories(UnreadableList):
    """Ce fichier de mise à jour n'est pas d'un seul territoire. Indiquez celui pour lequel il a été téléchargé (par exemple --territory 93), ou téléchargez un nouveau fichier."""  # noqa: E501


def territory_of(
    session: Session, gazetteer: Gazetteer, upload: Upload, returned: Iterable[Returned]
) -> str:
    """Return whose file it is: as its sender says, else as all its ids say.

    Raises OtherTerritory and SeveralTerritories.
    """
    ids = {each.public_id for each in returned}
    statement = (
        select(Actor.territory_code)
        .distinct()
        .where(OPERATOR.worked_on(), Actor.status == "published", among(Actor.public_id, ids))
    )
    found = set(session.scalars(statement))
    given = find_territory(upload.territory, gazetteer)
    if given is None and len(found) != 1:
        raise SeveralTerritories
    if given is not None and given not in found:
        raise OtherTerritory(territory=given)
    return given or found.pop()


def as_update(
    session: Session, gazetteer: Gazetteer, upload: Upload, returned: Iterable[Returned]
) -> Upload:
    """Return an upload as the update of its territory, whatever its file is called.

    Raises OtherTerritory and SeveralTerritories.
    """
    returned = tuple(returned)
    if not returned:
        return upload
    territory = territory_of(session, gazetteer, upload, returned)
    return replace(upload, territory=territory, source=UPDATES)


def take_back(session: Session, writer: Writer, reading: Reading, rank: int) -> Reading:
    """Return a list with the lines that were handed out, each tied to its actor; rank: of the list.

    Raises OtherTerritory and SeveralTerritories.
    """
    returned = reading.result.returned
    if not returned:
        return reading
    territory = territory_of(session, writer.gazetteer, reading.upload, returned)
    known = listed(session, OPERATOR, territory)
    stored = writer.stored(
        known[each.public_id].actor_id for each in returned if each.public_id in known
    )
    times = Counter(each.public_id for each in returned)
    back = _Back(writer, rank, territory)
    lines: list[ReadLine] = []
    for each in returned:
        found = known.get(each.public_id)
        if found is None or times[each.public_id] > 1:
            back.report(each, "id", UNKNOWN if found is None else TWICE, fatal=True)
        elif line := back.read(each, found, stored[found.actor_id]):
            lines.append(line)
    day = min((day for each in returned if (day := read_marks(each.marks)[0])), default=None)
    gone = (each for each in known.values() if each.public_id not in times)
    result = replace(
        reading.result,
        rows=(*reading.result.rows, *(line.row for line in lines)),
        problems=(*reading.result.problems, *back.problems),
        identities=(*reading.result.identities, *(line.identity.hex() for line in lines)),
    )
    return replace(
        reading,
        result=result,
        lines=(*reading.lines, *lines),
        absent={
            identity_of(writer.key, each): each.actor_id
            for each in gone
            if day and paris_day(each.created_at) < day
        },
    )


def _column_of(field: str) -> str:
    """Return the field of the form that says one of the record."""
    return next((name for name, fields in FIELDS.items() if field in fields), field)


def _shown(line: Returned, field: str, message: str) -> str | None:
    """Return the value that a report shows; of a protected actor none is repeated."""
    if message == MASKED:
        return None
    return line.public_id if field == "id" else shorten(line.cells.get(field, ""))


def identity_of(key: bytes, actor: Listed) -> bytes:
    """Return what a line of an actor is found by in the next such file, whatever its id is then."""
    return digest(key, "identity", f"actor:{actor.actor_id}")


@dataclass(frozen=True, slots=True)
class _Changed:
    """A cell that says another thing than was handed out, and than its actor does."""

    name: str
    text: str


class _Back:
    """Reads lines that came back; problems: what is said of them."""

    def __init__(self, writer: Writer, rank: int, territory: str) -> None:
        self._writer, self._rank, self._territory = writer, rank, territory
        self._today = paris_day()
        self._forms = FormReader(writer.gazetteer, self._today)
        self.problems: list[Problem] = []

    def read(self, line: Returned, actor: Listed, edit: Edit) -> ReadLine | None:
        """Return what a line changes of its actor, None where it cannot be used."""
        record = edit.record
        cells = (
            masked_cells(actor.name) if actor.masked else cells_of(record, self._writer.gazetteer)
        )
        changed = list(self._changed(line, cells))
        if changed and (actor.masked or line.is_hidden):
            self.report(line, changed[0].name, MASKED if actor.masked else HIDDEN)
            changed = []
        values: dict[str, Any] = {}
        signs: tuple[Sign, ...] = ()
        if written := dict(self._understood(line, changed)):
            base = shown(record, self._writer.gazetteer)
            read = self._forms.read(record, base, base | written)
            for remark in read.remarks:
                self.report(line, remark.field, remark.message, fatal=remark.fatal)
            if read.row is None:
                return None
            values, signs = without_what_is_lost(read), read.signs
        if any(each.name == "status" for each in changed):
            values |= self._state(line)
        refused = outranked(edit, values, self._rank)
        for name in dict.fromkeys(_column_of(each) for each in refused):
            self.report(line, name, HIGHER)
        given = {name: getattr(record, name) for name in ActorFields.model_fields}
        only = values.keys() - refused
        status = "archived" if "status" in only else "published"
        given |= {name: values[name] for name in only if name != "status"}
        row = ActorRow(
            line=line.where.line, sheet=line.where.sheet, status=status, signs=signs, **given
        )
        identity = identity_of(self._writer.key, actor)
        content = content_digest(row, self._writer.key)
        return ReadLine(row, identity, identity, content, actor.actor_id, frozenset(only))

    def _changed(self, line: Returned, cells: Mapping[str, str]) -> Iterator[_Changed]:
        """Yield the cells that were changed since they were handed out."""
        _, marks = read_marks(line.marks)
        for name in _FIELD_OF_LINE:
            text = line.cells.get(_FIELD_OF_LINE[name])
            if text is None or (not text and name not in TITLES):
                continue
            present = cells.get(name, "")
            if text == present:
                continue
            said = plain(name, text, self._territory, self._today)
            if said == plain(name, present, self._territory, self._today):
                continue
            if marks.get(name) != mark(self._writer.key, line.public_id, name, said):
                yield _Changed(name, text)

    def _understood(self, line: Returned, changed: Iterable[_Changed]) -> Iterator[tuple[str, str]]:
        """Yield what a form would have for each cell that can be read; report the others."""
        for each in changed:
            if each.name == "status":
                continue
            if not each.text:
                self.report(line, each.name, EMPTIED)
            elif each.name == "category":
                named = categories_of(each.text)
                if len(named) == 1:
                    yield each.name, named[0]
                else:
                    self.report(line, each.name, CATEGORY)
            elif each.name in LISTS:
                codes, unknown = read_codes(each.name, each.text)
                if unknown:
                    words = ", ".join(unknown[:5])
                    self.report(
                        line,
                        each.name,
                        f"Mots non reconnus : {words}. La cellule n'est pas reprise.",
                    )
                else:
                    yield each.name, " ".join(codes)
            else:
                yield each.name, each.text

    def _state(self, line: Returned) -> dict[str, Any]:
        if fold(line.cells["status"]) in ARCHIVED:
            return {"status": "archived"}
        self.report(line, "status", STATE)
        return {}

    def report(self, line: Returned, name: str, message: str, *, fatal: bool = False) -> None:
        """Say something of a cell. name: of a field of the form, or "id"."""
        of_line = _FIELD_OF_LINE.get(name, name)
        self.problems.append(
            Problem(
                sheet=line.where.sheet,
                line=line.where.line,
                column=line.titles.get("actor_id" if name == "id" else of_line),
                value=_shown(line, of_line, message),
                message=message,
                fatal=fatal,
            )
        )
