"""People who sign in, and what they sign in with; the public login may read nothing of it."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Texts

Factor = Literal["passkey", "password", "proconnect"]
Purpose = Literal["sign_in", "enrol", "confirm", "provider"]
# After this an administrateur or their chief says again that somebody still has their office.
CONFIRMED_FOR = timedelta(days=365)
# Of a session: without use, and in all.
IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)


class Role(StrEnum):
    """What a person is there for; an administrateur looks after accounts and opens no record.

    A professionnel is none of the staff: somebody outside whom a person of it approved.
    """

    REFERENT_DEPARTEMENT = "referent_departement"
    REFERENT_ETAT = "referent_etat"
    CURATEUR = "curateur"
    ADMINISTRATEUR = "administrateur"
    PROFESSIONNEL = "professionnel"


class Account(Base):
    """A person of the staff, or a professional.

    login: keyed digest of the mail address. person: sealed JSON {name, mail}, of a professional
    with {organisation, siret, function} as well. territories: those of a référent, or where a
    professional works; a curateur and an administrateur have none and see all. password: sealed
    text of argon2; totp: sealed secret of the second factor, beside ProConnect without a password;
    totp_step: the last one that was used, in periods of 30 s since 1970. chief: sealed mail address
    of who may confirm it each year. used_at: the last day that somebody came by it. approved_by,
    approved_at, reason (sealed): who let a professional in, when, and why.
    """

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint(
            "role IN ('referent_departement', 'referent_etat', 'curateur', 'administrateur',"
            " 'professionnel')",
            name="role",
        ),
        CheckConstraint(
            "(role LIKE 'referent%' OR role = 'professionnel') = (cardinality(territories) > 0)",
            name="territories",
        ),
        CheckConstraint(
            "num_nonnulls(approved_by, approved_at, reason)"
            " = CASE WHEN role = 'professionnel' THEN 3 ELSE 0 END",
            name="approved",
        ),
        CheckConstraint("password IS NULL OR totp IS NOT NULL", name="two_factors"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    login: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    person: Mapped[bytes] = mapped_column(LargeBinary)
    role: Mapped[str]
    territories: Mapped[list[str]] = mapped_column(Texts(), server_default="{}")
    password: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_step: Mapped[int] = mapped_column(BigInteger, server_default="0")
    chief: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
    made_by: Mapped[str]
    confirmed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    used_at: Mapped[datetime] = mapped_column(server_default=func.now())
    disabled_at: Mapped[datetime | None]
    approved_by: Mapped[str | None]
    approved_at: Mapped[datetime | None]
    reason: Mapped[bytes | None] = mapped_column(LargeBinary)


class Passkey(Base):
    """A key of an account: credential and public key as the authenticator gave them.

    name: sealed, as its owner calls it.
    """

    __tablename__ = "passkey"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    credential: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger, server_default="0")
    name: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
    used_at: Mapped[datetime | None]


class ProviderIdentity(Base):
    """Whom an identity provider vouches for when somebody comes by an account.

    subject: keyed digest of the provider and of its number of a person. detail: sealed JSON
    {siret}, as it was when they were linked. notified_at: when administrateurs were last told that
    it says another organisation.
    """

    __tablename__ = "provider_identity"

    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    subject: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    detail: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
    used_at: Mapped[datetime | None]
    notified_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """A code on paper that stands once for the second factor; digest: keyed."""

    __tablename__ = "recovery_code"

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    used_at: Mapped[datetime | None]


class Invitation(Base):
    """A link that lets its reader choose how to sign in, once, until it ends.

    token: SHA-256 of what the link holds.
    """

    __tablename__ = "invitation"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    token: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
    made_by: Mapped[str]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Confirmation(Base):
    """A question whether somebody still has their office, answered once, until it ends.

    token: SHA-256 of what the link to their chief holds; None where administrateurs were asked.
    """

    __tablename__ = "confirmation"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    token: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class StaffSession(Base):
    """A browser in which somebody is signed in.

    token: SHA-256 of the cookie. role: that of the account as it was signed in. proved_at: when a
    factor was last shown. device: sealed, what the browser says it is. network: keyed digest of
    where it came from.
    """

    __tablename__ = "staff_session"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    token: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[str]
    factor: Mapped[Factor] = mapped_column(Text)
    device: Mapped[bytes] = mapped_column(LargeBinary)
    network: Mapped[bytes] = mapped_column(LargeBinary)
    opened_at: Mapped[datetime] = mapped_column(server_default=func.now())
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    proved_at: Mapped[datetime] = mapped_column(server_default=func.now())
    ended_at: Mapped[datetime | None]


class Challenge(Base):
    """What a passkey is asked to sign, once, within minutes; subject: an account or invitation.

    Of a sign-in by an identity provider it is that it was used up, until it would be over anyway.
    """

    __tablename__ = "challenge"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    challenge: Mapped[bytes] = mapped_column(LargeBinary)
    purpose: Mapped[Purpose] = mapped_column(Text)
    subject: Mapped[UUID | None]
    made_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)


class SignInAttempt(Base):
    """A password or code that was tried and was not right; login and network: keyed digests.

    login is that of an account or of none: nothing here says which. Of a code beside a right
    password both are the digest of the account's second factor.
    """

    __tablename__ = "sign_in_attempt"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    login: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    network: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
