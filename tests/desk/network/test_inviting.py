"""A curateur invites the addresses of a spreadsheet: one neutral mail each, and nothing else."""

import io
import re
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

import pytest
from openpyxl import Workbook
from sqlalchemy import delete, select

from app.audit.journal import Author
from app.jobs import mailing
from app.models import (
    AccessRequest,
    Account,
    InvitationRefusal,
    LetterSubscriber,
    NetworkInvitation,
    NetworkMember,
    Role,
    SourceFile,
)
from app.network import inviting, watching
from app.operations import revoked_again
from app.platform.database.sessions import read, write
from app.platform.mail.sending import send as whole
from tests.desk.access_asked import mails
from tests.desk.bureau import ORIGIN, Browser, Bureau
from tests.desk.network.conftest import Joined

PAGE, REFUSING = "/gestion/reseau/invitations", "/connexion/invitations"
LINES = (
    ("Nom", "Courriel"),
    ("Une personne", "une@exemple.fr"),
    ("Deux", "deux@exemple.fr ou trois@exemple.fr"),
    ("Sans", ""),
    ("Mal", "mal@exemple"),
    ("Encore", "UNE@exemple.fr"),
    ("Avec", "Quatre <quatre@exemple.fr>"),
)
PUBLIC = "https://public.example.org"


@pytest.fixture(autouse=True)
def nobody_invited(bureau: Bureau) -> None:
    with write(bureau.databases.staff) as session:
        for each in (NetworkInvitation, NetworkMember):
            session.execute(delete(each))


@pytest.fixture
def curateur(bureau: Bureau) -> Browser:
    return bureau.signed_in()


def as_csv() -> bytes:
    return "\r\n".join(";".join(each) for each in LINES).encode("cp1252")


def as_xlsx() -> bytes:
    book, data = Workbook(), io.BytesIO()
    for each in LINES:
        book.active.append(each)
    book.save(data)
    return data.getvalue()


def sent_file(browser: Browser, data: bytes, name: str) -> Any:
    """Send a file as a form does, without what the desk's own client says of forms."""
    cookie = "; ".join(f"{key}={value}" for key, value in browser.cookies.items())
    headers = {"Origin": ORIGIN, "Cookie": cookie, "X-Forwarded-Proto": "https"}
    files = {"fichier": (name, data)}
    return browser.client.post(f"{PAGE}/tableur", files=files, headers=headers)


def invites(browser: Browser, *addresses: str) -> Any:
    return browser.post(PAGE, {"adresses": "\n".join(addresses)})


def rows(bureau: Bureau) -> list[NetworkInvitation]:
    with read(bureau.databases.staff) as session:
        return list(session.scalars(select(NetworkInvitation)))


def refusing(mail: EmailMessage) -> str:
    (found,) = re.findall(rf"{ORIGIN}{REFUSING}\?lien=(\S+)", mail.get_content())
    return str(found)


@pytest.mark.parametrize(("data", "name"), [(as_csv(), "contacts.csv"), (as_xlsx(), "c.xlsx")])
def test_a_spreadsheet_is_read_and_not_kept(
    bureau: Bureau, curateur: Browser, data: bytes, name: str
) -> None:
    answer = sent_file(curateur, data, name)
    assert answer.status_code == 200
    assert "2 adresses lues" in answer.text
    assert "une@exemple.fr\nquatre@exemple.fr</textarea>" in answer.text
    assert "3 lignes sont douteuses" in answer.text
    for line, why in ((3, "plusieurs"), (4, "aucune"), (5, "mal écrite")):
        assert re.search(rf"Ligne {line} : [^<]*{why}", answer.text)
    assert "Une personne" not in answer.text
    assert rows(bureau) == []
    with read(bureau.databases.staff) as session:
        assert session.scalars(select(SourceFile)).all() == []


@pytest.mark.parametrize(
    ("data", "name"), [(b"", "vide.csv"), (b"x", "image.png"), (b"\x89PNG\r\n", "x.xlsx")]
)
def test_what_is_no_spreadsheet_is_refused(curateur: Browser, data: bytes, name: str) -> None:
    answer = sent_file(curateur, data, name)
    assert answer.status_code == 422
    assert "Fichier refusé" in answer.text


