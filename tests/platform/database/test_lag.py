"""A copy of the database shows nothing that it may have to hide, and says so."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import delete, text

from app.commands.support.copies import CopiesBehind, wait_for_copies
from app.inbox.opening import open_message, opener
from app.main import create_app
from app.models import InboxMessage
from app.operations.spare_page import write_spare_page
from app.operations.withdrawn_again import accept
from app.platform.database.engines import Databases, make_engine, role
from app.platform.database.lag import (
    BEAT,
    Heart,
    TooFarBehind,
    copies_without,
    is_too_far,
)
from app.platform.database.sessions import write
from app.records import acts
from app.runtime.staff import Runtime
from app.settings import ROOT, Settings
from app.vault.sealing import Vault
from tests.attack.walk import Answer, endpoints, path_of
from tests.meanwhile import until
from tests.platform.database.copies import SLOT, STANDBY, replays, superuser
from tests.platform.database.pairs import EMBED, MOST, NAME, SOON, Pair, paired
from tests.public.inbox import test_access as access
from tests.public.inbox import test_link as link
from tests.releases import Release
from tests.serving import unnumbered

pytestmark = pytest.mark.slow
# Seconds that a busy machine takes to answer.
SLACK = 3.0
SHEET = re.compile(r"/acteurs/([0-9a-z]+)/([a-z0-9-]+)")
RESOURCE = re.compile(r"/ressources/([0-9a-z]{16})/([a-z0-9-]+)")
COLLECTION = re.compile(r"/ressources/collections/([a-z0-9-]+)")
# A form says when it was shown, in words of its own each time.
STAMP = re.compile(r'name="vu" value="([^"]*)"')
# Of what somebody may ask, a value each, all in one address.
ASKED = {
    **{"q": "service", "categorie": "ase", "territoire": "59", "lieu": "59350", "zoom": "6"},
    **{"bbox": "2,50,4,51", "url": "https://carte.exemple/departements/59", "public": "victime"},
}


@pytest.fixture(scope="module")
def pair(vault: Vault, prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with paired(vault, prepared, tmp_path_factory.mktemp("pair")) as made:
        yield made


def test_a_copy_has_the_settings_of_its_file_and_no_reader_holds_it_up_for_too_long(
    pair: Pair,
) -> None:
    with superuser(pair.copy.url("postgres", "postgres")) as admin:
        set_here = text("SELECT name, setting FROM pg_settings WHERE source = 'configuration file'")
        found = {row.name: row.setting for row in admin.execute(set_here)}
    said = re.findall(r"^(\w+) = (\S+)$", STANDBY.read_text("utf-8"), re.MULTILINE)
    assert len(said) > 8
    assert {name for name, _ in said} <= found.keys()
    # Both in milliseconds.
    for name in ("max_standby_streaming_delay", "max_standby_archive_delay"):
        assert 0 < int(found[name]) < Settings().lag_most * 1000


@pytest.fixture(autouse=True)
def _ready(pair: Pair) -> None:
    until(lambda: pair.copied.get("/readyz").status_code == 200)


def addresses(pair: Pair) -> Iterator[str]:
    """Yield two addresses of each route of public pages, one of them with what it may be asked."""
    resources = pair.written.get("/ressources").text
    [sheet], [resource], [collection] = (
        pattern.findall(text)[:1]
        for pattern, text in (
            (SHEET, pair.written.get("/departements/59").text),
            (RESOURCE, resources),
            (COLLECTION, resources),
        )
    )
    given = {
        **{(): (), ("code",): ("59",), ("public_id", "slug"): sheet, ("public_id",): sheet[:1]},
        **{("resource_id", "slug"): resource, ("resource_id",): resource[:1]},
        **{("resource_id", "number"): (resource[0], "1"), ("collection",): (collection,)},
        ("embed_id",): (EMBED,),
        ("event_id",): ("0" * 16,),
        ("token",): ("x",),
        ("month",): ("2027-03",),
    }
    for endpoint in endpoints(create_app(pair.settings, pair.databases)):
        if not endpoint.file:
            path = path_of(endpoint, given[endpoint.names])
            yield path
            if query := {name: ASKED[name] for name in endpoint.query if name in ASKED}:
                yield f"{path}?{urlencode(query)}"


def answered(client: httpx.Client, path: str) -> tuple[int, str]:
    """Return the status of an answer, and what changes where anything of it does."""
    got = client.get(path, headers={"Accept-Encoding": "identity", "Accept": "text/html, */*"})
    body = got.content
    if "text/html" in got.headers.get("content-type", ""):
        body = unnumbered(STAMP.sub("", got.text)).encode()
    headers = [(name, got.headers.get(name, "")) for name in ("content-type", "location")]
    return got.status_code, Answer(got.status_code, tuple(headers), body).digest


def test_a_copy_answers_each_public_address_as_the_server_does(pair: Pair) -> None:
    asked = [*addresses(pair)]
    assert len(asked) > 60
    here = {path: answered(pair.written, path) for path in asked}
    embed = f"/integration/carte/{EMBED}"
    assert {here[path][0] for path in (embed, f"{embed}/logo")} == {200}
    assert sum(status == 200 for status, _ in here.values()) > 50
    there = {path: answered(pair.copied, path) for path in asked}
    assert {path: (here[path], there[path]) for path in asked if here[path] != there[path]} == {}
    # The pool has given each of its connections to pages by then.
    assert pair.copied.get("/sante").status_code == 200


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("/acteurs/{actor}/signaler", {"faux": "phone"}),
        ("/ressources/proposer", link.LINK),
        ("/professionnels/demande", access.GIVEN),
    ],
)
def test_what_a_visitor_of_a_copy_writes_reaches_the_server(
    pair: Pair, vault: Vault, form: str, said: dict[str, str]
) -> None:
    page = pair.copied.get("/departements/59").text
    [(actor, _), *_] = SHEET.findall(page)
    form = form.format(actor=actor)
    until(lambda: bool(STAMP.findall(pair.copied.get(form).text)))
    [stamp] = STAMP.findall(pair.copied.get(form).text)
    pair.clock.at += timedelta(seconds=10)
    sent = pair.copied.post(
        form,
        data={"vu": stamp, "site": "", **said},
        headers={"Origin": "http://carte.exemple", "Accept": "text/html"},
    )
    assert sent.status_code == 303, sent.text
    with write(pair.databases.staff) as session:
        [box] = session.scalars(delete(InboxMessage).returning(InboxMessage.box)).all()
        assert open_message(opener(session, vault), box)


def test_what_was_protected_leaves_a_copy_that_stands_still(pair: Pair, vault: Vault) -> None:
    sheet = SHEET.search(pair.written.get("/departements/59").text)
    assert sheet is not None
    path = sheet[0]
    assert pair.copied.get(path).status_code == 200
    replays(pair.copy, on=False)
    try:
        with write(pair.databases.staff) as session:
            acts.protect(session, vault, sheet[1], who="essai", why="essai")
        assert copies_without(pair.owner, 0.5) == [SLOT]
        # A sign may be as old as that, and is read twice a second.
        assert until(lambda: pair.copied.get(path).status_code == 503) < MOST + BEAT + SLACK
        behind = pair.copied.get(path)
        assert "119" in behind.text
        assert "copie" in behind.text
        until(lambda: pair.copied.get("/readyz").status_code == 503)
        assert pair.copied.get("/livez").status_code == 200
        assert pair.copied.get("/departements/59").status_code == 503
    finally:
        replays(pair.copy, on=True)
    assert copies_without(pair.owner, SOON) == []
    until(lambda: pair.copied.get(path).status_code != 503)
    assert pair.copied.get(path).status_code == pair.written.get(path).status_code == 404


def test_the_page_that_a_proxy_shows_is_not_made_of_a_copy_that_stands_still(
    pair: Pair, tmp_path: Path
) -> None:
    public = make_engine(pair.copy.url(role(NAME, "public"), NAME), pool_size=1)
    settings = pair.settings.model_copy(update={"data_dir": tmp_path})
    former = write_spare_page(public, settings, datetime.now(UTC)).stat()
    replays(pair.copy, on=False)
    try:
        until(lambda: pair.copied.get("/readyz").status_code == 503)
        with pytest.raises(TooFarBehind):
            write_spare_page(public, settings, datetime.now(UTC))
    finally:
        replays(pair.copy, on=True)
    assert (tmp_path / "spare" / "index.html").stat().st_ino == former.st_ino
    public.dispose()


def test_public_pages_start_on_a_copy_that_is_behind_and_are_ready_once_it_is_not(
    pair: Pair, tmp_path: Path
) -> None:
    url = pair.copy.url(role(NAME, "public"), NAME).replace("+psycopg", "")
    settings = {
        "MESURE23_PUBLIC_DATABASE_URL": url,
        "MESURE23_LAG_MOST": str(MOST),
        "MESURE23_DATA_DIR": str(tmp_path),
        "MESURE23_DRAIN": "0",
    }
    replays(pair.copy, on=False)
    try:
        until(lambda: pair.copied.get("/readyz").status_code == 503)
        with (
            Release(ROOT, settings).serving() as base,
            httpx.Client(base_url=base, timeout=60, trust_env=False) as started,
        ):
            behind = started.get("/departements/59")
            assert (behind.status_code, "119" in behind.text) == (503, True)
            assert started.get("/readyz").status_code == 503
            assert started.get("/livez").status_code == 200
            replays(pair.copy, on=True)
            until(lambda: started.get("/readyz").status_code == 200)
            assert started.get("/departements/59").status_code == 200
    finally:
        replays(pair.copy, on=True)


def test_a_copy_that_is_away_is_named(pair: Pair, vault: Vault) -> None:
    pair.copy.stop()
    try:
        assert copies_without(pair.owner, 0.2) == [SLOT]
        with pytest.raises(CopiesBehind, match=SLOT):
            wait_for_copies(Runtime(pair.settings, pair.databases, vault, pair.owner, None))
    finally:
        pair.copy.start()
    assert copies_without(pair.owner, SOON) == []


def test_while_a_copy_is_dead_its_pages_give_the_numbers_and_they_go_on_once_it_runs(
    pair: Pair,
) -> None:
    path = "/table?q=service"
    assert pair.copied.get(path).status_code == 200
    pair.copy.kill()
    try:
        dead = pair.copied.get(path)
        assert (dead.status_code, "119" in dead.text) == (503, True)
        assert pair.copied.get("/livez").status_code == 200
        assert pair.copied.get("/readyz").status_code == 503
        assert pair.written.get(path).status_code == 200
    finally:
        pair.copy.start()
    until(lambda: pair.copied.get(path).status_code == 200)
    assert copies_without(pair.owner, SOON) == []


def test_a_copy_whose_clock_is_behind_is_not_believed_either() -> None:
    assert is_too_far(MOST + 1, MOST)
    assert is_too_far(-MOST - 1, MOST)
    assert not is_too_far(MOST / 2, MOST)


def test_no_sign_is_written_where_nobody_reads_it(databases: Databases) -> None:
    with Heart(databases.staff):
        time.sleep(2.5 * BEAT)
    with databases.staff.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM heartbeat")) == 0


def test_a_copy_that_is_promoted_shows_nothing_until_somebody_says_that_it_lacks_nothing(
    pair: Pair, vault: Vault
) -> None:
    assert pair.copied.get("/departements/59").status_code == 200
    pair.copy.promote()
    until(lambda: pair.copied.get("/departements/59").status_code == 503)
    assert "119" in pair.copied.get("/departements/59").text
    assert pair.copied.get("/readyz").status_code == 503
    staff = make_engine(pair.copy.url(role(NAME, "staff"), NAME))
    with write(staff) as session:
        accept(session, vault, pair.settings, "os:essai", "rien ne manque")
    staff.dispose()
    until(lambda: pair.copied.get("/readyz").status_code == 200)
    # What is written to is never behind.
    time.sleep(MOST + BEAT)
    assert pair.copied.get("/readyz").status_code == 200
    assert pair.copied.get("/departements/59").status_code == 200
