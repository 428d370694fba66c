"""Requests to erase: what is asked, noted in the database and in the register, and done."""

from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import Engine, insert, select, union, update
from sqlalchemy.dialects.postgresql import insert as insert_once
from sqlalchemy.orm import Session

from app.errors import ActorUnknown, OperatorError
from app.gazetteer.load import read_gazetteer
from app.lists import cached_reading
from app.models import (
    Actor,
    ActorFingerprint,
    ActorProtected,
    ErasedMark,
    ErasureRequest,
    FormerTie,
    SourceFile,
    SourceRecord,
    SourceRow,
)
from app.operations.erasure import check_owner
from app.operations.erasure_register import (
    Noted,
    append,
    entries,
    opened,
    register_path,
    register_paths,
)
from app.operations.sweep import Sweep
from app.operations.swept import Swept
from app.platform.database.engines import make_engine
from app.platform.database.sessions import IMPORT_LOCK, among, hold, read, write
from app.records.erased import (
    ALONE,
    BESIDE_A_NAME,
    PLACES,
    PROPER,
    Erased,
    Value,
    line_value,
    mail_value,
    mails,
    mark,
    phones,
    read_erased,
    words,
)
from app.records.joined import joined_to
from app.records.marks import kind_of, matching_marks
from app.records.sealed import open_causes, open_record
from app.settings import Settings
from app.vault.digests import digest, find_key, index_key
from app.vault.sealing import Vault
from geo.text import fold
from importers import vocabulary

Marks = dict[str, set[bytes]]
Progress = Callable[[int, int], None]
# Words that stand in more records than this are nobody's own.
MOST_RECORDS = 50
_MOST_WORDS = 12
# Two of these together name nothing.
_SMALL_WORDS = frozenset({
    "de", "du", "des", "la", "le", "les", "et", "en", "au", "aux", "un", "une", "ne", "pas", "par",
    "pour", "sur", "dans", "avec", "chez",
})  # fmt: skip


class ValueTooGeneral(OperatorError):
    """Cette valeur est trop générale pour être effacée partout. Donnez un numéro de téléphone
    entier, une adresse électronique, ou au moins deux mots qui ne désignent qu'une personne ou un
    lieu (prénom et nom, rue et numéro), une valeur à la fois.
    """


def read_value(session: Session, given: str) -> Value:
    """Return what to look for; raise ValueTooGeneral."""
    text = given.strip()
    letters = any(char.isalpha() for char in text)
    numbers = {number for _, _, number in phones(text)}
    if not letters and len(numbers) == 1 and sum(char.isdigit() for char in text) <= 15:
        return "phone", numbers.pop()
    found = list(mails(text))
    if {start for start, _, _ in found} == {0} and found[-1][1] == len(text):
        return "mail", mail_value(text)
    spelled = fold(text).split()
    telling = [
        word for word in spelled if word.isalpha() and len(word) > 1 and word not in _SMALL_WORDS
    ]
    if numbers or found or "@" in text or len(telling) < 2 or len(spelled) > _MOST_WORDS:
        raise ValueTooGeneral
    if " ".join(word for word in spelled if word.isalpha()) in _common(session):
        raise ValueTooGeneral
    (value,) = [value for _, _, value in words(text, len(spelled))] or [""]
    return f"words {len(spelled)}", value


def _common(session: Session) -> set[str]:
    """Return what is in every list: places, categories, functions."""
    gazetteer, known = read_gazetteer(session.connection()), vocabulary.load()
    names = {each.name for each in gazetteer.communes}
    names |= {each.name for each in gazetteer.territories}
    for term in (*known.categories.values(), *known.functions.values()):
        names |= {term.label, *term.words}
    return {fold(name) for name in names}


def marks_of_value(session: Session, vault: Vault, given: str) -> Marks:
    """Return the digest of a value; raise ValueTooGeneral."""
    value = read_value(session, given)
    purpose, found = mark(index_key_of(session, vault), value)
    return {purpose: {found}}


