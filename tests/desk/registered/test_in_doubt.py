"""A worker that is ended as it sends: nobody is sent a mail twice, and what is in doubt is said."""

import smtplib
from contextlib import nullcontext
from typing import Any

import pytest

from app.jobs import mailing
from app.jobs.mailing import MailSilent
from app.models import Role
from app.platform.mail.conversation import InDoubt
from app.platform.mail.sending import send as whole
from app.runtime.staff import Runtime
from tests.cut_off import Killed, cut_off
from tests.desk.access_asked import mails
from tests.desk.bureau import Bureau
from tests.desk.registered.coming import PLACE, ask, comes, event, link_of, rows
from tests.makers_agenda import changed


def said(bureau: Bureau, event_id: str) -> str:
    return bureau.signed_in(Role.CURATEUR).get(f"/gestion/agenda/{event_id}").text


@pytest.mark.slow
@pytest.mark.parametrize("sent", [True, False])
def test_a_mail_that_was_cut_off_is_not_sent_again_and_is_said(
    bureau: Bureau, runtime: Runtime, monkeypatch: pytest.MonkeyPatch, sent: bool
) -> None:
    event_id = event(runtime)
    ask(bureau, event_id)
    cut_off(monkeypatch, Killed(), sent=sent)
    with pytest.raises(Killed):
        mails(bureau)
    assert mails(bureau) == []
    assert [each.going for each in rows(bureau)] == [True]
    # Not while it may be on its way.
    assert "en doute" not in said(bureau, event_id)
    bureau.clock.pass_by(minutes=11)
    assert "1 message en doute" in said(bureau, event_id)
    # Who lost it asks again the next day.
    bureau.clock.pass_by(hours=25)
    ask(bureau, event_id, mail_of(bureau))
    (again,) = mails(bureau)
    assert bureau.browser().post(link_of(again), {"reponse": "oui"}).status_code == 200
    assert "en doute" not in said(bureau, event_id)


def mail_of(bureau: Bureau) -> str:
    """The address of the one who registered."""
    (row,) = rows(bureau)
    found = bureau.vault.open_json("agenda_registration", row.id, "content", row.content)
    return str(found["mail"])


def test_a_server_that_says_nothing_once_it_has_a_mail_is_sent_no_second(
    bureau: Bureau, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(bureau, event(runtime))
    cut_off(monkeypatch, InDoubt(), sent=True)
    with pytest.raises(MailSilent):
        mails(bureau)
    assert mails(bureau) == []


@pytest.mark.parametrize(
    ("error", "ends"),
    [
        (ConnectionRefusedError(), pytest.raises(MailSilent)),
        (smtplib.SMTPDataError(451, b"later"), nullcontext()),
    ],
)
def test_a_mail_that_no_server_took_is_sent_later_and_the_link_before_it_goes_on(
    bureau: Bureau, runtime: Runtime, monkeypatch: pytest.MonkeyPatch, error: OSError, ends: Any
) -> None:
    event_id = event(runtime)
    where = comes(bureau, event_id)
    bureau.clock.pass_by(hours=1)
    changed(runtime, event_id, registers=True, place="Salle Zola")
    cut_off(monkeypatch, error, sent=False)
    with ends:
        assert mails(bureau) == []
    assert "Annuler mon inscription" in bureau.browser().get(link_of(where)).text
    bureau.clock.pass_by(hours=1)
    (again,) = mails(bureau)
    assert "Salle Zola" in again.get_content()
    assert [each.going for each in rows(bureau)] == [False]


def test_what_changes_while_a_mail_is_on_its_way_is_told_after_it(
    bureau: Bureau, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    event_id = event(runtime)
    ask(bureau, event_id)
    (asked,) = mails(bureau)
    bureau.browser().post(link_of(asked), {"reponse": "oui"})

    def send(*given: Any, **more: Any) -> None:
        monkeypatch.setattr(mailing, "send", whole)
        changed(runtime, event_id, registers=True, place="Salle Zola")
        whole(*given, **more)

    monkeypatch.setattr(mailing, "send", send)
    (first,) = mails(bureau)
    assert PLACE in first.get_content()
    bureau.clock.pass_by(minutes=1)
    (second,) = mails(bureau)
    assert "Salle Zola" in second.get_content()
