"""A deposit as its reader may see it: of their own territories, and by names that they may read."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.lists import lasting
from app.lists.corrections import recalled_from
from app.lists.deposit_page import asks_for_care
from app.lists.deposit_problems import hidden_now, hide
from app.lists.deposits import Deposited
from app.lists.received import source_names
from app.lists.review_tally import named_again
from app.models import Role
from app.records.viewing import Seen, see_these
from app.vault.sealing import Vault
from app.visibility import Viewer

# Count -> what it counts, one and several, in the order of the page.
COUNTED = {
    "created": ("nouveau", "nouveaux"),
    "updated": ("modifié", "modifiés"),
    "unchanged": ("inchangé", "inchangés"),
    "conflicting": ("en désaccord avec la fiche", "en désaccord avec la fiche"),
    "doubtful": ("peut-être en double", "peut-être en double"),
    "missing": ("absent", "absents"),
    "left": ("ligne laissée de côté", "lignes laissées de côté"),
    "rejected": ("ligne inutilisable", "lignes inutilisables"),
    "ignored": ("ligne sans acteur", "lignes sans acteur"),
    "protected": ("masqué", "masqués"),
    "hidden_beside": ("voisin masqué", "voisins masqués"),
}
# Of these, the lines that were read as an actor, well or not.
READ = ("created", "updated", "unchanged", "conflicting", "left", "rejected")
# Its page is of what was written by then.
_WRITTEN = ("applied", "undoing", "undone")
# Of lines of which nobody knows the territory, what is told to whoever sent them.
SENT = ("rejected", "ignored", "problems")
# What a curateur alone is told as it is.
WHOLE = (
    "created",
    "doubtful",
    "updated",
    "unchanged",
    "conflicting",
    "rejected",
    "protected",
    "left",
)


@dataclass(frozen=True, slots=True)
class Named:
    """An actor by the name that its reader may read. public_id: "" where it is not stored yet."""

    name: str
    public_id: str
    sheet: str | None = None
    line: int = 0
    is_new: bool = False
    other: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page says of a plan, as far as its reader may know. care: it may be another list.

    figures: its counts, for a curateur with each of its lines in one of them.
    """

    counts: Mapping[str, int]
    figures: Mapping[str, int]
    read: int
    hidden: list[Named]
    # Of the hidden ones, those that are as much so already; a curateur alone is told.
    stay_hidden: int
    problems: list[Mapping[str, Any]]
    pairs: list[Named]
    missing: list[Named]
    care: bool
    # It says much otherwise than the last one; what it looks like: a list by name, a territory.
    much: bool
    looks: str
    elsewhere: str
    # Lines that are read as the list before was corrected, and the day on which that was received.
    recalled: int
    recalled_from: date | None


def shown(
    session: Session, vault: Vault, viewer: Viewer, found: Deposited, *, remarks: bool = True
) -> Shown | None:
    """Return what a viewer may read of the plan of a deposit; None where there is none.

    remarks: what is said of its lines as well, which may be a lot.
    """
    page = found.page
    if found.counts is None or "counts" not in page:
        return None
    whole = viewer.role is Role.CURATEUR
    hidden, pairs = _readable(viewer, page["hidden"]), page["pairs"]
    if not whole:
        # Whom its own line does not hide stands beside one who is hidden; whether it may be another
        # one depends on who else, hidden ones too, bears what both have.
        hidden = [each for each in hidden if not each.get("new", True) and each.get("own")]
        pairs = []
    ids = {each[name] for each in (*hidden, *pairs) for name in ("actor", "other") if name in each}
    # Of an actor that was erased since no id is left.
    ids = {*ids, *page["missing"]} - {""}
    seen = {
        str(actor): each
        for actor, each in see_these(session, vault, viewer, map(UUID, ids)).items()
    }
    if not whole:
        # One of another territory would tell whether it was hidden before.
        hidden = [each for each in hidden if each["actor"] in seen]
    open_ones = {actor: each for actor, each in seen.items() if not each.is_hidden}
    counts = _counted(viewer, found, found.counts)
    # The counts of what was written leave them out already.
    asks = whole and found.state not in _WRITTEN
    again = named_again(session, found.id) if asks else set[UUID]()
    counts["missing"] -= len(again)
    if not whole:
        # Of all who would be hidden some stand beside somebody.
        counts["hidden"] = len(hidden)
    much, looks = asks_for_care(counts), page.get("looks", {})
    recalled = lasting.count_lines(session, viewer, found.id)
    return Shown(
        counts=counts,
        figures=Counter({**counts, **page.get("figures", {})}) if whole else counts,
        read=sum(counts[name] for name in READ),
        hidden=list(_of_lines(seen, hidden)),
        stay_hidden=page.get("stay_hidden", 0) if whole else 0,
        problems=problems(session, vault, viewer, found) if remarks else [],
        pairs=list(_pairs(seen, open_ones, pairs)),
        missing=sorted(_stored(open_ones, _but_for(again, page["missing"])), key=_by_name),
        care=much or bool(looks),
        much=much,
        looks=_looks(session, vault, viewer, looks),
        elsewhere=looks.get("territory", ""),
        recalled=recalled,
        recalled_from=recalled_from(session, vault, found.id) if recalled else None,
    )


