"""What of an actor's phones and mailboxes was withheld, or taken out by a person, is noted, so that
no backup shows it again.

Triggers note what hides more of an actor. Of one that loses its address as well, in one revision,
nothing else says that a phone went too.
"""

from collections.abc import Iterable

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.models import Withdrawal
from app.records.edits import Edit
from app.records.record import withholds

CONTACTS = "contacts"


def note_withheld(session: Session, edits: Iterable[Edit]) -> None:
    """Note of which actors a phone or a mailbox that the public could read is withheld now, or is
    gone as a person wants it.
    """
    rows = [
        {"what": "actor", "subject": str(edit.actor_id), "how": CONTACTS}
        for edit in edits
        if _withholds(edit) or _takes_out(edit)
    ]
    if rows:
        session.execute(insert(Withdrawal), rows)


def _withholds(edit: Edit) -> bool:
    return edit.was_protected is False and withholds(edit.record, edit.changes)


def _takes_out(edit: Edit) -> bool:
    """Say whether a person took out one of a public actor, and put none in its place: it may be
    somebody's own. One that takes another's place was wrong, and no secret.
    """
    if edit.former_status != "published":
        return False
    by_a_person = (
        edit.changes[name]
        for name in ("phones", "emails")
        if name in edit.changes and (by := edit.provenance.get(name)) and by.source == "staff"
    )
    return any({*each.after} < {*each.before} for each in by_a_person)
