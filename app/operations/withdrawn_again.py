"""What a restored backup made public again is hidden again, as the register of withdrawals says.

It may hide more than was hidden: whoever was protected and published since stays hidden until a
person publishes them. It never publishes anything.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import requests
from app.audit.actions import Action
from app.audit.journal import Author, add
from app.cataloguing.withdrawing import withdraw
from app.errors import OperatorError, why_refused
from app.gazetteer.load import cached_gazetteer
from app.models import (
    Resource,
    ResourceRecord,
    Reveal,
    StaffSession,
)
from app.models.resource import Audience
from app.operations import revoked_again
from app.operations.erasure_register import RegisterNotWritten, register_path
from app.operations.lost_erasures import lost
from app.operations.unfinished_erasures import unfinished
from app.platform.database.origin import is_restored, settle_here
from app.platform.database.sessions import IMPORT_LOCK, among, hold
from app.records.acts import RANK_OF_STAFF, hide, withhold
from app.records.causes import is_neutral
from app.records.edits import Edit
from app.records.history import History
from app.records.record import Origin
from app.records.unpublishing import take_down_restored
from app.records.withheld import CONTACTS
from app.records.writing import Writer
from app.settings import Settings
from app.vault.digests import find_key, index_key, mark_anew, mark_of_database
from app.vault.lines import is_begun, mark_ended
from app.vault.sealing import Vault
from app.vault.withdrawals import (
    Entry,
    Register,
    WithdrawalsNotWritten,
    add_again,
    compare,
    remember,
    withdrawals_path,
    withdrawals_paths,
)
from app.visibility import OPERATOR
from geo.zones import paris_day

WHY = "caché de nouveau après la restauration d’une sauvegarde"
SHOWN = "published"
LEVELS = ("held", "neutral", "unlisted")
# The audience of a resource that visitors read no more.
NARROWED: Audience = "professionnel"
# Of each id that was noted, how it was taken back, and how often.
Subjects = Mapping[str, Counter[str]]
# What leaves nothing of an actor to the public; an archived one is no secret.
_GONE = {"archived": "archived", "secret": "secret", "draft": "secret", "unlisted": "secret"}


class ErasuresUnfinished(OperatorError):
    """Cette base n’est pas montrée : des effacements demandés n’y sont pas faits ({count}).
    Exécutez « mesure23 purge », puis refaites « mesure23 backup accept ».
    """


@dataclass(frozen=True, slots=True)
class Replay:
    """What was hidden again; unknown: of what is not in this database. why_not: a French clause,
    why nobody can be sure that nothing is public again, and to_do, another, what comes first; ""
    where all is well.
    """

    again: int = 0
    unknown: int = 0
    was_restored: bool = False
    why_not: str = ""
    to_do: str = ""


def replay(session: Session, vault: Vault, settings: Settings, who: str) -> Replay:
    """Hide again what the register says and this database does not know; the caller commits.

    A restored one is shown once what was erased is erased in it as well: that is for its owner.
    Raises WithdrawalsNotRead, RegisterNotRead, KeyMissing or NotOpened.
    """
    paths = withdrawals_paths(settings)
    restored = is_restored(session.connection())
    register = compare(session, vault, *paths)
    if not (restored or register.unknown or register.unwritten):
        return Replay()
    again = unknown = 0
    if register.unknown:
        hold(session, IMPORT_LOCK)
        again, unknown = _hide_again(session, vault, register.unknown, who)
        remember(session, register.unknown)
    if not restored:
        # Not a copy: its own rows are the whole of it, whatever became of the file.
        add_again(session, register.unwritten)
        return Replay(again, unknown)
    lacks = _not_whole(register, paths[-1]) or _not_erased(session, vault, settings)
    why_not, to_do = lacks or ("", "")
    ended = 0
    if not why_not:
        ended = end_all_sessions(session)
        settle_here(session.connection())
    if find_key(session, vault) is not None:
        detail = {"again": again, "unknown": unknown, "complete": not why_not}
        detail["contacts"] = ended
        add(session, vault, Author(who), Action.REPLAYED, "", detail)
    return Replay(again, unknown, True, why_not, to_do)


def lacking(session: Session, vault: Vault, settings: Settings) -> tuple[str, str] | None:
    """Return why a replay would not let a restored database be shown, and what comes first, as it
    does; None where all is well. Raises the same, and writes nothing.
    """
    paths = withdrawals_paths(settings)
    register = compare(session, vault, *paths)
    return _not_whole(register, paths[-1]) or _not_erased(session, vault, settings)


def _not_whole(register: Register, path: Path) -> tuple[str, str] | None:
    """Return why a register does not tell all that was hidden, and what to do; else None."""
    if not register.is_begun:
        return _lost("le registre des retraits n'est pas là, ou ne commence qu'après elle", path)
    if register.unopened:
        return _lost("aucune clé connue n'ouvre une partie du registre des retraits", path)
    if register.lost:
        return _lost("le registre des retraits est plus ancien qu'elle", path)
    return None


def _not_erased(session: Session, vault: Vault, settings: Settings) -> tuple[str, str] | None:
    """Return the same of what was erased."""
    path = register_path(settings)
    if not is_begun(path, mark_of_database(session, vault)):
        return _lost("le registre des effacements n'est pas là, ou ne commence qu'après elle", path)
    if lost(session, settings):
        return _lost("le registre des effacements est plus ancien qu'elle", path)
    if unfinished(session, settings):
        return "des effacements demandés n'y sont pas faits", "avant « mesure23 purge »"
    return None


def _lost(why: str, path: Path) -> tuple[str, str]:
    return why, f"tant que {path} n'est pas là entier ; s'il est perdu : « mesure23 backup accept »"


def accept(session: Session, vault: Vault, settings: Settings, who: str, why: str) -> None:
    """Note that a person answers for what a restored database shows, without its register.

    Raises ErasuresUnfinished: of what is known to be erased nobody answers; or what
    _end_registers does.
    """
    if count := unfinished(session, settings):
        raise ErasuresUnfinished(count=str(count))
    if is_restored(session.connection()):
        _end_registers(session, vault, settings)
    detail = {"why": why, "contacts": end_all_sessions(session)}
    settle_here(session.connection())
    add(session, vault, Author(who), Action.RESTORATION_ACCEPTED, "", detail)


def _end_registers(session: Session, vault: Vault, settings: Settings) -> None:
    """Have registers that are begun anew be believed of backups from now on alone: what was lost
    of them may be shown by one that is newer than what somebody answers for.

    Raises WithdrawalsNotWritten or RegisterNotWritten.
    """
    former = mark_of_database(session, vault)
    registers: tuple[tuple[Path, type[OperatorError]], ...] = (
        (withdrawals_path(settings), WithdrawalsNotWritten),
        (register_path(settings), RegisterNotWritten),
    )
    for path, refused in registers:
        try:
            mark_ended(path, former)
        except OSError as error:
            raise refused(path=str(path), why=why_refused(error)) from None
    mark_anew(session, vault)


def end_all_sessions(session: Session) -> int:
    """Let nobody in by a session or a link that was ended since the backup; all sign in anew, and
    ask anew for what they were given: return of how many contacts that is. Nothing that waited is
    sent.
    """
    revoked_again.end_messages(session)
    now = datetime.now(UTC)
    revoked_again.end_links(session, now)
    over = update(StaffSession).where(StaffSession.ended_at.is_(None))
    session.execute(over.values(ended_at=now))
    asked = update(Reveal).where(Reveal.ended_at.is_(None)).values(ended_at=now)
    return len(session.scalars(asked.returning(Reveal.id)).all())


def _hide_again(
    session: Session, vault: Vault, entries: Iterable[Entry], who: str
) -> tuple[int, int]:
    by_what: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for each in entries:
        by_what[each.what][each.subject][each.how] += 1
    actors = {UUID(subject): how for subject, how in by_what.pop("actor", {}).items()}
    again, unknown = _actors(session, vault, actors, who)
    # Of one that was neutral already nothing else says that it was protected again.
    revoked_again.choices(session, vault, [str(each) for each in actors], who)
    # Actors first: texts that name them are held by that.
    others: dict[str, Callable[[Session, Vault, Subjects, str], int]] = {
        "resource": _resources,
        "collection": revoked_again.collections,
        "event": revoked_again.events,
        "registration": revoked_again.registrations,
        "letter": revoked_again.letters,
        "subscriber": revoked_again.subscribers,
        "alert": revoked_again.alerts,
        "calendar": revoked_again.calendars,
        "member": revoked_again.members,
        "excluded": revoked_again.excluded,
        "block": revoked_again.blocks,
        "uninvited": revoked_again.uninvited,
        "seat": revoked_again.seats,
        "decision": revoked_again.decisions,
        "embed": partial(revoked_again.embeds, why=WHY),
        "link": revoked_again.links,
        "code": revoked_again.codes,
        "account": revoked_again.accounts,
        requests.WITHDRAWN: revoked_again.requests,
        "choice": revoked_again.choices,
        "passkey": revoked_again.passkeys,
        "identity": revoked_again.identities,
    }
    for what, subjects in by_what.items():
        again += others[what](session, vault, subjects, who)
    return again, unknown


def _actors(
    session: Session, vault: Vault, actors: dict[UUID, Counter[str]], who: str
) -> tuple[int, int]:
    """Hide actors, those first that hide others beside them; return how many, and how many are
    not there.
    """
    if not actors:
        return 0, 0
    key, gazetteer = index_key(session, vault), cached_gazetteer(session.connection())
    writer = Writer(session, vault, key, gazetteer)
    stored = writer.stored(actors)
    unknown = len(actors.keys() - stored.keys())
    again = 0
    for change in (_hide_all, _hide_held, _hide_contacts):
        edits = {
            actor: edit
            for actor, edit in writer.stored(stored).items()
            if change(edit, actors[actor])
        }
        for edit in edits.values():
            edit.act, edit.why = "protect", {"staff": WHY}
        again += len(edits)
        writer.settle(edits, History(session, vault, who, "edit"))
    return again, unknown


def _hide_all(edit: Edit, how: Counter[str]) -> bool:
    """Hide an actor that was hidden whole, or no more published; return whether there is a need.

    One that nobody reads now as well: whoever opens it again would publish its address.
    """
    today, known = paris_day(), edit.provenance.get("status")
    statuses = {_GONE[each] for each in how if each in _GONE}
    done = False
    status = "secret" if "secret" in statuses else "archived"
    is_by_staff = edit.record.status == status and known is not None and known.source == "staff"
    if statuses and edit.record.status in (SHOWN, "archived") and not is_by_staff:
        edit.change("status", status, Origin(source="staff", day=today, rank=RANK_OF_STAFF))
        done = True
    if how.keys() & {"neutral", "unlisted"} and edit.level in (None, "held"):
        hide(edit, today)
        done = True
    return done


def _hide_held(edit: Edit, how: Counter[str]) -> bool:
    """Hide one whose address was held back, unless what it stands beside does that by now."""
    if "held" not in how or edit.level is not None:
        return False
    hide(edit, paris_day())
    return True


def _hide_contacts(edit: Edit, how: Counter[str]) -> bool:
    """Show no phone and no mailbox of one of whom some were taken back: which ones is not noted.

    What hid more of an actor wrote one "protect" each time: those beyond are of its contacts too,
    as a former release noted them, and as one showed of a home is taken back.
    """
    record, shown = edit.record, set(edit.record.shown)
    if not is_neutral(edit.level):
        shown |= {*record.phones, *record.emails} - set(record.unpublished)
    beyond = how["protect"] > sum(how[each] for each in LEVELS)
    of_contacts = how[CONTACTS] or beyond
    if not (of_contacts and shown):
        return False
    withhold(edit, shown, paris_day())
    return True


def _resources(session: Session, vault: Vault, subjects: Subjects, who: str) -> int:
    """Withdraw resources; have those wait that say otherwise since; leave to professionals what
    was narrowed to them and no more.
    """
    shown = select(Resource.id).where(among(Resource.id, map(UUID, subjects)))
    again, author = 0, Author(who)
    for each in session.scalars(shown).all():
        how = subjects[str(each)].keys()
        corrected = {edition for edition in how if edition.isdecimal()}
        if how - corrected - {NARROWED}:
            given = (session, vault, OPERATOR, author, each, datetime.now(UTC), WHY)
            withdraw(*given, titled=not corrected)
            again += 1
        elif corrected:
            take_down_restored(session, vault, each)
            add(session, vault, author, Action.RESOURCE_HELD, str(each), {"why": WHY})
            again += 1
        else:
            again += _narrow(session, each)
    return again


def _narrow(session: Session, resource: UUID) -> bool:
    """Leave a resource to professionals; return whether visitors read it until now."""
    row = session.get_one(Resource, resource)
    record = session.get_one(ResourceRecord, resource, with_for_update=True)
    was_public = row.audience != NARROWED
    row.audience = record.audience = NARROWED
    session.flush()
    return was_public
