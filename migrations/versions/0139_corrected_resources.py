"""That a published resource says otherwise is noted, so that no restored backup says the former."""

from alembic import op

revision = "0139"
down_revision = "0138"
# It writes none of this itself, and withdraws what such a line names where it replays one.
former_release_goes_on = True
# What its readers read of it, or follow; not what only finds or orders it.
SAID = (
    *("title", "subtitle", "bodies", "persons", "method", "identifiers", "url", "summary"),
    *("territories", "proof_by", "proof_url", "actor_ids", "validations", "content"),
)
OTHERWISE = " OR ".join(f"OLD.{each} IS DISTINCT FROM NEW.{each}" for each in SAID)
# Name, event, when. How: its edition.
TRIGGERS = (
    ("resource_says_otherwise", "UPDATE", OTHERWISE),
    # Of what was withdrawn meanwhile its title alone was read, which may be another one now.
    ("resource_comes_back", "INSERT", "NEW.edition > 1"),
)


def upgrade() -> None:
    """Look at its words."""
    for name, event, when in TRIGGERS:
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON resource FOR EACH ROW WHEN ({when})"
            " EXECUTE FUNCTION note_withdrawal('resource', 'id', 'edition')"
        )


def downgrade() -> None:
    """Note none of them any more."""
    for name, *_ in TRIGGERS:
        op.execute(f"DROP TRIGGER {name} ON resource")
