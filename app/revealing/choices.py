"""What the operator of a place lets professionals be told, written down by a curateur.

A choice holds until somebody protects the place, or asks for that: then it is asked anew.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from app.errors import Mesure23Error
from app.models import OperatorCode, RevealChoice, Revision
from app.models.reveal import Choice
from app.records.accords import all_asked
from app.records.causes import Cause
from app.vault.digests import digest, index_key
from app.vault.sealing import Vault

TABLE, COLUMN = RevealChoice.__tablename__, "content"
LONGEST_SOURCE = 300


class SourceMissing(Mesure23Error):
    """Dites comment l’opérateur l’a fait savoir : « courrier de la direction », « convention »."""

    status = 422
    title = "D’où vient ce choix ?"
    advice = "Écrivez-le, sans nom de personne, puis recommencez."


class DutyMissing(Mesure23Error):
    """Sur accord, un numéro que l’opérateur décroche est nécessaire, à dix chiffres."""

    status = 422
    title = "Qui donne l’accord ?"
    advice = "Écrivez le numéro d’astreinte, ou choisissez une autre réponse."


class ChoiceChanged(Mesure23Error):
    """Rien n’est enregistré : un collègue vient de changer ce choix."""

    status = 409
    title = "Choix changé entre-temps"
    advice = "Relisez-le, puis recommencez."


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an operator chose. on: the day it said so; source: how; duty: the number that agrees,
    E.164. holds: whether nothing hid the place anew since.
    """

    choice: Choice
    entry: bool
    by_operator: bool
    on: date
    source: str
    duty: str | None
    made_at: datetime
    made_by: str
    holds: bool

    @property
    def way(self) -> Choice:
        """Return what it comes to: never, where it does not hold any more."""
        return self.choice if self.holds else "never"


def read_choice(
    session: Session, vault: Vault, actor_id: UUID, causes: Iterable[Cause]
) -> Chosen | None:
    """Return what the operator of a place chose; causes: why it is hidden now."""
    row = session.get(RevealChoice, actor_id)
    if row is None:
        return None
    said = json.loads(vault.open(TABLE, actor_id, COLUMN, row.content))
    stands = row.mark == _mark(session, vault, causes)
    return Chosen(
        choice=row.choice,
        entry=row.entry,
        by_operator=row.by_operator,
        on=row.on,
        source=said["source"],
        duty=said["duty"],
        made_at=row.made_at,
        made_by=row.made_by,
        holds=stands and not _protected_since(session, row),
    )


def choose(
    session: Session,
    vault: Vault,
    actor_id: UUID,
    causes: Iterable[Cause],
    *,
    choice: Choice,
    entry: bool,
    by_operator: bool,
    on: date,
    source: str,
    duty: str | None,
    who: str,
    now: datetime,
    former: datetime | None,
) -> None:
    """Write down what an operator chose; what was told by a former choice is over.

    former: when the choice was made that its author read, None where there was none. Raises
    SourceMissing, DutyMissing or ChoiceChanged.
    """
    source = " ".join(source.split())
    if not source:
        raise SourceMissing
    if choice == "asked" and duty is None:
        raise DutyMissing
    row = session.get(RevealChoice, actor_id, with_for_update=True)
    if (row.made_at if row else None) != former:
        raise ChoiceChanged
    of_place = Revision.actor_id == actor_id
    said = json.dumps({"source": source, "duty": duty}, ensure_ascii=False).encode()
    values = {
        "choice": choice,
        "entry": entry,
        "by_operator": by_operator,
        "on": on,
        COLUMN: vault.seal(TABLE, actor_id, COLUMN, said),
        "mark": _mark(session, vault, causes),
        "revision": session.scalar(select(func.max(Revision.number)).where(of_place)) or 0,
        "made_at": now,
        "made_by": who,
    }
    if row is None:
        session.add(RevealChoice(actor_id=actor_id, **values))
    else:
        for name, value in values.items():
            setattr(row, name, value)
    session.flush()


def _mark(session: Session, vault: Vault, causes: Iterable[Cause]) -> bytes:
    """Return what stands for all that asks for a place to be hidden."""
    asked = sorted((each.why, each.what, each.since.isoformat()) for each in all_asked(causes))
    return digest(index_key(session, vault), "reveal choice", json.dumps(asked))


def _protected_since(session: Session, row: RevealChoice) -> bool:
    """Say whether somebody protected the place since, or its operator's own code waits to."""
    of_place = Revision.actor_id == row.actor_id
    protected = exists().where(
        of_place, Revision.number > row.revision, Revision.action == "protect"
    )
    waits = exists().where(
        OperatorCode.actor_id == row.actor_id, OperatorCode.asked_at.is_not(None)
    )
    return bool(session.scalar(select(protected | waits)))
