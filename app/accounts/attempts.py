"""Passwords that were tried and were wrong: each one more makes the next wait, where it came from.

An account is never locked: who tries from elsewhere makes nobody wait but themselves. Codes that
were wrong beside a right password are counted for the account, wherever they came from: nobody
without its password can make them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, delete, func, select
from sqlalchemy.orm import Session

from app.accounts.errors import SignInMustWait
from app.models import SignInAttempt
from app.platform.database.sessions import hold
from app.vault.digests import digest, index_key
from app.vault.sealing import Vault

# Two tries at once are counted one after the other.
ATTEMPTS_LOCK = 230029
FORGOTTEN_AFTER = timedelta(days=1)
# So many cost nothing: of one account from one address, and of all accounts from it, since an
# office is one address.
FREE, FREE_OF_ADDRESS = 3, 20
FIRST_WAIT, LONGEST_WAIT = 2.0, 900.0
# From so many on, the journal says that somebody tries.
NOTABLE = 10


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try, noted before it is judged. wrong: how many there were of this account, from anywhere,
    this one among them.
    """

    id: UUID
    login: bytes
    network: bytes
    wrong: int

    @property
    def is_notable(self) -> bool:
        """Say whether the journal notes it: the tenth, the hundredth, the thousandth…"""
        return (
            self.wrong >= NOTABLE
            and set(str(self.wrong)[1:]) == {"0"}
            and str(self.wrong)[0] == "1"
        )


def network_of(session: Session, vault: Vault, counted: str) -> bytes:
    """Return the keyed digest of where somebody comes from."""
    return digest(index_key(session, vault), "network", counted)


def admit_factor(session: Session, vault: Vault, account_id: UUID, now: datetime) -> Attempt:
    """Note a try of the second factor, as admit does one of a password; raise SignInMustWait."""
    factor = digest(index_key(session, vault), "second factor", str(account_id))
    return admit(session, factor, factor, now)


def admit_change(session: Session, vault: Vault, account_id: UUID, now: datetime) -> Attempt:
    """Note a try of a password by who is signed in, which makes no code and nobody else wait."""
    own = digest(index_key(session, vault), "password change", str(account_id))
    return admit(session, own, own, now)


def admit(session: Session, login: bytes, network: bytes, now: datetime) -> Attempt:
    """Note a try as wrong until it is known to be right; raise SignInMustWait, and note none."""
    hold(session, ATTEMPTS_LOCK)
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - FORGOTTEN_AFTER))
    here = SignInAttempt.network == network
    both = and_(here, SignInAttempt.login == login)
    wait = max(_wait(session, both, FREE, now), _wait(session, here, FREE_OF_ADDRESS, now))
    if wait > 0:
        seconds = ceil(wait)
        raise SignInMustWait(wait=f"{seconds} secondes" if seconds > 1 else "une seconde")
    row = SignInAttempt(id=uuid4(), login=login, network=network, at=now)
    session.add(row)
    session.flush()
    counted = select(func.count()).select_from(SignInAttempt)
    wrong = session.scalars(counted.where(SignInAttempt.login == login)).one()
    return Attempt(row.id, login, network, wrong)


def take_back(session: Session, attempt: Attempt) -> None:
    """Count a try no more that was not judged."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.id == attempt.id))


def forget(session: Session, attempt: Attempt) -> None:
    """Forget the tries of an account from an address, once one of them was right."""
    session.execute(
        delete(SignInAttempt).where(
            SignInAttempt.login == attempt.login, SignInAttempt.network == attempt.network
        )
    )


def _wait(session: Session, which: ColumnElement[bool], free: int, now: datetime) -> float:
    """Return how many seconds the next try has to wait."""
    counted = select(func.count(), func.max(SignInAttempt.at)).where(which)
    count, last = session.execute(counted).one()
    if count < free:
        return 0.0
    # Two to the tenth is beyond the longest one.
    wait: float = min(FIRST_WAIT * 2.0 ** min(count - free, 10), LONGEST_WAIT)
    since: float = (now - last).total_seconds()
    return wait - since
