"""What became of an actor: its revisions as people read them, and what it was at one of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Mesure23Error
from app.models import Batch, Revision, Role, SourceFile
from app.records.causes import Cause, active
from app.records.record import ActorRecord, Origin, Provenance
from app.records.sealed import RENAMED, read_causes
from app.records.wording import BESIDE, FIELDS, said
from app.vault.sealing import Vault
from app.visibility import Viewer

ACTIONS = {
    "create": "Créé",
    "update": "Corrigé",
    "protect": "Protégé",
    "unprotect": "Protection levée",
    "take_back": "Protection annulée",
    "classify": "Classé",
    "show_contact": "Contact rendu public",
    "archive": "Archivé",
    "reopen": "Rouvert",
    "publish": "Publié",
    "verify": "Vérifié",
    "confirm_point": "Point dit juste",
    "settle": "Désaccord entre listes tranché",
    "confirm": "Gardé caché",
    "set_aside": "Doute écarté",
    "restore": "Version antérieure rétablie",
    "join": "Réuni à un autre",
    "unjoin": "Séparé d’un autre",
    "part": "Distingué d’un autre",
    "unpart": "De nouveau peut-être un double",
    "geocode": "Placé sur la carte",
    "purge": "Effacé des fichiers de la base",
    "erase": "Effacé à la demande d’une personne",
    "undo": "Import d’une liste annulé",
}
# Of what ended a time when something was hidden: its own words would say that it was.
_FIRST = "Première version à lire ici"
# Two actors made one, or two again: what hides one of them says no more of it than its protection.
_OF_TWO = {"joined": "Réuni à un autre", "apart": "Séparé d’un autre"}
# Of another actor nothing is said: who reads a history may not know of it.
CAUSES = {
    "category": "sa catégorie",
    "word": "un mot qui parle d’hébergement",
    "mention": "un bureau, ou un hébergement ?",
    "secret": "une demande de ne pas publier",
    "person": "un nom qui semble celui d’une personne",
    "unclassified": "à classer",
    "decision": "décision d’une personne",
    "operator": "masqué par son opérateur",
    "beside": "à regarder par un curateur",
    "duplicate": "à regarder par un curateur",
}
# What a record has only as the outcome of a decision: it is decided anew, never restored.
DECIDED = frozenset({"consent_on", "shown", "unpublished"})


class RevisionUnknown(Mesure23Error):
    """Cet acteur n’a pas de version de ce numéro."""

    status = 404
    title = "Version introuvable"
    advice = "Choisissez une version de son historique."


# What was public is erased from the files after it was hidden, and who was hidden from the first is
# placed on the map once it no longer is: to who must not know of it, those days say so.
_TELLING = ("purge", "geocoding")


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that differs between two versions, each value in words."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Step:
    """A revision. who: an account's id, or "os:NAME". source: the list that it was a line of.

    is_read: whether its reader may read what the actor was after it; else source, why and
    differences are nothing. at: None where its day would tell when something was hidden.
    """

    number: int
    at: datetime | None
    who: str
    label: str
    why: str = ""
    differences: tuple[Difference, ...] = ()
    source: UUID | None = None
    is_read: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """What an actor was at a revision: its fields and where each came from, as JSON has them."""

    number: int
    fields: dict[str, Any]
    provenance: dict[str, Any]


def steps(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    actor_id: UUID,
    *,
    masked: bool,
    limit: int | None = None,
) -> list[Step]:
    """Return the revisions that a viewer may know of, the latest first; masked: without what they
    say.
    """
    first = read_from(session, vault, viewer, actor_id)
    statement = (
        select(Revision, SourceFile.source_id)
        .join(Batch, Batch.id == Revision.batch_id)
        .outerjoin(SourceFile, SourceFile.id == Batch.source_file_id)
        .where(Revision.actor_id == actor_id, Revision.number >= first)
        .order_by(Revision.number.desc())
    )
    if viewer.role is Role.REFERENT_ETAT:
        statement = statement.where(Batch.cause.not_in(_TELLING))
    found = []
    for revision, source in session.execute(statement.limit(limit)):
        if revision.number == first:
            step = Step(first, None, "", _FIRST, is_read=not masked)
        else:
            step = _step(vault, revision, is_whole=not masked)
            step = replace(step, is_read=not masked, source=None if masked else source)
        found.append(step)
    return found


def _step(vault: Vault, revision: Revision, *, is_whole: bool) -> Step:
    reason = vault.open_json("revision", revision.id, "why", revision.why)
    step = Step(revision.number, revision.at, revision.who, _label(revision.action, reason))
    if not is_whole:
        return step
    changes = tuple(_differences(change_of(vault, revision.id, revision.change)))
    return replace(step, why=str(reason.get("staff", "")), differences=changes)


def _label(action: str, reason: dict[str, Any]) -> str:
    label = ACTIONS.get(action, action)
    of_two = next((words for key, words in _OF_TWO.items() if key in reason), "")
    if of_two and action in ("protect", "archive"):
        return f"{of_two}, et {label.lower()}"
    return of_two if of_two and action == "update" else label


def change_of(vault: Vault, revision_id: UUID, change: bytes) -> dict[str, list[Any]]:
    """Return {field: [before, after, origin of the value before]}, by the names of today."""
    stored = vault.open_json("revision", revision_id, "change", change)
    return {RENAMED.get(name, name): [*each, None][:3] for name, each in stored.items()}


def _differences(change: dict[str, list[Any]]) -> Iterable[Difference]:
    for field, label in (FIELDS | BESIDE).items():
        if field in change:
            before, after, _ = change[field]
            words = _words(field, before), _words(field, after)
            # Days and lists may differ, of which nothing is said.
            if field != "causes" or words[0] != words[1]:
                yield Difference(field, label, *words)


def _words(field: str, value: Any) -> str:
    if field == "causes":
        found = (
            CAUSES[each.why] + (" (ce n’est plus dit)" if each.ended_on else "")
            for each in active(read_causes(value or ()))
        )
        return ", ".join(dict.fromkeys(found))
    if field == "point":
        return ", ".join(f"{each:.5f}" for each in value[:2]) if value else ""
    return said(field, _of_today(field, value))


def _of_today(field: str, value: Any) -> Any:
    """Read a value as its field has it now: former records had one mailbox."""
    return [value] if field == "emails" and isinstance(value, str) else value


def check_shown(session: Session, viewer: Viewer, actor_id: UUID, number: int) -> None:
    """Raise RevisionUnknown for a revision that steps() does not show to a viewer."""
    if viewer.role is not Role.REFERENT_ETAT:
        return
    of_number = Revision.actor_id == actor_id, Revision.number == number
    cause = select(Batch.cause).join(Revision, Revision.batch_id == Batch.id).where(*of_number)
    if session.scalar(cause) in _TELLING:
        raise RevisionUnknown


def version_at(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    actor_id: UUID,
    record: ActorRecord,
    provenance: Provenance,
    number: int,
) -> Version:
    """Return what an actor was after its revision of that number, to who may read that.

    Raises RevisionUnknown.

    record, provenance: what it is now.
    """
    fields = record.model_dump(mode="json")
    origins: dict[str, Any] = {
        name: each.model_dump(mode="json", exclude_none=True) for name, each in provenance.items()
    }
    statement = select(Revision).where(Revision.actor_id == actor_id, Revision.number >= number)
    found = session.scalars(statement.order_by(Revision.number.desc())).all()
    if not found or found[-1].number != number:
        raise RevisionUnknown
    if number < read_from(session, vault, viewer, actor_id):
        raise RevisionUnknown
    for revision in found[:-1]:
        for field, (before, _, origin) in change_of(vault, revision.id, revision.change).items():
            if field not in fields:
                continue
            fields[field] = _of_today(field, before)
            origins.pop(field, None)
            if origin is not None:
                origins[field] = origin
    return Version(number, fields, origins)


def causes_before(session: Session, vault: Vault, actor_id: UUID, number: int) -> tuple[Cause, ...]:
    """Return why an actor was hidden before a revision; nothing where that did not change."""
    statement = select(Revision).where(Revision.actor_id == actor_id, Revision.number == number)
    revision = session.scalars(statement).one()
    before, *_ = change_of(vault, revision.id, revision.change).get("causes", [()])
    return read_causes(before)


def causes_after(
    session: Session, vault: Vault, actor_id: UUID, now: tuple[Cause, ...], number: int
) -> tuple[Cause, ...]:
    """Return why an actor was hidden after its revision of that number; now: why it is."""
    later = select(Revision).where(Revision.actor_id == actor_id, Revision.number > number)
    for revision in session.scalars(later.order_by(Revision.number)):
        if "causes" in (change := change_of(vault, revision.id, revision.change)):
            return read_causes(change["causes"][0])
    return now


def read_from(session: Session, vault: Vault, viewer: Viewer, actor_id: UUID) -> int:
    """Return the first version that a viewer may read of an actor whose record they may read, 0 for
    all: a référent of the State reads nothing of when something of it was hidden.
    """
    if viewer.role is not Role.REFERENT_ETAT:
        return 0
    statement = select(Revision).where(Revision.actor_id == actor_id)
    for revision in session.scalars(statement.order_by(Revision.number.desc())):
        before, *_ = change_of(vault, revision.id, revision.change).get("level", [None])
        if before is not None:
            return revision.number
    return 0


def differences(before: Version, after: Version) -> list[Difference]:
    """Return what differs between two versions, in the order of the sheet."""
    return [
        Difference(field, label, said(field, one), said(field, other))
        for field, label in FIELDS.items()
        if (one := before.fields[field]) != (other := after.fields[field])
    ]


def restored(
    version: Version, record: ActorRecord, provenance: Provenance
) -> dict[str, tuple[Any, Origin | None]]:
    """Return the fields to write so that an actor is again what it was: value and its origin.

    record, provenance: what it is now. What a person decided of its protection stays as it is: a
    version of before publishes nothing, nor does it publish who is a draft or a secret now.
    """
    now = record.model_dump(mode="json")
    left = DECIDED | {"version"}
    if {"draft", "secret"} & {record.status, version.fields["status"]}:
        left |= {"status"}
    found = {}
    for field in version.fields.keys() - left:
        said_by = version.provenance.get(field)
        origin = Origin.model_validate(said_by) if said_by else None
        if version.fields[field] != now[field] or origin != provenance.get(field):
            found[field] = (version.fields[field], origin)
    return found
