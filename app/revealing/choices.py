"""What the operator of a place lets professionals be told, written down by a curateur.

A choice holds until somebody protects the place, or asks for that: then it is asked anew.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from app.errors import Mesure23Error
from app.models import Actor, ActorProtected, RevealChoice, Revision
from app.models.reveal import Choice
from app.records.accords import ASKED, latest_asked
from app.records.causes import Cause, active
from app.records.placing import address_of
from app.records.readers import hidden_since
from app.records.record import ActorRecord
from app.records.sealed import open_causes, open_record
from app.vault.digests import digest, index_key
from app.vault.sealing import Vault
from app.visible.hiding import asked_to_hide

TABLE, COLUMN = RevealChoice.__tablename__, "content"
LONGEST_SOURCE = 300


class SourceMissing(Mesure23Error):
    """Dites comment l’opérateur l’a fait savoir : « courrier de la direction », « convention »."""

    status = 422
    title = "D’où vient ce choix ?"
    advice = "Écrivez-le, sans nom de personne, puis recommencez."


class NumberMissing(Mesure23Error):
    """Sur accord, ou par une porte d’entrée, il faut le numéro à appeler, à dix chiffres."""

    status = 422
    title = "Quel numéro appeler ?"
    advice = "Écrivez-le, ou choisissez une autre réponse."


class DescribedByAnother(Mesure23Error):
    """Que les professionnels lisent ce qu’est ce lieu, son opérateur seul l’accepte : personne ne
    le dit en son nom.
    """

    status = 422
    title = "À demander à l’opérateur"
    advice = "Demandez-le-lui et notez que c’est lui qui l’a dit, ou décochez cette case."


class SaidTooEarly(Mesure23Error):
    """Ce choix est d’avant le {since}, jour où {asked} a été notée : il ne vaut plus."""

    status = 422
    title = "Choix trop ancien"
    advice = "Demandez de nouveau à l’opérateur, puis écrivez le jour où il l’a dit."


class HiddenByOperator(Mesure23Error):
    """L’opérateur a masqué ce lieu par son code, et personne n’a noté l’avoir rappelé depuis."""

    status = 409
    title = "Masqué par son opérateur"
    advice = "Appelez-le, confirmez à « Masqués » qu’il reste caché, puis notez ce qu’il choisit."


class ChoiceChanged(Mesure23Error):
    """Rien n’est enregistré : un collègue vient de changer ce choix."""

    status = 409
    title = "Choix changé entre-temps"
    advice = "Relisez-le, puis recommencez."


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an operator chose. on: the day it said so; source: how; number: the number that agrees,
    E.164. mail: the mailbox that is told of each reading. holds: whether nothing hid the place anew
    since. described: whether its category, its ages and its missions may be read as well.
    """

    choice: Choice
    entry: bool
    by_operator: bool
    on: date
    source: str
    number: str | None
    mail: str | None
    made_at: datetime
    made_by: str
    holds: bool
    described: bool = False

    @property
    def describes(self) -> bool:
        """Say whether what it is may be read now, by professionals."""
        return self.described and self.holds

    @property
    def way(self) -> Choice:
        """Return what it comes to: never, where it does not hold any more."""
        return self.choice if self.holds else "never"


