"""What becomes of each line of a catalogue: a new resource, a change of one, or a question."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from app.cataloguing.duplicates import Index, Known
from app.cataloguing.import_contents import (
    ContentWrong,
    Tie,
    changes,
    comparable,
    merged,
    new_content,
)
from app.cataloguing.import_plan import By, Decided, Line, Outcome, Twin
from app.resources.vocabulary import label

_SAME: dict[By, str] = {
    "page": "Sa page est celle de",
    "doi": "Même DOI que",
    "isbn": "Même ISBN que",
    "nor": "Même numéro NOR que",
    "hal": "Même identifiant HAL que",
    "address": "Même adresse que",
    "title": "Titre et année proches de",
}
_ONE = "Mêmes titre et année que"
# Of a relation to a line that is still to become a resource.
_NEW = "0" * 16


def decide(lines: Sequence[Line], known: Iterable[Known]) -> tuple[Decided, ...]:
    """Return what would become of the lines of a catalogue, in their order."""
    index, contents = Index(), dict[UUID, Known]()
    for each in known:
        index.add(each)
        if each.id is not None:
            contents[each.id] = each
    matched = [_match(line, index, contents) for line in lines]
    sure = [(each.line.key, each.twin) for each in matched if each.outcome == "update"]
    ids = {key: twin.public_id for key, twin in sure if key and twin}
    keys = {line.key for line in lines if line.key}
    titles = {each.public_id: each.content.full_title for each in contents.values()}
    titles[_NEW] = "une ligne de ce fichier"
    return tuple(_once(_compared(each, contents, ids, keys, titles) for each in matched))


def _match(line: Line, index: Index, contents: dict[UUID, Known]) -> Decided:
    """Return whether a line is one of the resources, or a new one; it is compared with below."""
    if line.wrong:
        return Decided(line=line, outcome="wrong", said=line.wrong)
    page = index.of_page(line.page) if line.page else None
    if page is not None:
        return _of_twins(line, (page.twin("page"),), contents, sure=True)
    try:
        given = comparable(line)
        if not line.title:
            raise ContentWrong("Le titre manque.")
    except ContentWrong as error:
        return Decided(line=line, outcome="wrong", said=(str(error),))
    found = index.find(given)
    if found.sure or found.close:
        twins = found.sure or found.close
        return _of_twins(line, twins, contents, sure=bool(found.sure))
    if refused := _refused(line):
        return Decided(line=line, outcome="wrong", said=(refused,))
    index.add(Known(given, line=line.number))
    return Decided(line=line, outcome="create")


def _of_twins(
    line: Line, twins: tuple[Twin, ...], contents: dict[UUID, Known], *, sure: bool
) -> Decided:
    said, checked, withdrawn = list[str](), list[Twin](), False
    for twin in twins:
        of = contents.get(twin.id) if twin.id else None
        is_other = of is not None and of.content.form is not line.form
        checked.append(twin.model_copy(update={"other_form": is_other}))
        here = f" (ligne {twin.line} de ce fichier)" if twin.line else ""
        by = _ONE if sure and twin.by == "title" else _SAME[twin.by]
        said.append(f"{by} « {twin.title} »{here}.")
        if of is not None and is_other:
            said.append(f"Mais c’est autre chose : {label('forms', of.content.form).lower()}.")
        if of is not None and of.status == "withdrawn":
            withdrawn = True
            said.append("Cette ressource est retirée.")
    found = Decided(line=line, outcome="doubtful", twins=tuple(checked), said=tuple(said))
    is_sure = sure and len(twins) == 1 and found.twin is not None and not withdrawn
    return found.model_copy(update={"outcome": "update"}) if is_sure else found


def _compared(
    found: Decided,
    contents: dict[UUID, Known],
    ids: dict[str, str],
    keys: set[str],
    titles: dict[str, str],
) -> Decided:
    """Return a line with what it changes, or why it cannot."""
    line = found.line
    ties = [(relation, ids.get(key, _NEW)) for relation, key in line.relations if key in keys]
    lost = [key for _, key in line.relations if key not in keys]
    said = [*found.said, *(f"Relation à « {key} », qui n’est pas dans ce fichier." for key in lost)]
    if found.outcome == "create":
        natures = (label("natures", each).lower() for each in line.suggested.values())
        said += [f"Nature proposée d’après le type : {each}." for each in natures]
    is_creatable = found.outcome != "doubtful" or not _refused(line)
    found = found.model_copy(update={"said": tuple(said), "creatable": is_creatable})
    if (twin := found.twin) is None or twin.id is None:
        return found
    try:
        return _changed(found, contents[twin.id], ties, titles)
    except ContentWrong as error:
        return found.model_copy(update={"outcome": "wrong", "said": (*said, str(error))})


def _once(found: Iterable[Decided]) -> Iterator[Decided]:
    """Yield lines; of those that would change one resource, all but the first are a question."""
    changed: dict[UUID, int] = {}
    for each in found:
        twin = each.twin
        if each.outcome != "update" or twin is None or twin.id is None:
            yield each
            continue
        first = changed.setdefault(twin.id, each.line.number)
        yield each if first == each.line.number else _repeated(each, twin, first)


def _repeated(found: Decided, twin: Twin, first: int) -> Decided:
    said = (*found.said, f"La ligne {first} de ce fichier la met déjà à jour.")
    by = {"outcome": "doubtful", "said": said, "creatable": not _refused(found.line)}
    of = twin.model_copy(update={"line": first})
    return found.model_copy(update=by | {"twins": (of,), "changes": ()})


def _refused(line: Line) -> str:
    """Return why a line makes no new resource; nothing where it does."""
    try:
        new_content(line)
    except ContentWrong as error:
        return str(error)
    return ""


def _changed(found: Decided, known: Known, ties: list[Tie], titles: dict[str, str]) -> Decided:
    after = merged(known.content, found.line, ties)
    what = tuple(changes(known.content, after, titles))
    outcome: Outcome = found.outcome
    if outcome == "update" and after == known.content:
        outcome = "unchanged"
    return found.model_copy(update={"outcome": outcome, "changes": what})
