"""Pages of sources and their files, as each role: nobody reads of a hidden place but its name."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import Text, cast, delete, func, select, update

from app.desk.application import create_desk
from app.desk.shell.gate import COOKIE
from app.lists import links
from app.models import ActorProtected, Deposit, DepositLine, Role, Source, SourceFile, SourceRecord
from app.platform.database.sessions import read, write
from app.vault.sealing import Vault
from app.visibility import Viewer
from tests.attack.conftest import Attacked
from tests.attack.places import MARKER
from tests.attack.test_desk import ORIGIN, readable, sign_in
from tests.serving import serving

pytestmark = pytest.mark.slow
OUTCOMES = (
    *("", "created", "updated", "unchanged", "conflicting", "rejected", "ignored"),
    *("left", "elsewhere"),
)
DEEDS = (
    *("", "/effacer", "/annuler", "/liens", f"/liens/{uuid4()}/fermer"),
    *("/reponses", "/reponses/annuler"),
)
# So many files are asked for all that became of their lines, and for every deed.
WHOLE = 4
LETTER = re.compile(r'<textarea id="message"[^>]*>(.*?)</textarea>', re.DOTALL)


def known(written: Attacked) -> list[tuple[UUID, UUID, str | None]]:
    """Each file: its source, itself, the territory of its source."""
    statement = select(Source.id, SourceFile.id, Source.territory_code).join(SourceFile)
    with read(written.runtime.staff) as session:
        return [(row[0], row[1], row[2]) for row in session.execute(statement)]


@pytest.fixture
def followed(written: Attacked) -> Iterator[list[tuple[UUID, UUID, str | None]]]:
    """Each file; a list of shelters of all France is followed by a référent, and is to be asked
    about each of them.
    """
    shelters = (
        select(SourceRecord.source_id, func.max(cast(SourceRecord.last_file_id, Text)))
        .join(Source, Source.id == SourceRecord.source_id)
        .join(ActorProtected, ActorProtected.actor_id == SourceRecord.actor_id)
        .where(Source.register.is_(None), ActorProtected.level == "neutral")
        .group_by(SourceRecord.source_id)
        .order_by(func.count().desc())
    )
    with read(written.runtime.staff) as session:
        source, named_by = session.execute(shelters).first() or (None, "")
    file = UUID(named_by)
    own, vault = update(Source).where(Source.id == source), written.runtime.vault
    ties = update(SourceRecord).where(SourceRecord.source_id == source)
    named = select(SourceRecord.actor_id).distinct().where(SourceRecord.source_id == source)
    with write(written.runtime.staff) as session:
        session.execute(own.values(territory_code=min(written.dataset.territories)))
        # As if it named nobody any more.
        actors = session.scalars(named).all()
        session.execute(ties.values(missing_since=date(2026, 5, 1)))
        if session.get(Deposit, file) is None:
            session.add(Deposit(file_id=file, state="applied", who=str(uuid4()), whole=True))
            session.flush()
        session.add_all(asked_about(vault, file, *each) for each in enumerate(actors))
    # The one that is followed first.
    yield sorted(known(written), key=lambda each: each[1] != file)
    with write(written.runtime.staff) as session:
        session.execute(own.values(territory_code=None))
        session.execute(ties.values(missing_since=None))
        session.execute(delete(DepositLine).where(DepositLine.file_id == file))


def asked_about(vault: Vault, file: UUID, number: int, actor: UUID) -> DepositLine:
    """The line of somebody who is missing, and about whom the source is to be asked."""
    line = uuid4()
    return DepositLine(
        **{"id": line, "file_id": file, "number": number, "outcome": "missing", "fields": []},
        **{"actor_id": actor, "masked": False, "erases": False, "turns": False, "reread": False},
        **{"mark": b"", "decision": "later", "who": str(uuid4()), "at": datetime.now(UTC)},
        content=vault.seal_json("deposit_line", line, "content", {}),
    )


def pages(source: UUID, file: UUID, outcomes: Iterable[str]) -> list[str]:
    address = f"/gestion/sources/{source}"
    lines = [f"{address}/{file}?devenir={each}" for each in outcomes]
    return [address, f"{address}?page=2", f"{address}/{uuid4()}", *lines, f"{lines[0]}&page=2"]


@pytest.mark.parametrize("role", Role)
def test_a_source_shows_no_more_than_names_of_ones_own(
    written: Attacked, followed: list[tuple[UUID, UUID, str | None]], role: Role
) -> None:
    runtime = written.runtime
    own = {"desk_url": ORIGIN, "rate_limit": 0, "https": True}
    desk = create_desk(runtime.settings.model_copy(update=own), runtime.databases, runtime.vault)
    _, token = sign_in(written, role)
    territories = set(sorted(written.dataset.territories)[:3])
    source_word = f"{MARKER}isource".lower()
    headers = {"Cookie": f"{COOKIE}={token}", "Origin": ORIGIN, "Accept": "text/html"}
    answered = letters = 0
    with (
        serving(desk) as address,
        httpx.Client(base_url=address, timeout=60, headers=headers) as client,
    ):
        for number, (source, file, territory) in enumerate(followed):
            # Of every file what became of some of its lines, in turn; of the first all of it.
            every = number < WHOLE
            mine = role is Role.CURATEUR
            mine |= role is Role.REFERENT_DEPARTEMENT and territory in territories
            names = (readable(written, role) | {source_word}) if mine else set()
            outcomes = OUTCOMES if every else OUTCOMES[number % len(OUTCOMES) :][:2]
            for path in pages(source, file, outcomes):
                answer = client.get(path, timeout=60)
                assert answer.status_code in ((200, 404) if mine else (403, 404)), path
                found = written.sentinels.in_text(answer.content, asked=path)
                assert found <= names, (path, found - names)
                answered += answer.status_code == 200
                if letter := LETTER.search(answer.text):
                    # What goes out by mail says what visitors read.
                    assert not written.sentinels.in_text(letter[1].encode()), path
                    letters += "(identifiant " in letter[1]
            if not mine and every:
                given = {"avant": "x", "lien": str(uuid4()), "acteur": "0" * 16}
                for deed in DEEDS:
                    answer = client.post(f"/gestion/sources/{source}{deed}", data=given)
                    assert answer.status_code in (403, 404), deed
                    assert not written.sentinels.in_text(answer.content)
    assert bool(answered) is bool(letters) is (role in (Role.CURATEUR, Role.REFERENT_DEPARTEMENT))


def test_the_page_of_a_deposit_link_names_nothing_that_is_known(written: Attacked) -> None:
    runtime, now = written.runtime, datetime.now(UTC)
    own = {"desk_url": ORIGIN, "rate_limit": 0, "https": True}
    desk = create_desk(runtime.settings.model_copy(update=own), runtime.databases, runtime.vault)
    viewer = Viewer.staff(Role.CURATEUR, [])
    lists = select(Source.id).where(Source.register.is_(None))
    with write(runtime.staff) as session:
        sources = session.scalars(lists).all()
        tokens = [links.make(session, viewer, each, uuid4(), "os:test", now) for each in sources]
    assert tokens
    headers = {"Origin": ORIGIN, "Accept": "text/html"}
    with (
        serving(desk) as address,
        httpx.Client(base_url=address, timeout=60, headers=headers) as client,
    ):
        for token in tokens:
            for answer in (client.get(f"/depot/{token}"), client.post(f"/depot/{token}")):
                assert answer.status_code in (200, 422)
                assert not written.sentinels.in_text(answer.content)
                assert not answer.cookies
