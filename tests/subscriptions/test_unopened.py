"""An address that does not open is tried less and less often, is said, and keeps nobody waiting."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.jobs.receiving import receive_all
from app.models import LetterSubscriber
from app.platform.database.sessions import write
from app.subscriptions import subscribing
from tests.letters_asked import Post, link_of
from tests.makers_agenda import by_a_lost_key, written_otherwise


def damage_last(post: Post, damaged: Callable[[bytes], bytes]) -> None:
    """Have the address of who asked last open no more."""
    with write(post.runtime.staff) as session:
        last = select(LetterSubscriber).order_by(LetterSubscriber.wanted_at.desc()).limit(1)
        row = session.scalars(last).one()
        row.content = damaged(row.content)


@pytest.mark.parametrize("damaged", [written_otherwise, by_a_lost_key])
def test_who_does_not_open_keeps_nobody_waiting_and_is_tried_less_and_less(
    post: Post,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    damaged: Callable[[bytes], bytes],
) -> None:
    monkeypatch.setattr(subscribing, "AT_ONCE", 1)
    other = post.ask()
    receive_all(post.runtime)
    post.pass_by(minutes=1)
    lost = post.ask()
    receive_all(post.runtime)
    damage_last(post, damaged)
    capsys.readouterr()
    received, minutes = [], []
    for minute in range(9):
        post.pass_by(minutes=1)
        received += [each["To"] for each in post.mails()]
        minutes += [minute] * capsys.readouterr().out.count("mail not written")
    assert received == [other]
    assert minutes[0] == 0
    assert 1 < len(minutes) < 5
    # Whoever asks again is known by it.
    post.ask(lost)
    assert [each["To"] for each in post.mails()] == [lost]


@pytest.mark.parametrize("damaged", [written_otherwise, by_a_lost_key])
def test_who_asks_again_and_whose_link_does_not_open_keeps_nobody_waiting(
    post: Post, damaged: Callable[[bytes], bytes]
) -> None:
    lost = post.ask()
    (asked,) = post.mails()
    damage_last(post, damaged)
    post.ask(lost)
    other = post.ask()
    assert [each["To"] for each in post.mails()] == [other]
    post.press(link_of(asked), reponse="oui")
    assert post.mails() == []
    post.pass_by(hours=73)
    post.ask(lost)
    assert [each["To"] for each in post.mails()] == [lost]
