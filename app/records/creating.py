"""An actor that a person creates by hand, after they saw which ones it may be.

It writes within the caller's transaction, which is the caller's to commit.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author
from app.errors import Mesure23Error
from app.gazetteer.load import cached_gazetteer
from app.platform.database.sessions import IMPORT_LOCK, hold
from app.records.acts import RANK_OF_STAFF
from app.records.causes import Cause, of_signs
from app.records.correcting import Saved, Wish, Wrong, noted, refuse, write_by_hand
from app.records.drafts import forget
from app.records.edits import Edit
from app.records.edits import create as edit_of
from app.records.entered import FormReader, Reading, Remark, empty
from app.records.lines import another, is_home_by_itself, perhaps_another
from app.records.proposals import perhaps_same, propose
from app.records.record import Origin
from app.records.similar import Likely, Similar, find_similar, mark_of
from app.records.writing import Writer
from app.vault.digests import find_key, index_key
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.gazetteer import Gazetteer
from geo.zones import paris_day
from importers.row import ActorRow, Sign

_NO_CATEGORY = "Choisissez ce que fait cet acteur."
_BECAUSE = "créé à la main, comme une fiche cachée"


class AlreadyThere(Mesure23Error):
    """Ces acteurs existent déjà, et le vôtre est peut-être l’un d’eux. Rien n’est encore créé."""

    status = 409
    title = "Peut-être déjà connu"
    advice = "Ouvrez celui que vous reconnaissez, ou créez le vôtre quand même."

    def __init__(self, found: tuple[Similar, ...]) -> None:
        self.found = found
        super().__init__()


def create(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    wish: Wish,
    now: datetime,
    *,
    distinct: str = "",
) -> Saved:
    """Write a new actor: a draft, or published where that is asked and nothing hides it.

    distinct: mark of those that a person says it is not. Raises Wrong or AlreadyThere.
    """
    gazetteer = cached_gazetteer(session.connection())
    reading = read_new(gazetteer, wish, now)
    refuse(viewer, reading, None, wish)
    if reading.row is None:
        raise Wrong(reading, reading.remarks)
    hold(session, IMPORT_LOCK)
    key = index_key(session, vault)
    likely = find_similar(session, vault, key, viewer, reading.row)
    if likely.shown and mark_of(likely.shown) != distinct:
        raise AlreadyThere(likely.shown)
    writer = Writer(session, vault, key, gazetteer)
    edit = new_edit(reading.row, reading.signs, now)
    day = paris_day(now)
    edit.causes = (*_perhaps(edit, writer, likely, day), *_others(likely, day), *edit.causes)
    edit.why = {"staff": wish.why} if wish.why else {}
    beside, published = write_by_hand(
        session, vault, writer, edit, viewer, author, publish=wish.publish
    )
    same = (perhaps_same(edit.actor_id, other, _BECAUSE) for other in likely.unseen)
    propose(session, vault, key, same)
    forget(session, UUID(author.who), None)
    changed = tuple(edit.all_changes())
    saved = noted(session, vault, author, edit, Action.CREATED, changed, beside)
    return Saved(saved.public_id, changed, saved.hidden, saved.hid, published, beside)


def read_new(gazetteer: Gazetteer, wish: Wish, now: datetime) -> Reading:
    """Return what a form says of a new actor; raise Wrong without a category."""
    reading = FormReader(gazetteer, paris_day(now)).read(None, empty(), wish.entered)
    if not wish.entered.get("category"):
        missing = Remark("category", _NO_CATEGORY, fatal=True)
        others = (each for each in reading.remarks if each.field != "category")
        raise Wrong(reading, (missing, *others))
    return reading


def new_edit(row: ActorRow, signs: Iterable[Sign], now: datetime) -> Edit:
    """Return a new actor as a draft, hidden for its own words."""
    day = paris_day(now)
    # No list has named it yet: each that does later is heard.
    by = Origin(source="staff", day=day, rank=RANK_OF_STAFF, refused=())
    edit = edit_of(row, by, draft=True)
    edit.causes = tuple(of_signs(signs, None, day))
    return edit


def _perhaps(edit: Edit, writer: Writer, likely: Likely, day: date) -> Iterator[Cause]:
    """Yield what hides one that may be a hidden one, as if a list brought it.

    Without a word of the other one to its author.
    """
    for other, stored in writer.stored(likely.unseen).items():
        homes = stored.houses or is_home_by_itself(edit)
        bears = homes and other in likely.named
        yield perhaps_another(other, day, edit.record if bears else None)


def _others(likely: Likely, day: date) -> Iterator[Cause]:
    """Yield that a person found it to be none of those that they saw, which no list asks again."""
    for each in likely.shown:
        yield another(each.actor_id, day)


def similar_to(
    session: Session, vault: Vault, viewer: Viewer, wish: Wish, now: datetime
) -> tuple[Similar, ...]:
    """Return which stored actors the one of a form may be, as far as it is written yet."""
    key = find_key(session, vault)
    gazetteer = cached_gazetteer(session.connection())
    reading = FormReader(gazetteer, paris_day(now)).read(None, empty(), wish.entered)
    if reading.row is None or key is None:
        return ()
    return find_similar(session, vault, key, viewer, reading.row).shown
