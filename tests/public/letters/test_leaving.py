"""The letter is left by one press, whoever asks and from wherever: the link says all."""

import base64
import re
from collections.abc import Iterator
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi.routing import APIRoute
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.inbox.acting import Asked, put_act
from app.inbox.opening import link_signer
from app.inbox.putting import read_lock
from app.jobs.subscribing import act_all
from app.main import create_app
from app.models import AgendaRegistration
from app.platform.database.sessions import read, write
from app.platform.mail.links import Aim, Link, signed
from app.platform.web.permissions import routes_of
from app.platform.web.same_origin import refuse_foreign
from app.runtime.staff import Runtime
from tests.letters_asked import Post, link_of, posting
from tests.makers_agenda import announced, record_of
from tests.serving import serving

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture(scope="module")
def _post(module_runtime: Runtime) -> Iterator[Post]:
    with posting(module_runtime) as post:
        yield post


@pytest.fixture
def post(_post: Post) -> Post:
    _post.forget_all()
    return _post


def acts(post: Post) -> int:
    with read(post.runtime.staff) as session:
        return int(session.scalars(text("SELECT count(*) FROM mail_act")).one())


def said(answer: httpx.Response, link: str) -> str:
    """What was answered, without what no other answer has."""
    assert answer.status_code == 200
    return answer.text.replace(link, "LINK")


def test_one_press_leaves_without_cookie_session_or_origin(post: Post) -> None:
    link = post.leaving(post.subscribed())
    foreign = {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}
    answer = post.client.post(link, data=ONE_CLICK, headers=foreign)
    assert "C’est noté" in answer.text
    assert "set-cookie" not in answer.headers
    act_all(post.runtime)
    assert post.rows() == []


@pytest.mark.parametrize(
    "sent", [{"data": ONE_CLICK}, {"files": {"List-Unsubscribe": (None, "One-Click")}}, {}]
)
def test_programs_may_send_it_as_they_like(post: Post, sent: dict[str, object]) -> None:
    link = post.leaving(post.subscribed())
    assert post.client.post(link, **sent).status_code == 200  # type: ignore[arg-type]
    act_all(post.runtime)
    assert post.rows() == []


def test_to_look_changes_nothing_and_shows_nothing_stored(post: Post) -> None:
    row = post.subscribed(forme="lien")
    link, unknown = post.leaving(row), f"/lettres/quitter/{'A' * 115}"
    page = post.client.get(link)
    mail = post.runtime.vault.open_json("letter_subscriber", row.id, "content", row.content)["mail"]
    assert mail not in page.text
    assert said(page, link) == said(post.client.get(unknown), unknown)
    assert acts(post) == 0
    assert re.findall(r'name="geste" value="(\w+)"', page.text) == [
        *("quitter", "tout", "trimestre", "chaque", "lien", "entiere")
    ]


@pytest.mark.slow
def test_a_link_of_nobody_is_answered_alike(post: Post) -> None:
    with write(post.runtime.staff) as session:
        key = link_signer(session, post.runtime.vault)
    gone = f"/lettres/quitter/{signed(key, Link(Aim.LEAVE, uuid4()))}"
    theirs = f"/lettres/quitter/{signed(b'x' * 32, Link(Aim.LEAVE, uuid4()))}"
    known = post.leaving(post.subscribed())
    others = (gone, theirs, "/lettres/quitter/x", "/lettres/quitter/%00", f"{known}x", known[:-1])
    for wish in ({}, {"geste": "tout"}, {"geste": "trimestre"}):
        answers = {said(post.client.post(each, data=wish), each) for each in (known, *others)}
        assert len(answers) == 1
    assert acts(post) == 1


def test_somebody_may_have_less_of_it(post: Post) -> None:
    link = post.leaving(post.subscribed())
    for wish, found in (
        ("trimestre", ("quarterly", False)),
        ("lien", ("quarterly", True)),
        ("chaque", ("each", True)),
        ("entiere", ("each", False)),
    ):
        assert "C’est noté" in post.press(link, geste=wish).text
        act_all(post.runtime)
        (row,) = post.rows()
        assert (row.rhythm, row.link_only) == found


def test_whoever_leaves_all_comes_to_no_event_either(post: Post) -> None:
    row = post.subscribed()
    record = record_of(post.runtime, announced(post.runtime, registers=True))
    with write(post.runtime.staff) as session:
        for mailbox in (row.mailbox, b"another"):
            number = uuid4()
            sealed = post.runtime.vault.seal_json("agenda_registration", number, "content", {})
            given = {"mailbox": mailbox, "content": sealed, "received_at": post.clock.at}
            session.add(AgendaRegistration(id=number, record_id=record.id, **given))
    assert "annulées" in post.press(post.leaving(row), geste="tout").text
    act_all(post.runtime)
    assert post.rows() == []
    with read(post.runtime.staff) as session:
        assert session.scalars(select(AgendaRegistration.mailbox)).all() == [b"another"]


