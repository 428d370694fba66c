"""An alert ends by one press of the link of its mail, whoever asks and from wherever."""

import re
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from app.accounts.request_caps import counted_by
from app.alerting import news
from app.inbox.opening import link_signer, publish_key
from app.jobs.subscribing import act_all
from app.main import create_app
from app.models import AgendaRegistration, LetterSubscriber, NetworkMember
from app.platform.database.sessions import read, write
from app.platform.mail.links import Aim, Link, signed
from tests.desk.alerts.rounds import PUBLIC, appears, body, member, round_of, rows, wants
from tests.desk.asked import runtime as runtime_of
from tests.desk.bureau import Bureau
from tests.makers_agenda import announced, record_of
from tests.serving import serving

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
FOREIGN = {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}
LINK = re.compile(rf"{PUBLIC}(/alertes/quitter/\S+)")


@pytest.fixture(scope="module")
def public(bureau: Bureau) -> Iterator[httpx.Client]:
    with write(bureau.databases.staff) as session:
        publish_key(session, bureau.vault)
    settings = bureau.settings.model_copy(update={"rate_limit": 5})
    app = create_app(settings, bureau.databases)
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


@pytest.fixture(autouse=True)
def _nobody(bureau: Bureau) -> None:
    with write(bureau.databases.staff) as session:
        session.execute(delete(NetworkMember))
        session.execute(delete(LetterSubscriber))
        session.execute(delete(AgendaRegistration))
        session.execute(text("DELETE FROM mail_act"))
        news.note(session, bureau.clock.at)
    bureau.clock.pass_by(seconds=1)


def mail_of_one(bureau: Bureau) -> EmailMessage:
    """The mail of a member who has two alerts, of which one has news."""
    word = f"antenne{uuid4().hex}"
    person = member(bureau, f"/departements/93?q={word}")
    wants(bureau, person.id, "/agenda")
    appears(bureau, word)
    (mail,) = round_of(bureau)
    return mail


def link_of(mail: EmailMessage) -> str:
    (found,) = LINK.findall(body(mail))
    return str(found)


def alert_of(bureau: Bureau, account: UUID) -> UUID:
    return next(row.id for row in rows(bureau) if row.account_id == account)


def has_letter(session: Session, bureau: Bureau, mail: str, event: UUID | None = None) -> UUID:
    """Have an address be sent the letter, and mails of an event; return of whom the letter is."""
    mailbox, at = counted_by(session, bureau.vault, mail).mailbox, bureau.clock.at
    one = LetterSubscriber(id=uuid4(), mailbox=mailbox, wanted_at=at, confirmed_at=at)
    held = {"mail": mail, "shown": ""}
    one.content = bureau.vault.seal_json("letter_subscriber", one.id, "content", held)
    session.add(one)
    if event:
        given = {"mailbox": mailbox, "content": b"sealed", "received_at": at}
        session.add(AgendaRegistration(record_id=event, **given))
    session.flush()
    return one.id


def rhythms(bureau: Bureau) -> list[str]:
    act_all(runtime_of(bureau))
    return sorted(row.rhythm for row in rows(bureau))


def acts(bureau: Bureau) -> int:
    with read(bureau.databases.staff) as session:
        return int(session.scalars(text("SELECT count(*) FROM mail_act")).one())


def test_a_mail_says_how_one_leaves_by_one_press_where_nobody_listens(bureau: Bureau) -> None:
    mail = mail_of_one(bureau)
    assert mail["List-Unsubscribe"] == f"<{PUBLIC}{link_of(mail)}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Id"] == "<alertes.carte.exemple.fr>"
    assert mail["Auto-Submitted"] == "auto-generated"


def test_without_encryption_no_mailbox_is_told_to_press(bureau: Bureau) -> None:
    member(bureau)
    appears(bureau, "Nouvelle antenne")
    (mail,) = round_of(bureau, public="http://carte.exemple.fr")
    assert mail["List-Unsubscribe"] is None
    assert mail["List-Unsubscribe-Post"] is None
    assert "http://carte.exemple.fr/alertes/quitter/" in body(mail)


def test_one_press_ends_the_alert_without_cookie_session_or_origin(
    bureau: Bureau, public: httpx.Client
) -> None:
    link = link_of(mail_of_one(bureau))
    answer = public.post(link, data=ONE_CLICK, headers=FOREIGN)
    assert "C’est noté" in answer.text
    assert "set-cookie" not in answer.headers
    assert rhythms(bureau) == ["aussitot"]
    with read(bureau.databases.staff) as session:
        gone = "SELECT count(*) FROM withdrawal WHERE what = 'alert'"
        assert session.scalars(text(gone)).one()


@pytest.mark.parametrize(
    ("wish", "left"),
    [
        ("quitter", ["aussitot"]),
        ("tout", []),
        ("semaine", ["aussitot", "semaine"]),
        ("mois", ["aussitot", "mois"]),
        ("chaque", ["aussitot", "aussitot"]),
    ],
)
def test_one_may_end_this_one_or_all_or_be_told_less_often(
    bureau: Bureau, public: httpx.Client, wish: str, left: list[str]
) -> None:
    public.post(link_of(mail_of_one(bureau)), data={"geste": wish})
    assert rhythms(bureau) == left


