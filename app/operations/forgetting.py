"""What is over, and what nobody needs any more: taken each night."""

from datetime import datetime, timedelta

from sqlalchemy import Engine, delete

from app.accounts.attempts import FORGOTTEN_AFTER
from app.accounts.confirming import LISTED_FOR as ASKED_FOR
from app.accounts.sessions import ANSWERED_WITHIN, LISTED_FOR
from app.models import (
    Challenge,
    Confirmation,
    DepositLink,
    DeskDraft,
    Invitation,
    OperatorCode,
    ResourceDraft,
    ResourceImport,
    Reveal,
    SignInAttempt,
    StaffSession,
)
from app.platform.database.sessions import write
from app.revealing.asking import NOTED_FOR
from app.statistics.folding import forget as forget_views
from geo.zones import paris_day

DRAFTS_FOR = timedelta(days=30)
# Until then an import of resources may be undone.
IMPORTS_FOR = timedelta(days=90)


def forget_ended(staff: Engine, now: datetime) -> None:
    """Take tries, sessions, links, drafts and challenges that are over, and views of long ago."""
    with write(staff) as session:
        for ended in (
            delete(SignInAttempt).where(SignInAttempt.at < now - FORGOTTEN_AFTER),
            delete(StaffSession).where(StaffSession.opened_at < now - LISTED_FOR),
            delete(Invitation).where(Invitation.ends_at < now),
            delete(Confirmation).where(Confirmation.made_at < now - ASKED_FOR),
            *(
                delete(each).where(each.at < now - DRAFTS_FOR)
                for each in (DeskDraft, ResourceDraft)
            ),
            delete(ResourceImport).where(ResourceImport.made_at < now - IMPORTS_FOR),
            delete(Reveal).where(Reveal.asked_at < now - NOTED_FOR),
            delete(DepositLink).where(DepositLink.ends_at < now),
            delete(OperatorCode).where(
                OperatorCode.link.is_not(None), OperatorCode.link_ends_at < now
            ),
            delete(Challenge).where(Challenge.made_at < now - ANSWERED_WITHIN),
        ):
            session.execute(ended)
        forget_views(session, paris_day(now))