def marks_of_actor(session: Session, vault: Vault, public_id: str) -> Marks:
    """Return the digests by which an actor, and those joined to it, are known again.

    Raises ActorUnknown.
    """
    actor = session.scalar(select(Actor.id).where(Actor.public_id == public_id))
    if actor is None:
        raise ActorUnknown
    actors = _with_joined(session, vault, actor)
    key = index_key_of(session, vault)
    found: Marks = defaultdict(set)
    found["id"] = {mark(key, ("id", str(each)))[1] for each in actors}
    lines = select(SourceRecord.source_id, SourceRecord.identity).where(
        among(SourceRecord.actor_id, actors)
    )
    # An undone list would bring back the lines that it changed.
    former = (
        select(SourceFile.source_id, FormerTie.identity)
        .join(SourceFile, SourceFile.id == FormerTie.file_id)
        .where(among(FormerTie.actor_id, actors) | among(FormerTie.next_actor_id, actors))
    )
    for source, identity in session.execute(union(lines, former)):
        found["line"].add(mark(key, ("line", line_value(source, identity)))[1])
    for each in actors:
        stored = select(ActorFingerprint.kind, ActorFingerprint.digest).where(
            ActorFingerprint.actor_id == each
        )
        bears = [(kind_of(purpose), value) for purpose, value in session.execute(stored)]
        _add(found, bears or _of_unmarked(session, vault, each, found))
    return found


def _of_unmarked(
    session: Session, vault: Vault, actor: UUID, found: Marks
) -> list[tuple[str, bytes]]:
    """Return what an actor bears whose marks are taken, and add what its lists call it."""
    key = index_key_of(session, vault)
    lines = session.execute(
        select(SourceFile.source_id, SourceRow.id, SourceRow.content)
        .join(SourceFile, SourceFile.id == SourceRow.source_file_id)
        .where(SourceRow.actor_id == actor)
    ).all()
    for source, row, content in lines:
        said = vault.open_json("source_row", row, "content", content)["read"] or {}
        if number := said.get("external_id"):
            identity = digest(key, "identity", f"id:{number}")
            found["line"].add(mark(key, ("line", line_value(source, identity)))[1])
    sealed = session.execute(
        select(ActorProtected.record, ActorProtected.causes).where(ActorProtected.actor_id == actor)
    ).one()
    record = open_record(vault, actor, sealed.record)
    # The lines of one that was joined to another are that other's, which may stay.
    causes = open_causes(vault, actor, sealed.causes)
    if not lines and joined_to(session, vault, {actor: causes}):
        return []
    bears = matching_marks(record, key, {*ALONE, *BESIDE_A_NAME, PROPER})
    return [(purpose, value) for purpose, values in bears.items() for value in values]


def _add(found: Marks, bears: Collection[tuple[str, bytes]]) -> None:
    has_place = any(purpose in PLACES for purpose, _ in bears)
    for purpose, value in bears:
        if purpose in (*BESIDE_A_NAME, PROPER):
            found[f"its {purpose}"].add(value)
        elif purpose in ALONE:
            found["namesake" if purpose == "named" and has_place else purpose].add(value)


def index_key_of(session: Session, vault: Vault) -> bytes:
    """Return the key of the digests, which a database with actors has; only reads."""
    return find_key(session, vault) or b""


def _with_joined(session: Session, vault: Vault, actor: UUID) -> set[UUID]:
    """Return an actor and the archived ones that a person said to be the same."""
    statement = (
        select(ActorProtected.actor_id, ActorProtected.causes)
        .join(Actor, Actor.id == ActorProtected.actor_id)
        .where(Actor.status == "archived")
    )
    archived = {
        other: open_causes(vault, other, sealed) for other, sealed in session.execute(statement)
    }
    led: dict[UUID, set[UUID]] = defaultdict(set)
    for second, first in joined_to(session, vault, archived).items():
        led[first].add(second)
    found, left = {actor}, [actor]
    while left:
        more = led[left.pop()] - found
        found |= more
        left += more
    return found


