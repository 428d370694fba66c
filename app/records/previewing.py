"""What a form would make of an actor, and what the public would read of that: nothing is written.

Whoever looks is not noted. So nothing here depends on whom an actor stands beside: otherwise the
phone or the address of a hidden place could be tried until something is hidden.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.gazetteer.load import cached_gazetteer
from app.records.correcting import Wish, Wrong, apply, judged
from app.records.creating import new_edit, read_new
from app.records.edits import Edit
from app.records.entered import FormReader, shown, without_what_is_lost
from app.records.placing import Placed, place
from app.records.sheets import Sheet, is_protected
from app.records.similar import find_similar
from app.records.writing import Writer, by_itself
from app.vault.digests import find_key
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.zones import paris_day
from importers.row import ActorRow

# Where nothing was ever digested, nothing is found by any key.
_NO_KEY = bytes(32)


@dataclass(frozen=True, slots=True)
class Written:
    """An actor as a form would leave it. row: of one that it would create.

    placed: where it would be drawn if nothing hid it.
    """

    edit: Edit
    writer: Writer
    placed: Placed | None
    row: ActorRow | None = None

    @property
    def is_hidden(self) -> bool:
        """Whether something of it would be, for what is known of it alone."""
        return is_protected(self.edit.level, self.edit.record.status)


def corrected(
    session: Session, vault: Vault, viewer: Viewer, sheet: Sheet, wish: Wish, now: datetime
) -> Written:
    """Return a stored actor as a form would leave it; raise Wrong where it could not be saved.

    sheet: as read_to_correct gave it.
    """
    gazetteer = cached_gazetteer(session.connection())
    writer = _writer(session, vault)
    edit = writer.stored([sheet.actor_id])[sheet.actor_id]
    reader = FormReader(gazetteer, paris_day(now))
    reading = reader.read(edit.record, shown(edit.record, gazetteer), wish.entered)
    remarks = judged(viewer, reading, edit.record)
    if any(each.fatal for each in remarks):
        raise Wrong(reading, remarks)
    apply(edit, without_what_is_lost(reading), reading, now)
    return _written(session, writer, edit, now)


def created(session: Session, vault: Vault, viewer: Viewer, wish: Wish, now: datetime) -> Written:
    """Return the actor that a form would create; raise Wrong where it could not."""
    reading = read_new(cached_gazetteer(session.connection()), wish, now)
    remarks = judged(viewer, reading, None)
    if reading.row is None or any(each.fatal for each in remarks):
        raise Wrong(reading, remarks)
    edit = new_edit(reading.row, reading.signs, now)
    return _written(session, _writer(session, vault), edit, now, reading.row)


def is_hidden_beside(session: Session, vault: Vault, viewer: Viewer, written: Written) -> bool:
    """Return whether saving would hide something of an actor for what other ones are.

    Whoever learns of it has to be noted.
    """
    writer, edit = written.writer, written.edit
    if written.row and find_similar(session, vault, writer.key, viewer, written.row).unseen:
        return True
    writer.plan({edit.actor_id: edit})
    return written.is_hidden


def public_row(session: Session, written: Written) -> Mapping[str, Any] | None:
    """Return what the public would read once it is published, as a card is made of it.

    None of what would not be published: a place that nobody knows of, an archive, one to classify.
    """
    edit = written.edit
    if edit.level == "unlisted" or edit.record.status not in ("draft", "published"):
        return None
    gazetteer = cached_gazetteer(session.connection())
    columns = written.writer.projected(edit)
    commune = gazetteer.by_insee(columns["commune_code"] or "")
    seat = gazetteer.territory(columns["territory_code"])
    return columns | {
        "public_id": edit.public_id,
        "commune_name": commune.name if commune else None,
        "seat_territory_name": seat.name if seat else "",
        "drawn": columns["point"] is not None,
    }


def _writer(session: Session, vault: Vault) -> Writer:
    key = find_key(session, vault) or _NO_KEY
    return Writer(session, vault, key, cached_gazetteer(session.connection()))


def _written(
    session: Session, writer: Writer, edit: Edit, now: datetime, row: ActorRow | None = None
) -> Written:
    by_itself(edit, paris_day(now))
    commune = cached_gazetteer(session.connection()).by_insee(edit.record.commune or "")
    return Written(edit, writer, place(edit.record, edit.geocoded, commune), row)