def test_a_link_that_confirms_leaves_by_no_program_and_the_other_way_round(post: Post) -> None:
    post.ask()
    (asked,) = post.mails()
    token = link_of(asked).rpartition("/")[2]
    post.client.post(f"/lettres/quitter/{token}", data=ONE_CLICK)
    leaving = post.leaving(post.rows()[0]).rpartition("/")[2]
    assert post.press(f"/lettres/confirmation/{leaving}", reponse="oui").status_code == 410
    assert acts(post) == 0


def test_the_last_thing_that_was_asked_is_done(post: Post) -> None:
    link = post.leaving(post.subscribed())
    for wish in ("quitter", "trimestre", "lien", "quitter", "lien"):
        post.press(link, geste=wish)
    assert acts(post) == 1
    act_all(post.runtime)
    assert post.rows()[0].link_only


def test_no_other_form_is_sent_from_another_site(post: Post) -> None:
    app = create_app(post.runtime.settings, post.runtime.databases)
    open_to_all = {
        each.path
        for each in routes_of(app)
        if isinstance(route := each.route if hasattr(each, "route") else each, APIRoute)
        and "POST" in (route.methods or ())
        and refuse_foreign not in {one.dependency for one in route.dependencies}
    }
    assert open_to_all == {"/lettres/quitter/{token}", "/alertes/quitter/{token}"}
    post.ask()
    (asked,) = post.mails()
    foreign = {"Origin": "https://mail.example"}
    refused = post.client.post(link_of(asked), data={"reponse": "oui"}, headers=foreign)
    assert refused.status_code == 403
    assert acts(post) == 0


@pytest.mark.slow
def test_whoever_has_a_link_of_ours_is_never_put_off(post: Post) -> None:
    link = post.leaving(post.subscribed())
    settings = post.runtime.settings.model_copy(update={"rate_limit": 5})
    app = create_app(settings, post.runtime.databases)
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        assert {client.post(link).status_code for _ in range(30)} == {200}
        guessed = [client.post(f"/lettres/quitter/{n}").status_code for n in range(30)]
        assert guessed.count(429) >= 24
        assert client.get("/lettres/quitter/x").status_code == 429
        assert {client.post(link).status_code for _ in range(30)} == {200}


def test_the_login_of_public_pages_adds_acts_and_reads_none(post: Post) -> None:
    inbox = post.runtime.databases.inbox
    assert inbox is not None
    for statement in ("SELECT subject FROM public.mail_act", "DELETE FROM public.mail_act"):
        with pytest.raises(DBAPIError), inbox.begin() as connection:
            connection.execute(text(statement))
    row = post.subscribed()
    with inbox.begin() as connection:
        insert = text("INSERT INTO public.mail_act (subject, box) VALUES (:subject, :box)")
        for _ in range(50):
            # Of nobody nothing is added, of somebody the last one alone.
            connection.execute(insert, {"subject": uuid4(), "box": b"x" * 60})
            connection.execute(insert, {"subject": row.id, "box": b"x" * 60})
    assert acts(post) == 1
    act_all(post.runtime)
    assert len(post.rows()) == 1


def forged(post: Post, subject: UUID, asked: Asked) -> None:
    assert post.runtime.databases.inbox is not None
    with read(post.runtime.databases.public) as session:
        lock = read_lock(session)
    assert lock is not None
    with write(post.runtime.databases.inbox) as session:
        put_act(session, lock, subject, asked)


@pytest.mark.slow
def test_what_a_stolen_login_adds_is_checked_again(post: Post) -> None:
    one, other = post.subscribed(), post.subscribed()
    token = post.leaving(one).rpartition("/")[2]
    forged(post, other.id, Asked(token=token, deed="leave"))
    forged(post, one.id, Asked(token="x", deed="leave"))
    act_all(post.runtime)
    assert len(post.rows()) == 2
    forged(post, one.id, Asked(token=token, deed="confirm", shown="autre"))
    act_all(post.runtime)
    rows = {row.id: row for row in post.rows()}
    assert rows[one.id].confirmed_at == one.confirmed_at
    # Cut or changed by a sign, it is none of ours.
    raw = bytearray(base64.urlsafe_b64decode(f"{token}=="))
    raw[3] ^= 1
    changed = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    forged(post, one.id, Asked(token=changed, deed="leave"))
    act_all(post.runtime)
    assert len(post.rows()) == 2