def mail_of(vault: Vault, row: RevealChoice) -> str | None:
    """Return the mailbox that an operator gave to be told of each reading."""
    return vault.open_json(TABLE, row.actor_id, COLUMN, row.content).get("mail") or None


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A place whose operator is to be asked anew. on: the day of what it chose before."""

    actor_id: UUID
    public_id: str
    on: date


def read_choice(
    session: Session,
    vault: Vault,
    actor_id: UUID,
    record: ActorRecord,
    causes: Iterable[Cause],
) -> Chosen | None:
    """Return what the operator of a place chose; causes: why it is hidden now."""
    asked = select(RevealChoice, protected_since()).where(RevealChoice.actor_id == actor_id)
    found = session.execute(asked).first()
    if found is None:
        return None
    row, is_over = found
    said = json.loads(vault.open(TABLE, actor_id, COLUMN, row.content))
    stands = row.mark == _mark(index_key(session, vault), record, causes)
    return Chosen(
        choice=row.choice,
        entry=row.entry,
        by_operator=row.by_operator,
        on=row.on,
        source=said["source"],
        number=said["number"],
        mail=said.get("mail") or None,
        made_at=row.made_at,
        made_by=row.made_by,
        holds=stands and not is_over,
        described=row.by_operator and row.described_at == row.made_at,
    )


def lapsed(session: Session, vault: Vault) -> list[Lapsed]:
    """Return the places of which something was told, and nothing is until their operator is asked
    anew; the records that were written since are opened, so that it is for pages that say this.
    """
    written = exists().where(
        Revision.actor_id == RevealChoice.actor_id, Revision.number > RevealChoice.revision
    )
    rows = session.execute(
        select(RevealChoice, Actor.public_id, protected_since())
        .add_columns(ActorProtected.record, ActorProtected.causes)
        .join(Actor, Actor.id == RevealChoice.actor_id)
        .join(ActorProtected, ActorProtected.actor_id == Actor.id)
        .where(
            or_(RevealChoice.choice != "never", RevealChoice.described_at == RevealChoice.made_at),
            Actor.status == "published",
            ActorProtected.level == "neutral",
            or_(written, protected_since()),
        )
        .order_by(RevealChoice.on, RevealChoice.actor_id)
    ).all()
    key, found = index_key(session, vault) if rows else b"", []
    for row, public_id, is_over, record, causes in rows:
        why = open_causes(vault, row.actor_id, causes)
        if is_over or row.mark != _mark(key, open_record(vault, row.actor_id, record), why):
            found.append(Lapsed(row.actor_id, public_id, row.on))
    return found


def choose(
    session: Session,
    vault: Vault,
    actor_id: UUID,
    record: ActorRecord,
    causes: Collection[Cause],
    *,
    choice: Choice,
    entry: bool,
    by_operator: bool,
    on: date,
    source: str,
    number: str | None,
    mail: str | None,
    who: str,
    now: datetime,
    former: datetime | None,
    described: bool = False,
) -> None:
    """Write down what an operator chose; what was told by a former choice is over.

    former: when the choice was made that its author read, None where there was none. Raises
    SourceMissing, NumberMissing, DescribedByAnother or ChoiceChanged.
    """
    source = " ".join(source.split())
    if not source:
        raise SourceMissing
    if (choice == "asked" or (entry and choice == "direct")) and number is None:
        raise NumberMissing
    if described and not by_operator:
        raise DescribedByAnother
    if choice != "never" or described:
        _check(causes, on)
    # Of two who write the first one, one goes after the other.
    session.execute(select(Actor.id).where(Actor.id == actor_id).with_for_update(key_share=True))
    row = session.get(RevealChoice, actor_id, with_for_update=True)
    if (row.made_at if row else None) != former:
        raise ChoiceChanged
    of_place = Revision.actor_id == actor_id
    content = {"source": source, "number": number, "mail": mail}
    said = json.dumps(content, ensure_ascii=False).encode()
    values = {
        "choice": choice,
        "entry": entry,
        "by_operator": by_operator,
        "on": on,
        COLUMN: vault.seal(TABLE, actor_id, COLUMN, said),
        "mark": _mark(index_key(session, vault), record, causes),
        "revision": session.scalar(select(func.max(Revision.number)).where(of_place)) or 0,
        "made_at": now,
        "made_by": who,
        "described_at": now if described else None,
    }
    if row is None:
        session.add(RevealChoice(actor_id=actor_id, **values))
    else:
        for name, value in values.items():
            setattr(row, name, value)
    session.flush()


def _check(causes: Collection[Cause], on: date) -> None:
    """Raise SaidTooEarly or HiddenByOperator where something asked since for it to be hidden."""
    # Once a person has called it and confirmed that it stays hidden, it may choose again.
    pressed = [each for each in active(causes) if each.why == "operator"]
    if any(each.confirmed_on is None or on < each.confirmed_on for each in pressed):
        raise HiddenByOperator
    if (asked := latest_asked(causes)) and on < asked.since:
        raise SaidTooEarly(asked=ASKED[asked.why], since=f"{asked.since:%d/%m/%Y}")


def _mark(key: bytes, record: ActorRecord, causes: Iterable[Cause]) -> bytes:
    """Return what stands for where a place is, who asks to hide it, and whom it guards."""
    counted = (each for each in active(causes) if each.why in ASKED or each.why == "beside")
    why = sorted((each.why, each.what, each.since.isoformat()) for each in counted)
    said = json.dumps([record.status, str(address_of(record)), why])
    return digest(key, "reveal choice", said)


def protected_since() -> ColumnElement[bool]:
    """Return of which choices somebody protected or archived the place since, or its operator's
    code waits.
    """
    since = hidden_since(RevealChoice.actor_id, RevealChoice.revision)
    return (since | asked_to_hide(RevealChoice.actor_id)).self_group()
