"""Hundreds of requests over what a mailbox or a domain is sent hold nobody else's back."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from uuid import uuid4

import pytest

from app.accounts import request_caps, requests
from app.accounts.request_caps import counted_by
from app.inbox.message import AccessAsked
from app.platform.database.sessions import read, write
from tests.desk.access_asked import count, forget_all, mails
from tests.desk.bureau import Bureau

# More than a round of the worker looks at.
MANY = 300
DOMAIN_CAP = 20


@pytest.fixture(autouse=True)
def nothing_waits(bureau: Bureau) -> Iterator[None]:
    forget_all(bureau)
    yield
    forget_all(bureau)


def asks(bureau: Bureau, mails_ago: Mapping[str, float]) -> None:
    """Note requests as they came; mails_ago: address -> how many seconds ago."""
    given = {"name": "Sacha Exemple", "organisation": "Exemple", "function": "Éducateur"}
    with write(bureau.databases.staff) as session:
        for mail, ago in mails_ago.items():
            asked = AccessAsked(**given, mail=mail, territory="93")
            received_at = bureau.clock.at - timedelta(seconds=ago)
            requests.add(session, bureau.vault, asked, received_at)


def flooded(bureau: Bureau, *, one_mailbox: bool) -> None:
    """Have a mailbox, or all of a domain, asked for by hundreds, and sent all that it may be."""
    with write(bureau.databases.staff) as session:
        for number in range(3 if one_mailbox else DOMAIN_CAP):
            mail = "camille@example.com" if one_mailbox else f"sent{number}@example.com"
            counted = counted_by(session, bureau.vault, mail)
            request_caps.count(session, counted, bureau.clock.at)
    local = "camille+{}" if one_mailbox else "a{}"
    asks(bureau, {f"{local.format(each)}@example.com": 300 - each * 0.5 for each in range(MANY)})


@pytest.mark.slow
@pytest.mark.parametrize("one_mailbox", [True, False])
@pytest.mark.parametrize("ordinary_came", ["before", "after"])
def test_what_is_over_a_cap_holds_no_ordinary_request_back(
    bureau: Bureau, ordinary_came: str, *, one_mailbox: bool
) -> None:
    flooded(bureau, one_mailbox=one_mailbox)
    mail = f"{uuid4().hex[:10]}@example.org"
    asks(bureau, {mail: 600 if ordinary_came == "before" else 1})
    assert [each["To"] for each in mails(bureau)] == [mail]


@pytest.mark.slow
def test_what_was_over_a_cap_is_looked_at_no_more_for_a_while_and_sent_in_its_turn(
    bureau: Bureau,
) -> None:
    flooded(bureau, one_mailbox=True)
    assert mails(bureau) == []
    with read(bureau.databases.staff) as session:
        assert requests.to_ask(session, bureau.clock.at) == []
    assert count(bureau) == MANY
    bureau.clock.pass_by(minutes=61)
    assert len(mails(bureau)) == 3