def test_each_has_one_neutral_mail_and_nothing_else_is_made(
    bureau: Bureau, curateur: Browser
) -> None:
    with read(bureau.databases.staff) as session:
        accounts = len(session.scalars(select(Account.id)).all())
    answer = invites(curateur, "une@exemple.fr", "autre@exemple.fr", "", "UNE@exemple.fr")
    assert answer.headers["location"] == f"{PAGE}?fait=invite"
    assert all(b"exemple.fr" not in (each.content or b"") for each in rows(bureau))
    sent = mails(bureau, public_url=PUBLIC)
    assert {each["To"] for each in sent} == {"une@exemple.fr", "autre@exemple.fr"}
    for each in sent:
        text = each["Subject"] + each["From"] + each.get_content()
        assert f"{PUBLIC}/professionnels/demande" in text
        assert each["Cc"] is each["Bcc"] is each["Reply-To"] is None
        for telling in ("prostitution", "mineur", "Mesure 23", "@exemple"):
            assert telling not in text
    assert {each.state for each in rows(bureau)} == {"left"}
    assert {each.content for each in rows(bureau)} == {None}
    # Neither again, nor by another list.
    invites(curateur, "Autre@exemple.fr")
    assert mails(bureau) == []
    with read(bureau.databases.staff) as session:
        assert len(session.scalars(select(Account.id)).all()) == accounts
        for model in (NetworkMember, LetterSubscriber, AccessRequest):
            assert session.scalars(select(model)).all() == []


def test_nothing_tells_a_curateur_who_is_a_member_was_excluded_or_refused(
    bureau: Bureau, joined: Joined, curateur: Browser
) -> None:
    (member, _), (excluded, _) = joined(), joined()
    with write(bureau.databases.staff) as session:
        given = (Author("os:essai"), excluded.id, "Motif.", bureau.clock.at)
        watching.exclude(session, bureau.vault, *given)
    invites(curateur, "refuse@exemple.fr")
    (first,) = mails(bureau)
    token = refusing(first)
    assert "Ne plus m’inviter" in bureau.browser().get(f"{REFUSING}?lien={token}").text
    assert "C’est noté" in bureau.browser().post(REFUSING, {"lien": token}).text
    with write(bureau.databases.staff) as session:
        session.execute(delete(NetworkInvitation))
    answers = [
        invites(curateur, each)
        for each in (member.mail, excluded.mail, "refuse@exemple.fr", "nouvelle@exemple.fr")
    ]
    assert len({(each.status_code, each.headers["location"], each.text) for each in answers}) == 1
    assert [each["To"] for each in mails(bureau)] == ["nouvelle@exemple.fr"]
    assert all(each.content is None for each in rows(bureau))


def test_a_link_that_is_none_of_ours_is_answered_alike_and_does_nothing(bureau: Bureau) -> None:
    answers = [
        bureau.browser().post(REFUSING, {"lien": each}).text for each in ("", "x", "A" * 115)
    ]
    assert len(set(answers)) == 1
    with write(bureau.databases.staff) as session:
        before = len(session.scalars(select(InvitationRefusal)).all())
        # A backup that was restored knows of no refusal since.
        given = (session, bureau.vault, {str(uuid4())}, "essai")
        assert [revoked_again.uninvited(*given) for _ in range(2)] == [1, 0]
        assert len(session.scalars(select(InvitationRefusal)).all()) == before + 1


def test_an_invitation_is_erased_after_two_weeks_and_may_be_made_again(
    bureau: Bureau, curateur: Browser
) -> None:
    invites(curateur, "une@exemple.fr")
    mails(bureau)
    for days, left in ((13, 1), (14, 0)):
        with write(bureau.databases.staff) as session:
            inviting.forget_old(session, bureau.clock.at + timedelta(days=days))
        assert len(rows(bureau)) == left
    invites(curateur, "une@exemple.fr")
    assert len(mails(bureau)) == 1


def test_what_is_wrong_is_said_and_nobody_is_invited(
    bureau: Bureau, curateur: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for given in ("une@exemple.fr\npas-une-adresse", "", "a@exemple.fr\r\nBcc: b@exemple.fr"):
        answer = curateur.post(PAGE, {"adresses": given})
        assert answer.status_code == 422
        assert "Adresses à corriger" in answer.text
    monkeypatch.setattr(inviting, "MOST_A_DAY", 2)
    assert invites(curateur, "a@exemple.fr", "b@exemple.fr").status_code == 303
    assert invites(curateur, "c@exemple.fr").status_code == 429
    assert len(rows(bureau)) == 2


def test_it_is_for_curateurs_alone(bureau: Bureau, professional: Browser) -> None:
    assert bureau.browser().get(PAGE).status_code == 303
    for each in (bureau.signed_in(Role.ADMINISTRATEUR), professional):
        assert each.get(PAGE).status_code == 403
        assert invites(each, "a@exemple.fr").status_code == 403
        assert sent_file(each, as_csv(), "c.csv").status_code == 403


class Killed(BaseException):
    """What ends a process on the spot."""


def test_a_worker_that_is_ended_as_it_invites_writes_to_nobody_twice(
    bureau: Bureau, curateur: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    invites(curateur, "une@exemple.fr")

    def send(*given: Any, **more: Any) -> None:
        monkeypatch.setattr(mailing, "send", whole)
        whole(*given, **more)
        raise Killed

    monkeypatch.setattr(mailing, "send", send)
    with pytest.raises(Killed):
        mails(bureau)
    assert mails(bureau) == []
    assert [(each.state, each.content) for each in rows(bureau)] == [("doubt", None)]
