"""What is read of letters: those that were sent, one of them, and what each leads to now."""

import re
from collections.abc import Sequence

from sqlalchemy import Text, bindparam, select
from sqlalchemy.orm import Session

from app.agenda.queries import read_some
from app.errors import LetterUnknown
from app.letters.letter import Block, Issue, Item, Lead, Read, Words, blocks_of, item_of
from app.models import LetterIssue
from app.resources.queries import read_cards
from app.visibility import PUBLIC

MONTH = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])")
# Of the archive: twenty years of one each month.
MOST = 240
_COLUMNS = (LetterIssue.month, LetterIssue.blocks, LetterIssue.published_at)
_ONE = select(*_COLUMNS).where(LetterIssue.month == bindparam("month", type_=Text))


def read_issues(session: Session, most: int = MOST) -> list[Issue]:
    """Return the letters that were sent, the last one first."""
    newest = select(*_COLUMNS).order_by(LetterIssue.month.desc()).limit(most)
    return [
        Issue(each.month, blocks_of(each.blocks), each.published_at)
        for each in session.execute(newest)
    ]


def read_issue(session: Session, month: str) -> Issue:
    """Return the letter of a month; raise LetterUnknown."""
    asked = month if MONTH.fullmatch(month) else ""
    row = session.execute(_ONE, {"month": asked}).one_or_none()
    if row is None:
        raise LetterUnknown
    return Issue(row.month, blocks_of(row.blocks), row.published_at)


def read_blocks(session: Session, blocks: Sequence[Block]) -> tuple[Read, ...]:
    """Return what visitors may read now of the blocks of a letter; the others drop out.

    Whoever reads it at the desk is shown the same: what is sent is what the public reads.
    """
    known = read_items(session, blocks)
    found = (each if isinstance(each, Words) else known.get(each) for each in blocks)
    return tuple(each for each in found if each is not None)


def read_items(session: Session, blocks: Sequence[Block]) -> dict[Lead, Item]:
    """Return what visitors may read now of what a letter leads to."""
    ids: dict[str, list[str]] = {"resource": [], "event": []}
    for each in blocks:
        if not isinstance(each, Words):
            ids[each.what].append(each.public_id)
    cards = read_cards(session, PUBLIC, ids["resource"]) if ids["resource"] else ()
    events = read_some(session, PUBLIC, ids["event"]) if ids["event"] else []
    found = {Lead("resource", one.public_id): item_of(one) for one in cards}
    found |= {Lead("event", one.public_id): item_of(one) for one in events if not one.cancelled_at}
    return found