def look(staff: Engine, vault: Vault, marks: Marks, progress: Progress) -> Swept:
    """Return where what would be erased stands; nothing is written."""
    with read(staff) as session:
        key = index_key_of(session, vault)
    swept = Sweep(staff, vault, Erased(key, marks), progress=progress).run()
    by_words = any(purpose.startswith("words") for purpose in marks)
    if by_words and swept.counts["actor_protected"] > MOST_RECORDS:
        raise ValueTooGeneral
    return swept


def note(owner: Engine, vault: Vault, settings: Settings, marks: Marks, who: str, why: str) -> None:
    """Note what is to be erased: from then on no list brings it back. Raises OwnerMissing."""
    listed = tuple((purpose, each.hex()) for purpose, digests in marks.items() for each in digests)
    noted = Noted(uuid4(), datetime.now(UTC).isoformat(), who, why, listed)
    with write(owner) as session:
        check_owner(session.connection())
        # An import that has begun is written first, and looked at.
        hold(session, IMPORT_LOCK)
        append(register_path(settings), vault, noted)
        _insert(session, vault, noted)


def _insert(session: Session, vault: Vault, noted: Noted) -> None:
    row = {
        "id": noted.id,
        "at": datetime.fromisoformat(noted.at),
        "who": noted.who,
        "why": vault.seal(
            "erasure_request", noted.id, "why", noted.why.encode("utf-8", "surrogatepass")
        ),
    }
    session.execute(insert_once(ErasureRequest).on_conflict_do_nothing(), [row])
    marks = [
        {"request_id": noted.id, "purpose": purpose, "digest": bytes.fromhex(digest)}
        for purpose, digest in noted.marks
    ]
    session.execute(insert(ErasedMark), marks)


def finish(
    owner_url: str, vault: Vault, settings: Settings, who: str, progress: Progress
) -> Swept | None:
    """Erase all that was noted and is not erased yet; None where there is nothing to do.

    As the owner: staff delete nothing. Raises OwnerMissing.
    """
    owner = make_engine(owner_url)
    try:
        with write(owner) as session:
            hold(session, IMPORT_LOCK)
            # They are much to look through, and end in any case.
            cached_reading.forget(session)
            known = set(session.scalars(select(ErasureRequest.id)))
            noted = dict(entries(*register_paths(settings)))
            if noted.keys() - known:
                check_owner(session.connection())
            for request_id in noted.keys() - known:
                sealed = noted[request_id]
                _insert(session, vault, opened(vault, request_id, sealed))
            key = index_key(session, vault)
        with read(owner) as session:
            statement = (
                select(ErasedMark).join(ErasureRequest).where(ErasureRequest.done_at.is_(None))
            )
            marks: Marks = defaultdict(set)
            waiting = set()
            for each in session.scalars(statement):
                waiting.add(each.request_id)
                marks[each.purpose].add(each.digest)
            if not waiting:
                return None
            check_owner(session.connection())
        swept = Sweep(owner, vault, Erased(key, marks), who, writes=True, progress=progress).run()
        with write(owner) as session:
            # Its lines name actors that are looked for nowhere but in records.
            cached_reading.forget(session)
            done = {"done_at": datetime.now(UTC), "counts": dict(swept.counts)}
            session.execute(
                update(ErasureRequest)
                .where(among(ErasureRequest.id, waiting), ErasureRequest.done_at.is_(None))
                .values(done)
            )
        return swept
    finally:
        owner.dispose()


def already(session: Session, marks: Marks) -> bool:
    """Return whether a value or an actor was erased before."""
    known = read_erased(session, b"").marks
    return all(found <= set(known.get(purpose, ())) for purpose, found in marks.items())
