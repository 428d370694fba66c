"""What a member has handed out of what is held on them tells nothing that no page tells."""

from datetime import timedelta
from uuid import UUID

import pytest

from app.network import messages
from app.network.held import held
from app.platform.database.sessions import read, write
from app.records import acts
from app.runtime.staff import Runtime
from tests.desk.access_asked import mails
from tests.desk.bureau import Bureau
from tests.desk.network.conftest import Joined
from tests.desk.network.written import RECEIVED, ROOM, TEXT, rows, send_to
from tests.makers import decide
from tests.networked import public_id_of
from tests.short_lists import csv, run


def handed_out(bureau: Bureau, account: UUID, what: str) -> list[dict[str, str]]:
    with read(bureau.databases.staff) as session:
        found: list[dict[str, str]] = held(session, bureau.vault, account, bureau.clock.at)[what]
    return found


def test_who_writes_does_not_learn_who_blocked_them(bureau: Bureau, joined: Joined) -> None:
    (writer, browser), (reader, other), (third, _) = joined(), joined(), joined()
    other.post(f"{ROOM}/membres/{writer.id}/bloquer", {"bloquer": "true"})
    for each in (reader, third):
        send_to(browser, each)
    assert len(mails(bureau)) == 1
    assert sorted(each.state for each in rows(bureau)) == ["left", "never"]
    for days, text in ((0, TEXT), (6, TEXT), (7, "")):
        with write(bureau.databases.staff) as session:
            messages.forget_old(session, bureau.clock.at + timedelta(days=days))
        said = handed_out(bureau, writer.id, "messages_ecrits")
        assert [each["texte"] for each in said] == [text, text]


@pytest.mark.slow
def test_a_text_of_somebody_else_names_nobody_who_became_hidden(
    bureau: Bureau, runtime: Runtime, joined: Joined
) -> None:
    (_, browser), (reader, other) = joined(), joined()
    name = "Relais signalé"
    line = f"{name};Association;13 rue Octave;93300;Aubervilliers;0199000063;"
    run(runtime, csv(line), source=name)
    send_to(browser, reader, "Passez au 13 rue Octave à Aubervilliers.")
    assert len(mails(bureau)) == 1
    (row,) = rows(bureau)
    given = {"message": str(row.id), "pourquoi": "Non.", "joindre": "true"}
    assert other.post(f"{RECEIVED}/signaler", given).status_code == 303
    (said,) = handed_out(bureau, reader.id, "signalements_ecrits")
    assert "Octave" in said["text"]
    decide(runtime, acts.protect, public_id_of(runtime, name), who="essai", why="menaces")
    (said,) = handed_out(bureau, reader.id, "signalements_ecrits")
    assert (said["why"], said["text"]) == ("Non.", "")
