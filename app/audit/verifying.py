"""Whether the journal is as it was written: each entry in its place, none changed, none gone."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine, Row, select
from sqlalchemy.orm import Session

from app.audit.journal import COLUMN, NOTHING, TABLE, link_of, mac_of
from app.audit.signing import is_signed, signing_key
from app.models import AuditAnchor, AuditEntry
from app.platform.database.sessions import write
from app.vault.digests import index_key
from app.vault.sealing import KeyMissing, NotOpened, Vault

AT_ONCE = 1_000
# More say no more: what follows a changed entry is wrong as well.
MOST_FAULTS = 20


@dataclass(slots=True)
class Verdict:
    """What was found. faults: in French, with the number of the entry and nothing of its detail."""

    entries: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    last_number: int = 0
    faults: list[str] = field(default_factory=list)


def verify(engine: Engine, vault: Vault, at_least: int = 0) -> Verdict:
    """Read the whole journal, from its last anchor on.

    at_least: the last number that somebody outside has seen: a journal that ends before it was
    shortened.
    """
    verdict = Verdict()
    # It writes nothing, but for the key of a database that has none yet.
    with write(engine) as session:
        key = index_key(session, vault)
        number, link = _begin(session, vault, verdict)
        columns = select(*AuditEntry.__table__.c).order_by(AuditEntry.number)
        for entry in session.execute(columns.execution_options(yield_per=AT_ONCE)):
            if entry.number <= number:
                verdict.faults.append(f"L’entrée {entry.number} est là deux fois, ou fut coupée.")
                continue
            if entry.number != number + 1:
                verdict.faults.append(f"Il manque les entrées {number + 1} à {entry.number - 1}.")
            elif link_of(key, link, entry) != entry.link:
                verdict.faults.append(f"L’entrée {entry.number} a été changée, ou celle d’avant.")
            if fault := _fault_of_detail(key, vault, entry):
                verdict.faults.append(fault)
            number, link = entry.number, entry.link
            verdict.entries += 1
            verdict.first_at = verdict.first_at or entry.at
            verdict.last_at = entry.at
            if len(verdict.faults) >= MOST_FAULTS:
                verdict.faults.append("La suite n’est pas lue.")
                break
        verdict.last_number = number
    if number < at_least:
        verdict.faults.append(f"Le journal finit à {number}, mais {at_least} a été vue : coupé.")
    return verdict


def _begin(session: Session, vault: Vault, verdict: Verdict) -> tuple[int, bytes]:
    """Return the number and the link that the first entry must follow."""
    anchor = session.scalar(select(AuditAnchor).order_by(AuditAnchor.number.desc()).limit(1))
    if anchor is None:
        return 0, NOTHING
    if not is_signed(signing_key(session, vault), anchor):
        verdict.faults.append(f"La coupe après l’entrée {anchor.number} n’est pas signée par nous.")
    return anchor.number, anchor.link


def _fault_of_detail(key: bytes, vault: Vault, entry: Row[tuple[object, ...]]) -> str | None:
    try:
        said = vault.open(TABLE, entry.id, COLUMN, entry.detail)
    except KeyMissing:
        return f"Le détail de l’entrée {entry.number} est scellé par une clé qui manque."
    except NotOpened:
        return f"Le détail de l’entrée {entry.number} a été changé."
    if mac_of(key, entry.number, said) != entry.mac:
        return f"Le détail de l’entrée {entry.number} n’est pas le sien."
    return None
