"""Decisions of staff on protection, actors that are not shown, and history under new keys."""

from alembic import op

revision = "0005"
down_revision = "0004"

REASONS = "reason IN ('category', 'unknown', 'shared', 'decision')"
STATUSES = "status IN ('draft', 'published', 'archived', 'secret')"
# Sealed again under a new key, a revision says the same: all that is in clear must be as it was.
# Only the owner may do that; the staff login holds no UPDATE on this table.
TRIGGER = """
CREATE OR REPLACE FUNCTION refuse_change_of_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
       AND (NEW.id, NEW.actor_id, NEW.at, NEW.who, NEW.action)
           IS NOT DISTINCT FROM (OLD.id, OLD.actor_id, OLD.at, OLD.who, OLD.action)
       AND current_setting('mesure23.new_key', true) = 'on' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'revision is append-only' USING ERRCODE = 'restrict_violation';
END $$
"""
BEFORE = """
CREATE OR REPLACE FUNCTION refuse_change_of_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'revision is append-only' USING ERRCODE = 'restrict_violation';
END $$
"""


def upgrade() -> None:
    """Widen two checks, and let the owner seal history again."""
    op.drop_constraint(op.f("ck_actor_protected_reason"), "actor_protected")
    op.create_check_constraint(op.f("ck_actor_protected_reason"), "actor_protected", REASONS)
    op.drop_constraint(op.f("ck_actor_status"), "actor")
    op.create_check_constraint(op.f("ck_actor_status"), "actor", STATUSES)
    op.execute(TRIGGER)


def downgrade() -> None:
    """Narrow them again; refused while a row needs them."""
    op.execute(BEFORE)
    op.drop_constraint(op.f("ck_actor_status"), "actor")
    op.create_check_constraint(op.f("ck_actor_status"), "actor", STATUSES.replace(", 'secret'", ""))
    op.drop_constraint(op.f("ck_actor_protected_reason"), "actor_protected")
    op.create_check_constraint(
        op.f("ck_actor_protected_reason"), "actor_protected", REASONS.replace(", 'decision'", "")
    )
