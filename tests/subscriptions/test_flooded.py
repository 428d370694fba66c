"""Whoever asks by hundreds of mailboxes at once holds nobody back who asked before them."""

import pytest

from app.jobs.receiving import receive_all
from app.platform.database.sessions import read
from app.subscriptions import subscribing
from tests.letters_asked import Post, link_of

ROUND = 2


@pytest.fixture(autouse=True)
def small_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few are more than a round of the worker looks at."""
    monkeypatch.setattr(subscribing, "AT_ONCE", ROUND)


def test_who_asked_before_more_than_a_round_looks_at_is_asked_in_the_same(post: Post) -> None:
    asked = [post.ask()]
    receive_all(post.runtime)
    post.pass_by(seconds=1)
    asked += [post.ask() for _ in range(ROUND + 1)]
    assert sorted(each["To"] for each in post.mails()) == sorted(asked)
    assert post.mails() == []


def test_who_takes_back_what_they_asked_for_again_holds_nobody_back(post: Post) -> None:
    several = [post.ask() for _ in range(ROUND)]
    links = [link_of(each) for each in (*post.mails(), *post.mails())]
    assert len(links) == ROUND
    post.pass_by(hours=25)
    other = post.ask()
    receive_all(post.runtime)
    post.pass_by(seconds=1)
    for mail, link in zip(several, links, strict=True):
        post.ask(mail)
        post.press(link, reponse="non")
    assert [each["To"] for each in post.mails()] == [other]
    # Each minute looks at none of them again.
    with read(post.runtime.staff) as session:
        assert subscribing.to_ask(session, post.clock.at) == []
