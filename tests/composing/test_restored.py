"""What a restored backup does with a letter that was on its way as it was made."""

from datetime import UTC, datetime

from sqlalchemy import select

from app.composing import recipients
from app.models import Letter
from app.operations.withdrawn_again import end_all_sessions
from app.platform.database.sessions import write
from app.runtime.staff import Runtime
from tests.mailbox import mail_server
from tests.makers_letters import approved, mails, sent, status, subscribed, with_post


def test_a_restored_backup_sends_no_letter_that_was_on_its_way(runtime: Runtime) -> None:
    (first, _), *_ = subscribed(runtime, 3)
    approved(runtime)
    with write(runtime.staff) as session:
        letter = session.scalars(select(Letter.id)).one()
        recipients.queue(
            session, runtime.vault, letter, datetime.now(UTC), datetime.now(UTC).date()
        )
        recipients.note(session, letter, first, "gone")
    with write(runtime.staff) as session:
        end_all_sessions(session)
    with mail_server() as (box, port):
        sent(with_post(runtime, port))
    assert box.received == []
    assert sorted(mails(runtime).values()) == ["doubt", "doubt", "gone"]
    assert status(runtime) == "sent"
