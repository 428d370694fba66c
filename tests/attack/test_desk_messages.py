"""Members who write where hidden places are: what leaves, and who reads what left before."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr

from app.desk.shell.gate import COOKIE
from app.jobs.relaying import relay
from app.models import MemberBlock, MemberMessage, MemberReport, Role
from app.models.member_message import MessageState
from app.network import directory, messages, reporting
from app.network.errors import NotMember
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from app.visibility import Viewer
from tests.attack.conftest import Attacked
from tests.attack.places import MARKER
from tests.attack.test_desk import ORIGIN, sign_in
from tests.attack.test_desk_actors import desk_of, masked
from tests.mailbox import mail_server
from tests.networked import joins

pytestmark = pytest.mark.slow
OF_EACH_CASE = 1
ROOM, RECEIVED, DESK = "/pro/reseau", "/pro/reseau/messages", "/gestion/reseau"


def member(world: Attacked) -> tuple[UUID, str]:
    account, token = sign_in(world, Role.PROFESSIONNEL)
    return joins(world.runtime, account), token


def put(world: Attacked, writer: UUID, reader: UUID, text: str, state: MessageState) -> UUID:
    """A text that waits, or that left while nothing of it was hidden."""
    now, seal = datetime.now(UTC), world.runtime.vault.seal_json
    row = MemberMessage(id=uuid4(), sender_id=writer, recipient_id=reader, made_at=now, at=now)
    row.state = state
    row.content = seal(messages.TABLE, row.id, messages.COLUMN, {"text": text})
    with write(world.runtime.staff) as session:
        session.add(row)
        return row.id


def reported(world: Attacked, message: UUID, text: str) -> None:
    said = {"why": text, "text": text}
    with read(world.runtime.staff) as session:
        row = session.get_one(MemberMessage, message)
    report = MemberReport(id=row.id, sender_id=row.sender_id, recipient_id=row.recipient_id)
    report.content = world.runtime.vault.seal_json(reporting.TABLE, row.id, reporting.COLUMN, said)
    report.made_at = row.made_at
    with write(world.runtime.staff) as session:
        session.add(report)


def relayed(runtime: Runtime) -> list[str]:
    """All mails that the worker sends."""
    with mail_server() as (box, port):
        given = {"smtp_url": SecretStr(f"smtp://127.0.0.1:{port}")}
        own = Runtime(
            runtime.settings.model_copy(update=given), runtime.databases, runtime.vault, "", None
        )
        relay(own, ORIGIN, datetime.now(UTC))
    return [each.as_string() + each.get_content() for each in box.received]


def test_no_text_leads_to_a_hidden_place(written: Attacked) -> None:
    (writer, _), (reader, token) = member(written), member(written)
    fine = put(written, writer, reader, "Bonjour, formez-vous en mars ?", "waits")
    for each in masked(written, OF_EACH_CASE):
        text = f"Venez au {each.place.street}, {each.place.phone}."
        put(written, writer, reader, text, "waits")
        reported(written, put(written, writer, reader, text, "left"), text)
    (sent,) = relayed(written.runtime)
    assert written.sentinels.in_text(sent.encode()) == set()
    with desk_of(written, Role.PROFESSIONNEL) as (client, _):
        # Whoever is no member reads of none.
        assert client.get(RECEIVED).status_code == 403
        client.headers["Cookie"] = f"{COOKIE}={token}"
        page = client.get(RECEIVED)
        assert "formez-vous en mars" in page.text
        assert written.sentinels.in_text(page.content) == set()
    for role in (Role.CURATEUR, Role.ADMINISTRATEUR):
        with desk_of(written, role) as (client, _):
            page = client.get(DESK)
            assert "Signalé par" in page.text
            assert written.sentinels.in_text(page.content) == set()
    with read(written.runtime.staff) as session:
        assert session.get_one(MemberMessage, fine).state == "left"
        with pytest.raises(NotMember):
            directory.read_member(session, written.runtime.vault, Viewer(), {}, writer)


def test_nothing_of_what_members_write_lies_in_clear(written: Attacked) -> None:
    (writer, _), (reader, _) = member(written), member(written)
    text = f"{MARKER}correspondance"
    reported(written, put(written, writer, reader, text, "left"), text)
    with write(written.runtime.staff) as session:
        messages.block(session, reader, writer, datetime.now(UTC))
    with written.databases.staff.connect() as connection:
        for model in (MemberMessage, MemberBlock, MemberReport):
            table = model.__tablename__
            rows = connection.exec_driver_sql(f"SELECT t::text FROM {table} t").scalars().all()
            assert rows, table
            assert not written.sentinels.in_bytes("\n".join(rows).encode()), table
