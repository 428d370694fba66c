"""Plans and writes edits: the sealed record first, the public one as its projection."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from app.models import (
    Actor,
    ActorFingerprint,
    ActorProtected,
    OperatorCode,
    Source,
    new_public_id,
)
from app.models import Provenance as StoredProvenance
from app.platform.database.copying import copy_in, update_in
from app.platform.database.sessions import among, among_ids
from app.records.causes import OF_RECORD, Cause, current, of_record, raised
from app.records.edits import Edit
from app.records.heard import hear, marks_of_place, own_marks
from app.records.history import Entry, History
from app.records.joined import with_survivors
from app.records.marks import Mark, around, quoted, stored_mark
from app.records.naming import NAMED, shown_by
from app.records.neighbours import Neighbours
from app.records.placing import place
from app.records.projection import project
from app.records.record import ActorRecord, Origin, is_hidden
from app.records.said import remember_refused
from app.records.sealed import seal_causes, seal_provenance, seal_record
from app.records.stored import read_edits, read_records
from app.records.twice import Twice
from app.records.unpublishing import hold_shown_no_more, hold_those_that_name, may_show_less
from app.records.withheld import note_withheld
from app.search.terms import FIELDS, due_on
from app.vault.sealing import Vault
from app.visibility import OPERATOR, Viewer
from geo.gazetteer import Gazetteer
from geo.text import forget
from geo.zones import paris_day

# Actors that are written by one statement.
AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Changes:
    """Edits of which nothing is written yet. neighbours: stored actors that change beside them.

    quoted: of those that are no accommodations, what they quote of others. met: on whom of the
    edited others may depend: homes, and who bears what one does; left_at: and who left this.
    """

    edits: Mapping[UUID, Edit]
    neighbours: Mapping[UUID, Edit]
    quoted: Mapping[UUID, Set[Mark]]
    met: Set[UUID]
    left_at: Set[Mark]

    def also_hidden(self, viewer: Viewer = OPERATOR) -> int:
        """Return how many stored actors of others lose something to the public, as far as a viewer
        may know of them.
        """
        return sum(
            raised(each.former_level, each.level)
            for each in self.neighbours.values()
            if viewer.learns_what_is_hidden_in(each.record.territory)
        )


class Writer:
    """Plans and writes within the caller's transaction; twice: for whoever plans the same again."""

    def __init__(
        self,
        session: Session,
        vault: Vault,
        key: bytes,
        gazetteer: Gazetteer,
        *,
        twice: bool = False,
    ) -> None:
        self._session, self._vault, self.key = session, vault, key
        self.gazetteer = gazetteer
        self._twice = Twice() if twice else None
        self._territories = {each.code: each for each in gazetteer.territories}

    def settle(self, edits: Mapping[UUID, Edit], history: History) -> int:
        """Save edits once it is known whose neighbour they are; return whom that hid as well."""
        changes = self.plan(edits)
        self.write(changes, history)
        return changes.also_hidden()

    def plan(self, edits: Mapping[UUID, Edit]) -> Changes:
        """Return what edits change, beside them as well; only reads."""
        today = paris_day()
        for edit in edits.values():
            by_itself(edit, today)
        hear(self._session, self._vault, edits.values())
        quote = self._twice.quoted if self._twice else quoted
        neighbours = Neighbours(self._session, self.key, self._heard, edits, quote)
        found = neighbours.find()
        for actor_id, edit in edits.items():
            own = [each for each in edit.causes if each.why != "beside"]
            edit.protect([*current(own), *found.causes(actor_id, today)], today)
        touched = {actor: found.opened[actor] for actor in found.pairs if actor in found.opened}
        touched |= self.stored(neighbours.former() - touched.keys())
        written_now = {str(actor_id): actor_id for actor_id in edits}
        for actor_id, edit in touched.items():
            neighbours.met |= {written_now[e.what] for e in edit.causes if e.what in written_now}
            others = [
                each for each in edit.causes if each.why != "beside" or each.what not in written_now
            ]
            beside = [_with_former(each, others) for each in found.causes(actor_id, today)]
            edit.protect([*current(others), *beside], today)
        changed = {actor: edit for actor, edit in touched.items() if edit.changed}
        return Changes(edits, changed, neighbours.quoted, neighbours.met, neighbours.left_at)

    def write(self, changes: Changes, history: History) -> None:
        """Save what was planned in this transaction, under the import lock."""
        self._twice = None
        try:
            self.save([*changes.edits.values(), *changes.neighbours.values()], history)
            beside = changes.neighbours.items()
            hidden = {actor: each for actor, each in beside if each.level is not None}
            renewed = self._save_marks({**changes.edits, **hidden}, changes.quoted)
            written = [*changes.edits.values(), *hidden.values()]
            # Of a home a list may say more, and its record stays as it is.
            changed = (each for each in written if each.changed or each.actor_id in renewed)
            hold_those_that_name(self._session, self._vault, self.key, changed, renewed)
        finally:
            # Its marks are made of addresses, those of homes as well: none stays in memory.
            forget()

    def stored(self, actors: Iterable[UUID]) -> dict[UUID, Edit]:
        """Return stored actors as they are, to be edited."""
        return read_edits(self._session, self._vault, self.key, actors, self._twice)

    def records(self, actors: Iterable[UUID]) -> dict[UUID, ActorRecord]:
        """Return the records of stored actors, to be read; who plans twice opens them whole."""
        if self._twice:
            return {actor: edit.record for actor, edit in self.stored(actors).items()}
        return dict(read_records(self._session, self._vault, actors))

    def _heard(self, actors: Iterable[UUID]) -> dict[UUID, Edit]:
        """Return stored actors, and of homes what all lists say of them."""
        found = self.stored(actors)
        hear(self._session, self._vault, found.values())
        return found

    def save(self, edits: Iterable[Edit], history: History) -> None:
        """Write edits, their public projection, and a revision of each one that changed."""
        changed = [edit for edit in edits if edit.changed]
        reached = {edit.actor_id for edit in changed if may_show_less(edit)}
        shown = shown_by(self._session, reached)
        # The rows of a whole list would take a gigabyte.
        for start in range(0, len(changed), AT_ONCE):
            self._save(changed[start : start + AT_ONCE], history)
        lost = shown - shown_by(self._session, reached)
        hold_shown_no_more(self._session, self._vault, self.key, lost)
        self._keep_down({edit.actor_id for edit in changed})

    def _keep_down(self, written_now: Set[UUID]) -> None:
        """Show none of those whose operators wait until it is written why they are hidden."""
        asked = select(OperatorCode.actor_id).where(OperatorCode.asked_at.is_not(None))
        for actor in self._session.scalars(asked).all():
            known = with_survivors(self._session, self._vault, self.key, actor)
            hidden = {each: edit for each, edit in known.items() if each in written_now}
            take_down(self._session, self._vault, self.key, hidden)

    def _save(self, changed: Sequence[Edit], history: History) -> None:
        new = [edit for edit in changed if edit.is_new]
        old = [edit for edit in changed if not edit.is_new]
        session = self._session
        remember_refused(session, self._vault, self.key, old)
        copy_in(session, Actor, map(self._public, new))
        copy_in(session, ActorProtected, map(self._sealed, new))
        copy_in(session, StoredProvenance, map(self._provenance, new))
        update_in(session, Actor, [self._public(edit) for edit in old])
        update_in(session, ActorProtected, [self._sealed(edit) for edit in old])
        update_in(session, StoredProvenance, [self._provenance(edit) for edit in old])
        note_withheld(session, old)
        history.note(
            Entry(edit.actor_id, edit.action, _as_json(edit.why), edit.all_changes())
            for edit in changed
        )

    def _public(self, edit: Edit) -> dict[str, Any]:
        columns = {"id": edit.actor_id, **self.projected(edit), "updated_at": datetime.now(UTC)}
        # A sheet that turns neutral, or back, gets a new address: the old one must lead nowhere.
        columns["public_id"] = edit.own_address or (
            new_public_id() if edit.turned else edit.public_id
        )
        return columns

    def projected(self, edit: Edit) -> dict[str, Any]:
        """Return what the public would read of an actor, as columns of the public record."""
        territory = self._territories[edit.record.territory]
        commune = self.gazetteer.by_insee(edit.record.commune or "")
        placed = place(edit.record, edit.geocoded, commune)
        given = (edit.provenance.get(name, edit.made_by) for name in ("name", "verified_on"))
        named, dated = (self._registers.get(each.source) if each else None for each in given)
        said = communes_said(edit.record, self.gazetteer)
        by = edit.provenance.get("communes_said")
        found = (edit.record, edit.level, edit.causes, territory, placed)
        return project(*found, named, dated, said, by.day if by else None)

    def due_on(self, edit: Edit) -> date:
        """Return when somebody has to confirm an actor again.

        Of one that nobody verified, counted from the day on which it came; a register's day of its
        entry says of no person.
        """
        record, came = edit.record, edit.provenance.get("name", edit.made_by)
        dated = edit.provenance.get("verified_on", edit.made_by)
        by_register = dated is not None and dated.source in self._registers
        first = came.day if came else paris_day()
        since = first if by_register else record.verified_on or first
        return due_on(record.category, {name: getattr(record, name) for name in FIELDS}, since)

    @cached_property
    def _registers(self) -> dict[UUID | str, str]:
        """Return the sources that are a national register, with its code."""
        statement = select(Source.id, Source.register).where(Source.register.is_not(None))
        return {source: code for source, code in self._session.execute(statement) if code}

    def _sealed(self, edit: Edit) -> dict[str, Any]:
        return {
            "actor_id": edit.actor_id,
            "level": edit.level,
            "point_doubt": edit.doubt_of_point,
            "due_on": self.due_on(edit),
            "record": seal_record(self._vault, edit.actor_id, edit.record),
            "causes": seal_causes(self._vault, edit.actor_id, edit.causes),
            "former_reason": None,
            "former_decision": None,
        }

    def _provenance(self, edit: Edit) -> dict[str, Any]:
        sealed = seal_provenance(self._vault, edit.actor_id, edit.all_provenance())
        return {"actor_id": edit.actor_id, "fields": sealed}

    def _save_marks(
        self, edits: Mapping[UUID, Edit], quotes: Mapping[UUID, Set[Mark]]
    ) -> set[UUID]:
        """Write the marks of actors; return those that have one for texts which they had not."""
        renewed: set[UUID] = set()
        given = iter(edits.values())
        while some := list(islice(given, AT_ONCE)):
            marked = {each.actor_id: self._marks(each, quotes) for each in some}
            renewed |= self._renew_marks(
                marked, [each.actor_id for each in some if not each.is_new]
            )
        return renewed

    def _renew_marks(
        self, marked: Mapping[UUID, Set[tuple[str, bytes]]], known: Sequence[UUID]
    ) -> set[UUID]:
        """Write the marks of actors, but for those that are there: most stay as they are.

        known: those that were stored before. Returns whose marks are more than they were.
        """
        columns = (ActorFingerprint.actor_id, ActorFingerprint.kind, ActorFingerprint.digest)
        stored: dict[UUID, set[tuple[str, bytes]]] = {actor: set() for actor in marked}
        its = among_ids(columns[0], known)
        for actor, kind, value in self._session.execute(select(*columns).where(its)):
            stored[actor].add((kind, value))
        # What one of them lost is taken from all, and given anew to whoever has it still.
        lost = {value for actor in known for _, value in stored[actor] - marked[actor]}
        if lost:
            statement = delete(ActorFingerprint).where(its, among(columns[2], lost))
            # No object is made of them: each one deleted would be read first.
            self._session.execute(statement.execution_options(synchronize_session=False))
        added = (
            {"actor_id": actor, "kind": kind, "digest": value}
            for actor, own in marked.items()
            for kind, value in own
            if value in lost or (kind, value) not in stored[actor]
        )
        copy_in(self._session, ActorFingerprint, added)
        return {a for a, own in marked.items() if any(k in NAMED for k, _ in own - stored[a])}

    def _marks(self, edit: Edit, quotes: Mapping[UUID, Set[Mark]]) -> set[tuple[str, bytes]]:
        own = own_marks(edit)
        found = around(own) if edit.is_home else own
        if is_hidden(edit.level, edit.record.status):
            # No text may say where it is; of who is public any may.
            found |= marks_of_place(edit, own)
        if not edit.is_home:
            its = quotes.get(edit.actor_id)
            found |= quoted(edit.record) if its is None else its
            # Homes alone are looked for by it: of others it is not stored.
            found = {mark for mark in found if mark[0] != "spelled"}
        home = edit.is_home
        return {stored_mark(mark, self.key, home=home) for mark in found}