def _counted(viewer: Viewer, found: Deposited, of_plan: Mapping[str, int]) -> Counter[str]:
    """Return the counts that a viewer may know; of_plan: those of all territories."""
    whole, counts = viewer.role is Role.CURATEUR, Counter[str]()
    for code, some in found.page["counts"].items():
        if whole or code in viewer.territories:
            counts.update(some)
        elif not code and found.sender == viewer.account:
            # Whoever sent them knows them; of which territory they are, nobody does.
            counts.update({name: some.get(name, 0) for name in SENT})
    if whole:
        for name in WHOLE:
            counts[name] = of_plan.get(name, counts[name])
    elif not _tells_erased(found):
        # As those of actors elsewhere.
        counts["unchanged"] += counts.pop("rejected", 0)
        counts["problems"] = 0
    return counts


def problems(
    session: Session, vault: Vault, viewer: Viewer, deposit: Deposited
) -> list[Mapping[str, Any]]:
    """Return the problems of lines that a viewer may know, without a value that is hidden today."""
    is_sender = deposit.sender == viewer.account
    found = _readable(viewer, deposit.page.get("problems", []), knows_others=is_sender)
    if viewer.role is not Role.CURATEUR:
        found = [each for each in found if _tells_erased(deposit) or not each["fatal"]]
        # A value that is shown beside some and not beside others tells who is hidden there.
        return list(map(hide, found))
    actors, marks = hidden_now(session, found)
    return [
        hide(each)
        if each.get("actor") in actors or not marks.isdisjoint(each.get("marks", ()))
        else each
        for each in found
    ]


def _tells_erased(found: Deposited) -> bool:
    """Say whether unusable lines are told from those of who was erased, as no former release did:
    of these a curateur alone is told.
    """
    # Of one that is refused no line was compared with anything.
    return found.state == "refused" or "erased" in (found.counts or {})


def _looks(session: Session, vault: Vault, viewer: Viewer, looks: Mapping[str, str]) -> str:
    """Return as which list this one looks, by the name that its reader may know."""
    if "source" not in looks:
        return ""
    source = UUID(looks["source"])
    name = source_names(session, vault, viewer, [source]).get(source)
    return f"« {name} »" if name else "une autre liste"


def _readable(
    viewer: Viewer, items: list[Mapping[str, Any]], *, knows_others: bool = False
) -> list[Mapping[str, Any]]:
    """Return what is of a viewer's territories; knows_others: and what is of none."""
    whole, own = viewer.role is Role.CURATEUR, set[str | None](viewer.territories)
    own |= {None} if knows_others else set()
    return [each for each in items if whole or each["territory"] in own]


def _of_lines(seen: Mapping[str, Seen], items: Iterable[Mapping[str, Any]]) -> Iterator[Named]:
    """Yield lines by the name of their actor; where it is not stored yet, by that of the line."""
    for each in items:
        actor = seen.get(each["actor"])
        name = actor.record.name if actor else each.get("name", "")
        public_id = actor.public_id if actor else ""
        yield Named(name, public_id, each["sheet"], each["line"], each.get("new", True))


def _pairs(
    seen: Mapping[str, Seen], open_ones: Mapping[str, Seen], items: Iterable[Mapping[str, Any]]
) -> Iterator[Named]:
    """Yield lines that may be known actors, of which nothing is hidden."""
    for each in items:
        if other := open_ones.get(each["other"]):
            (line,) = _of_lines(seen, [each])
            yield Named(line.name, line.public_id, line.sheet, line.line, other=other.record.name)


def _stored(seen: Mapping[str, Seen], actors: Iterable[str]) -> Iterator[Named]:
    for actor in actors:
        if actor in seen:
            yield Named(seen[actor].record.name, seen[actor].public_id)


def _but_for(again: Set[UUID], missing: Iterable[str]) -> Iterator[str]:
    return (each for each in missing if UUID(each) not in again)


def _by_name(each: Named) -> str:
    return each.name.casefold()
