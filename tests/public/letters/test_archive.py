"""Letters that were sent stay to be read, as visitors may read now what they lead to."""

from collections.abc import Iterator
from xml.etree import ElementTree

import httpx
import pytest

from app.composing import writing
from app.letters.letter import Lead, Words, subject_of, title_of
from app.main import create_app
from app.models import Letter
from app.platform.database.sessions import read, write
from app.records.acts import protect
from app.runtime.staff import Runtime
from tests.makers import decide
from tests.makers_agenda import announced, withdrawn
from tests.makers_letters import MONTH, WRITER, approved, forget_all, status, written
from tests.meanwhile import until
from tests.serving import serving
from tests.short_lists import CRIP, csv, ids, run

TITLE, ATOM = "Titre sentinelle", "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def client(module_runtime: Runtime) -> Iterator[httpx.Client]:
    app = create_app(module_runtime.settings, module_runtime.databases)
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


@pytest.fixture
def runtime(module_runtime: Runtime) -> Iterator[Runtime]:
    forget_all(module_runtime)
    yield module_runtime
    forget_all(module_runtime)


@pytest.mark.slow
def test_a_letter_is_read_once_it_is_sent(runtime: Runtime, client: httpx.Client) -> None:
    page = f"/lettres/{MONTH}"
    written(runtime, Words(f"**{TITLE}**"), month="2027-02")
    assert client.get("/lettres/2027-02").status_code == 404
    event = announced(runtime, title="Webinaire d’exemple")
    approved(runtime, Words(f"**{TITLE}** <script>x</script>"), Lead("event", event))
    shown = client.get(page)
    assert f"<strong>{TITLE}</strong> &lt;script&gt;" in shown.text
    assert f'href="/agenda/{event}"' in shown.text
    assert "Lettre de mars 2027" in client.get("/lettres").text
    assert "Lettre de février" not in client.get("/lettres").text
    feed = ElementTree.fromstring(client.get("/lettres.atom").content)  # noqa: S314
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}title") == "Lettre de mars 2027"
    assert "Webinaire d’exemple" in (entry.findtext(f"{ATOM}summary") or "")
    withdrawn(runtime, event)
    until(lambda: "Webinaire d’exemple" not in client.get(page).text)
    until(lambda: "Webinaire d’exemple" not in client.get("/lettres.atom").text)
    with write(runtime.staff) as session:
        letter = writing.find(session, MONTH, lock=True)
        writing.withdraw(session, runtime.vault, WRITER, letter)
    until(lambda: client.get(page).status_code == 404)
    until(lambda: TITLE not in client.get("/lettres.atom").text)


@pytest.mark.parametrize("month", ["2026-01", "x", "2027-13", "%00", "2027-03x", "é" * 300])
def test_there_is_no_other(runtime: Runtime, client: httpx.Client, month: str) -> None:
    approved(runtime)
    assert client.get(f"/lettres/{month}").status_code == 404


@pytest.mark.slow
def test_who_becomes_hidden_takes_down_the_letter_that_names_them(
    runtime: Runtime, client: httpx.Client
) -> None:
    run(runtime, csv(CRIP))
    (public_id,) = ids(runtime).values()
    approved(runtime, Words(f"Écrivez au 01 99 00 00 01, ou voyez /acteurs/{public_id}/x."))
    assert client.get(f"/lettres/{MONTH}").status_code == 200
    decide(runtime, protect, public_id, who="essai", why="essai")
    until(lambda: client.get(f"/lettres/{MONTH}").status_code == 404)
    assert status(runtime) == "withdrawn"
    with read(runtime.staff) as session:
        letter = session.query(Letter).one()
        assert letter.masked
        # Nobody reads its words any more.
        assert writing.content_of(runtime.vault, letter) == ()


def test_a_letter_is_called_by_its_month() -> None:
    assert title_of("2027-03") == "Lettre de mars 2027"
    assert [subject_of(f"2027-{month}") for month in ("04", "08", "10", "12")] == [
        *("Votre lettre d’avril", "Votre lettre d’août"),
        *("Votre lettre d’octobre", "Votre lettre de décembre"),
    ]