@pytest.mark.parametrize("path", ["lettres", "alertes"])
def test_who_leaves_all_by_any_link_is_sent_neither_alerts_nor_letters_nor_mails_of_events(
    bureau: Bureau, public: httpx.Client, path: str
) -> None:
    persons = [member(bureau), member(bureau)]
    runtime = runtime_of(bureau)
    event = record_of(runtime, announced(runtime, registers=True)).id
    with write(bureau.databases.staff) as session:
        letters = [has_letter(session, bureau, each.mail, event) for each in persons]
        signer = link_signer(session, bureau.vault)
    subjects = {
        "lettres": Link(Aim.LEAVE, letters[0]),
        "alertes": Link(Aim.LEAVE_ALERT, alert_of(bureau, persons[0].id)),
    }
    link = f"/{path}/quitter/{signed(signer, subjects[path])}"
    answer = public.post(link, data={"geste": "tout"})
    assert "ni lettre, ni alerte" in answer.text
    act_all(runtime)
    assert [row.account_id for row in rows(bureau)] == [persons[1].id]
    with read(bureau.databases.staff) as session:
        assert session.scalars(select(LetterSubscriber.id)).all() == [letters[1]]
        assert len(session.scalars(select(AgendaRegistration.id)).all()) == 1
    appears(bureau, "Nouvelle antenne")
    assert [mail["To"] for mail in round_of(bureau)] == [persons[1].mail]


def test_who_leaves_all_does_although_their_address_does_not_open(
    bureau: Bureau, public: httpx.Client
) -> None:
    person = member(bureau)
    with write(bureau.databases.staff) as session:
        letter = has_letter(session, bureau, person.mail)
        session.execute(update(LetterSubscriber).values(content=b"damaged"))
        token = signed(link_signer(session, bureau.vault), Link(Aim.LEAVE, letter))
    public.post(f"/lettres/quitter/{token}", data={"geste": "tout"})
    act_all(runtime_of(bureau))
    with read(bureau.databases.staff) as session:
        assert session.scalars(select(LetterSubscriber.id)).all() == []


def test_to_look_changes_nothing_and_all_links_are_answered_alike(
    bureau: Bureau, public: httpx.Client
) -> None:
    mail = mail_of_one(bureau)
    known = link_of(mail)
    with write(bureau.databases.staff) as session:
        key = link_signer(session, bureau.vault)
    gone = f"/alertes/quitter/{signed(key, Link(Aim.LEAVE_ALERT, uuid4()))}"
    of_letter = f"/alertes/quitter/{signed(key, Link(Aim.LEAVE, uuid4()))}"
    forged = f"/alertes/quitter/{signed(b'x' * 32, Link(Aim.LEAVE_ALERT, uuid4()))}"
    asked: list[Callable[[str], httpx.Response]] = [
        public.get,
        *(lambda link, w=wish: public.post(link, data={"geste": w}) for wish in ("tout", "mois")),
    ]
    for number, ask in enumerate(asked):
        said = {ask(each).text.replace(each, "LINK") for each in (known, gone, of_letter)}
        assert len(said) == 1
        assert mail["To"] not in said.pop()
        # To look is the first.
        assert acts(bureau) == (number > 0)
    answer = public.post(forged)
    assert answer.text.replace(forged, "LINK") == public.post(gone).text.replace(gone, "LINK")


@pytest.mark.slow
def test_who_has_a_link_of_ours_is_never_put_off(bureau: Bureau, public: httpx.Client) -> None:
    link = link_of(mail_of_one(bureau))
    assert {public.post(link).status_code for _ in range(30)} == {200}
    guessed = [public.post(f"/alertes/quitter/{n}").status_code for n in range(30)]
    assert guessed.count(429) >= 24
    assert public.post(link).status_code == 200


def test_a_link_of_an_alert_ends_no_letter_nor_confirms_one(
    bureau: Bureau, public: httpx.Client
) -> None:
    token = link_of(mail_of_one(bureau)).rpartition("/")[2]
    public.post(f"/lettres/quitter/{token}", data={"geste": "tout"})
    assert acts(bureau) == 0
    assert len(rhythms(bureau)) == 2


def test_who_leaves_while_others_are_written_to_is_sent_nothing(
    bureau: Bureau, public: httpx.Client
) -> None:
    members = [member(bureau) for _ in range(3)]
    appears(bureau, "Nouvelle antenne")
    with write(bureau.databases.staff) as session:
        key = link_signer(session, bureau.vault)
    links = [
        f"/alertes/quitter/{signed(key, Link(Aim.LEAVE_ALERT, row.id))}" for row in rows(bureau)
    ]

    def all_leave() -> None:
        for link in links:
            public.post(link, data=ONE_CLICK)

    assert len(round_of(bureau, all_leave)) == 1
    assert round_of(bureau) == []
    assert rows(bureau) == []
    assert len(members) == 3
