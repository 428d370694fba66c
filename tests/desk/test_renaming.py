"""A source is called otherwise, and all else of it stays."""

from uuid import uuid4

import pytest

from app.lists.sources import UPDATES, find_or_make_source, find_source
from app.models import Role
from app.platform.database.sessions import read, write
from app.vault.digests import index_key
from tests.desk.bureau import Bureau
from tests.desk.test_sources import journal, set_of, words


@pytest.mark.slow
def test_a_source_is_renamed_by_a_curateur_and_all_else_of_it_stays(
    bureau: Bureau,
) -> None:
    with write(bureau.databases.staff) as session:
        key = index_key(session, bureau.vault)
        called = ("Santé", "ASE 93")
        source, _ = (find_or_make_source(session, bureau.vault, key, each, "93") for each in called)
    browser = bureau.signed_in()
    set_of(browser, source)
    address = f"/gestion/sources/{source}"
    link = browser.post(f"{address}/liens", data={"lien": str(uuid4())})
    assert link.status_code < 400, link.text
    done = browser.post(f"{address}/renommer", data={"source": "Santé  du 93"})
    said = words(browser.get(done.headers["location"]))
    assert said.count("Santé du 93")
    assert "Service Exemple" in said
    assert "nom : changé" in journal(bureau)
    assert "Santé" not in journal(bureau)
    with read(bureau.databases.staff) as session:
        assert find_source(session, key, "santé du 93", "93") == source
        assert find_source(session, key, "Santé", "93") is None
    for name in ("ase 93", "", "x" * 121, UPDATES):
        answer = browser.post(f"{address}/renommer", data={"source": name})
        assert answer.status_code == 422, name
    referent = bureau.signed_in(Role.REFERENT_DEPARTEMENT)
    assert referent.post(f"{address}/renommer", data={"source": "Autre"}).status_code == 403
    assert "Renommer" not in referent.get(address).text
    assert browser.post(f"{address}/renommer", data={"source": "Santé"}).status_code == 303
