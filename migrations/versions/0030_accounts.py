"""People who sign in, and the journal of what they do."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

revision = "0030"
down_revision = "0029"

NOW = sa.func.now()
ROLES = "'referent_departement', 'referent_etat', 'curateur', 'administrateur'"
TABLES = (
    "account",
    "passkey",
    "recovery_code",
    "invitation",
    "staff_session",
    "challenge",
    "sign_in_attempt",
    "audit_entry",
    "audit_anchor",
)
GRANTS = {
    "account": "SELECT, INSERT, UPDATE",
    "passkey": "SELECT, INSERT, UPDATE, DELETE",
    "recovery_code": "SELECT, INSERT, UPDATE, DELETE",
    "invitation": "SELECT, INSERT, UPDATE",
    "staff_session": "SELECT, INSERT, UPDATE, DELETE",
    "challenge": "SELECT, INSERT, DELETE",
    "sign_in_attempt": "SELECT, INSERT, DELETE",
    "audit_entry": "SELECT, INSERT",
    "audit_anchor": "SELECT",
}
FUNCTIONS = ("refuse_change_of_audit", "follow_the_last_of_audit")
# Sealed again under a new key, an entry says the same; what an anchor covers may be cut. Either is
# for the owner alone, since the staff login may neither change nor delete here.
REFUSE = """
CREATE FUNCTION refuse_change_of_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'audit_entry' THEN
        IF (NEW.id, NEW.number, NEW.at, NEW.who, NEW.role, NEW.action, NEW.subject, NEW.mac,
            NEW.link)
           IS NOT DISTINCT FROM
           (OLD.id, OLD.number, OLD.at, OLD.who, OLD.role, OLD.action, OLD.subject, OLD.mac,
            OLD.link)
           AND current_setting('mesure23.new_key', true) = 'on' THEN
            RETURN NEW;
        END IF;
    END IF;
    IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'audit_entry' THEN
        IF EXISTS (SELECT FROM public.audit_anchor WHERE number >= OLD.number) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'restrict_violation';
END $$
"""


# A number of somebody's choice would leave none for those who come after.
FOLLOW = """
CREATE FUNCTION follow_the_last_of_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last bigint;
BEGIN
    SELECT coalesce((SELECT max(number) FROM public.audit_entry),
                    (SELECT max(number) FROM public.audit_anchor), 0) INTO last;
    IF NEW.number <> last + 1 THEN
        RAISE EXCEPTION 'the journal goes on one by one' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""


def _column(name: str, kind: Any, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=null)


def _moment(name: str, *, null: bool = False, now: bool = True) -> sa.Column[Any]:
    default = NOW if now and not null else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null, server_default=default)


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_account_id_account")
    return sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=name)


