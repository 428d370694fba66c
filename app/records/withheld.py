"""What of an actor's phones and mailboxes was withheld is noted, so that no backup shows it again.

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
    """Note of which actors a phone or a mailbox that the public could read is withheld now."""
    rows = [
        {"what": "actor", "subject": str(edit.actor_id), "how": CONTACTS}
        for edit in edits
        if edit.was_protected is False and withholds(edit.record, edit.changes)
    ]
    if rows:
        session.execute(insert(Withdrawal), rows)
