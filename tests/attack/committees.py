"""The closed place of a CDLP full of secrets: nobody is shown that it is there."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from app.models import CdlpMeeting, CommitteeAgenda, CommitteeDecision, CommitteeMember
from app.network import committee_meetings, committee_texts, committees
from app.platform.database.sessions import write
from app.runtime.staff import Runtime
from geo.zones import paris_day
from tests.attack.places import MARKER

SAID = f"{MARKER}commission"


def seat(runtime: Runtime, territory: str) -> None:
    """Invite somebody, and write down what is decided and what comes."""
    now, seal = datetime.now(UTC), runtime.vault.seal_json
    of = {"territory_code": territory}
    number, decision, meeting = uuid4(), uuid4(), uuid4()
    invited = {"mail": f"{SAID}@example.org", "function": SAID}
    said = {"text": SAID}
    member = CommitteeMember(id=number, mailbox=number.bytes, invited_at=now, **of)
    member.invited_by, member.ends_at = "os:essai", now + committees.INVITED_FOR
    member.content = seal(committees.TABLE, number, committees.COLUMN, invited)
    decided = CommitteeDecision(id=decision, day=paris_day(now), made_at=now, **of)
    decided.made_by = "os:essai"
    decided.content = seal(committee_texts.DECISION, decision, committee_texts.COLUMN, said)
    comes = CdlpMeeting(id=meeting, day=paris_day(now + timedelta(days=30)), made_at=now, **of)
    comes.made_by = "os:essai"
    agenda = CommitteeAgenda(meeting_id=meeting, changed_at=now, changed_by="os:essai")
    agenda.content = seal(committee_meetings.TABLE, meeting, committee_meetings.COLUMN, said)
    with write(runtime.staff) as session:
        session.add_all((member, decided, comes))
        session.flush()
        session.add(agenda)
