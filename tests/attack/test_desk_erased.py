"""Pages of a list, of its source and its file, where lines say what was erased, as each role."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete

from app.lists.sources import find_or_make_source
from app.models import ErasedMark, ErasureRequest, Role, SourceFile
from app.platform.database.engines import make_engine
from app.platform.database.sessions import read, write
from app.records.erased import line_value, mark
from app.vault.digests import digest, index_key
from tests.attack.conftest import Attacked
from tests.attack.places import MARKER, InventedPlace
from tests.attack.test_desk import LIST, applied_in_part, readable
from tests.attack.test_desk_actors import desk_of
from tests.attack.test_desk_sources import OUTCOMES, pages

pytestmark = pytest.mark.slow
NAME = "où des lignes disent ce qui est effacé"
ERASED, EMPTIED = "a été effacé à la demande", "a été effacée à la demande"
WAYS = ("", "/relire", "/relire?resultat=rejected", "/relire?resultat=unchanged", "/colonnes")


def beyond_all(written: Attacked) -> tuple[InventedPlace, InventedPlace]:
    """Two hidden places of a référent's own territory that nobody else ever named."""
    territory = min(written.dataset.territories)
    known = written.dataset.secrets
    like = next(each for each in known if each.neutral and each.commune.territory == territory)
    return replace(like, number=2_401), replace(like, number=2_402)


@pytest.fixture(scope="module")
def lists(written: Attacked) -> Iterator[tuple[UUID, UUID]]:
    """A list that a référent applied, and what they left of it: one line is of somebody who was
    erased, and of another one the phone was.
    """
    erased, emptied = beyond_all(written)
    runtime, request = written.runtime, uuid4()
    with write(runtime.staff) as session:
        key = index_key(session, runtime.vault)
        given = (LIST.format(NAME), min(written.dataset.territories))
        source = find_or_make_source(session, runtime.vault, key, *given)
    line = line_value(source, digest(key, "identity", f"id:E{erased.number}"))
    values = (("id", str(uuid4())), ("line", line), ("phone", emptied.phone[1:]))
    now, owner = datetime.now(UTC), make_engine(runtime.owner_url)
    with write(owner) as session:
        why = runtime.vault.seal("erasure_request", request, "why", b"essai")
        ended = {"done_at": now, "purged_at": now}
        session.add(ErasureRequest(id=request, who="essai", why=why, **ended))
        session.flush()
        for purpose, found in (mark(key, each) for each in values):
            session.add(ErasedMark(request_id=request, purpose=purpose, digest=found))
    _, deposit, rest = applied_in_part(written, NAME, erased, emptied)
    yield deposit, rest
    with write(owner) as session:
        session.execute(delete(ErasedMark).where(ErasedMark.request_id == request))
        session.execute(delete(ErasureRequest).where(ErasureRequest.id == request))
    owner.dispose()


@pytest.mark.parametrize("role", Role)
def test_what_was_erased_is_told_to_a_curateur_alone(
    written: Attacked, lists: tuple[UUID, UUID], role: Role
) -> None:
    knows = role in (Role.CURATEUR, Role.REFERENT_DEPARTEMENT)
    erased, emptied = beyond_all(written)
    names = (readable(written, role) | {f"{MARKER}isource".lower()}) if knows else set()
    if role is Role.CURATEUR:
        names |= {emptied.word(0).lower()}
    with read(written.runtime.staff) as session:
        source = session.get_one(SourceFile, lists[0]).source_id
    asked = [f"/gestion/imports/{each}{way}" for each in lists for way in WAYS]
    asked += [path for each in lists for path in pages(source, each, OUTCOMES)]
    seen = set()
    with desk_of(written, role) as (client, _):
        for path in asked:
            answer = client.get(path, timeout=60)
            # Of a list that is applied a curateur alone is told that its file is kept no more.
            may = (200, 303, 404, 410 if role is Role.CURATEUR else 403)
            assert answer.status_code in (may if knows else (403, 404)), path
            found = written.sentinels.in_text(answer.content, asked=path)
            assert found <= names, (path, found - names)
            assert erased.word(0).lower() not in found
            seen |= {each for each in (ERASED, EMPTIED) if each in answer.text}
    assert seen == ({ERASED, EMPTIED} if role is Role.CURATEUR else set())