def communes_said(record: ActorRecord, gazetteer: Gazetteer) -> Iterator[str]:
    """Yield what a person said that an actor has, as far as it covers it still."""
    for code in record.communes_said:
        place = gazetteer.by_insee(code)
        if place is not None and (
            record.covers_national
            or place.code in record.covers_communes
            or place.epci in record.covers_epcis
            or place.territory in record.covers_territories
        ):
            yield place.code


def take_down(session: Session, vault: Vault, key: bytes, actors: Mapping[UUID, Edit]) -> None:
    """Show nothing of actors to the public, before it is written why: their operators ask for it.

    Nor of what resources say of them.

    A neutral sheet tells where it is by its phone alone: without one it stays.
    """
    tells = or_(~Actor.protected, func.cardinality(Actor.phones) > 0)
    shown = (among(Actor.id, actors), Actor.status.in_(("published", "host")), tells)
    session.execute(update(Actor).where(*shown).values(status="secret"))
    hold_those_that_name(session, vault, key, actors.values(), whole=True)


def by_itself(edit: Edit, today: date) -> None:
    """Write why an actor is hidden as far as it says so itself, whoever stands beside it."""
    others = [each for each in edit.causes if each.why not in OF_RECORD]
    edit.protect([*of_record(edit.record, today), *current(others)], today)


def _with_former(cause: Cause, former: Iterable[Cause]) -> Cause:
    """Return a cause with what it shared before.

    Of two that are not written now, only what a third one gave is looked at.
    """
    same = (each for each in (cause, *former) if each.subject == cause.subject)
    shared = {mark for each in same for mark in each.shared}
    return cause.model_copy(update={"shared": tuple(sorted(shared))})


def _as_json(why: dict[str, Any] | Origin) -> dict[str, Any]:
    return (
        why.model_dump(mode="json", exclude={"refused", "how"}) if isinstance(why, Origin) else why
    )
