"""The list of accounts is read by pages, and somebody in it is found by name or address."""

import re
from uuid import uuid4

import pytest

from app.desk.accounts.routes import PAGE_SIZE
from app.models import Role
from app.platform.database.sessions import write
from tests.desk.bureau import Bureau, account_of

HERE = "/gestion/comptes"


@pytest.fixture
def mails(bureau: Bureau) -> list[str]:
    """More accounts than a page shows, by their addresses."""
    found = [f"{uuid4().hex[:10]}@example.org" for _ in range(PAGE_SIZE + 1)]
    with write(bureau.databases.staff) as session:
        for mail in found:
            account_of(session, bureau.vault, Role.CURATEUR, mail, [], bureau.clock.at)
    return found


def test_the_list_of_accounts_is_read_by_pages(bureau: Bureau, mails: list[str]) -> None:
    browser = bureau.signed_in(Role.ADMINISTRATEUR)
    (last,) = re.findall(r"Page 1 sur (\d+)", browser.get(HERE).text)
    pages = [browser.get(f"{HERE}?page={page}").text for page in range(1, int(last) + 1)]
    assert pages[0].count('<th scope="row">') == PAGE_SIZE
    for mail in mails:
        assert sum(mail in page for page in pages) == 1
    # Beyond the last one stands the last one.
    assert f"Page {last} sur {last}" in browser.get(f"{HERE}?page=99").text


def test_somebody_is_found_by_name_or_address_whatever_page_they_are_on(
    bureau: Bureau, mails: list[str]
) -> None:
    browser = bureau.signed_in(Role.ADMINISTRATEUR)
    found = browser.get(f"{HERE}?q={mails[7].upper()}").text
    assert [mail for mail in mails if mail in found] == [mails[7]]
    assert 'name="q"' in found
    page = browser.get(f"{HERE}?q=exemple+camille&page=2").text
    assert "Page 2 sur" in page
    assert "q=exemple+camille&amp;page=1" in page
    assert "Aucun compte" in browser.get(f"{HERE}?q=personne").text