def _accounts() -> None:
    op.create_table(
        "account",
        _column("id", sa.Uuid()),
        _column("login", sa.LargeBinary()),
        _column("person", sa.LargeBinary()),
        _column("role", sa.Text()),
        sa.Column("territories", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        _column("password", sa.LargeBinary(), null=True),
        _column("totp", sa.LargeBinary(), null=True),
        sa.Column("totp_step", sa.BigInteger(), server_default="0", nullable=False),
        _moment("made_at"),
        _column("made_by", sa.Text()),
        _moment("confirmed_at"),
        _moment("used_at"),
        _moment("disabled_at", null=True),
        sa.CheckConstraint(f"role IN ({ROLES})", name=op.f("ck_account_role")),
        sa.CheckConstraint(
            "(role LIKE 'referent%') = (cardinality(territories) > 0)",
            name=op.f("ck_account_territories"),
        ),
        sa.CheckConstraint(
            "(password IS NULL) = (totp IS NULL)", name=op.f("ck_account_two_factors")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
    )


def _factors() -> None:
    op.create_table(
        "passkey",
        _column("id", sa.Uuid()),
        _column("account_id", sa.Uuid()),
        _column("credential", sa.LargeBinary()),
        _column("public_key", sa.LargeBinary()),
        sa.Column("sign_count", sa.BigInteger(), server_default="0", nullable=False),
        _column("name", sa.LargeBinary()),
        _moment("made_at"),
        _moment("used_at", null=True),
        _of_account("passkey"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential", name=op.f("uq_passkey_credential")),
    )
    op.create_table(
        "recovery_code",
        _column("digest", sa.LargeBinary()),
        _column("account_id", sa.Uuid()),
        _moment("used_at", null=True),
        _of_account("recovery_code"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_recovery_code")),
    )
    op.create_table(
        "invitation",
        _column("id", sa.Uuid()),
        _column("account_id", sa.Uuid()),
        _column("token", sa.LargeBinary()),
        _moment("made_at"),
        _column("made_by", sa.Text()),
        _moment("ends_at", now=False),
        _moment("used_at", null=True),
        _of_account("invitation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token", name=op.f("uq_invitation_token")),
    )


def _signing_in() -> None:
    op.create_table(
        "staff_session",
        _column("id", sa.Uuid()),
        _column("token", sa.LargeBinary()),
        _column("account_id", sa.Uuid()),
        _column("role", sa.Text()),
        _column("factor", sa.Text()),
        _column("device", sa.LargeBinary()),
        _column("network", sa.LargeBinary()),
        _moment("opened_at"),
        _moment("seen_at"),
        _moment("proved_at"),
        _moment("ended_at", null=True),
        _of_account("staff_session"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_session")),
        sa.UniqueConstraint("token", name=op.f("uq_staff_session_token")),
    )
    op.create_table(
        "challenge",
        _column("id", sa.Uuid()),
        _column("challenge", sa.LargeBinary()),
        _column("purpose", sa.Text()),
        _column("subject", sa.Uuid(), null=True),
        _moment("made_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge")),
    )
    op.create_table(
        "sign_in_attempt",
        _column("id", sa.Uuid()),
        _column("login", sa.LargeBinary()),
        _column("network", sa.LargeBinary()),
        _moment("at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    for table in ("passkey", "recovery_code", "invitation", "staff_session"):
        op.create_index(op.f(f"ix_{table}_account_id"), table, ["account_id"])
    for column in ("login", "network", "at"):
        op.create_index(op.f(f"ix_sign_in_attempt_{column}"), "sign_in_attempt", [column])
    op.create_index(op.f("ix_challenge_made_at"), "challenge", ["made_at"])


def _journal() -> None:
    op.create_table(
        "audit_entry",
        _column("id", sa.Uuid()),
        _column("number", sa.BigInteger()),
        _moment("at", now=False),
        _column("who", sa.Text()),
        _column("role", sa.Text()),
        _column("action", sa.Text()),
        _column("subject", sa.Text()),
        _column("detail", sa.LargeBinary()),
        _column("mac", sa.LargeBinary()),
        _column("link", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("number", name=op.f("uq_audit_entry_number")),
    )
    op.create_index(op.f("ix_audit_entry_at"), "audit_entry", ["at"])
    op.create_table(
        "audit_anchor",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        _column("link", sa.LargeBinary()),
        _moment("at"),
        _column("who", sa.Text()),
        _column("signature", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_anchor")),
    )
    op.execute(REFUSE)
    op.execute(FOLLOW)
    for function in FUNCTIONS:
        op.execute(f"REVOKE ALL ON FUNCTION {function}() FROM PUBLIC")
    op.execute(
        "CREATE TRIGGER audit_entry_follows_the_last BEFORE INSERT ON audit_entry"
        " FOR EACH ROW EXECUTE FUNCTION follow_the_last_of_audit()"
    )
    for table in ("audit_entry", "audit_anchor"):
        for name, events, level in (
            (f"{table}_is_append_only", "UPDATE OR DELETE", "ROW"),
            (f"{table}_is_never_emptied", "TRUNCATE", "STATEMENT"),
        ):
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {events} ON {table}"
                f" FOR EACH {level} EXECUTE FUNCTION refuse_change_of_audit()"
            )


def upgrade() -> None:
    """Add the tables, for staff alone; the journal is only added to."""
    _accounts()
    _factors()
    _signing_in()
    _journal()
    database = op.get_bind().scalar(text("SELECT current_database()"))
    for table, rights in GRANTS.items():
        op.execute(f'GRANT {rights} ON {table} TO "{database}_staff"')


def downgrade() -> None:
    """Drop them, and who did what with them."""
    for table in reversed(TABLES):
        op.drop_table(table)
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}()")
