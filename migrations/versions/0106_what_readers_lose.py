"""What is noted is what readers lose, and that what they did not read is a secret from now on."""

from alembic import op

revision = "0106"
down_revision = "0105"
# It writes none of this itself, and takes a line back by its id alone.
former_release_goes_on = True

TRIGGERS = (
    ("resource_is_taken_back", "DELETE", "true", "''"),
    (
        *("resource_is_narrowed", "UPDATE OF audience"),
        *("OLD.audience = 'public' AND NEW.audience <> 'public'", "'audience'"),
    ),
)
# One that a list had archived comes back by it, and a secret one must not.
OF_ACTORS = """
CREATE OR REPLACE TRIGGER actor_is_taken_back AFTER UPDATE OF status ON actor
FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION note_withdrawal('actor', 'id', 'status')
"""
UNREAD = "OLD.status IN ('published', 'host') AND NEW.status NOT IN ('published', 'host')"
HIDDEN = "NEW.status = 'secret' AND OLD.status <> 'secret'"
# By what was noted until now, one withdrawn while its next version waited was not.
UNNOTED = """
INSERT INTO withdrawal (what, subject, how)
SELECT 'resource', r.id::text, r.status FROM resource_record r
WHERE r.edition IS NOT NULL AND NOT EXISTS (SELECT FROM resource WHERE resource.id = r.id)
"""


def upgrade() -> None:
    """Look at what is read in place of what the desk calls its state."""
    op.execute("DROP TRIGGER IF EXISTS resource_record_is_taken_back ON resource_record")
    for name, event, when, how in TRIGGERS:
        op.execute(
            f"CREATE OR REPLACE TRIGGER {name} AFTER {event} ON resource FOR EACH ROW WHEN ({when})"
            f" EXECUTE FUNCTION note_withdrawal('resource', 'id', {how})"
        )
    op.execute(OF_ACTORS.format(when=f"{UNREAD} OR {HIDDEN}"))
    op.execute(UNNOTED)


def downgrade() -> None:
    """Look at the state again."""
    op.execute(OF_ACTORS.format(when=UNREAD))
    for name, *_ in TRIGGERS:
        op.execute(f"DROP TRIGGER {name} ON resource")
    op.execute(
        "CREATE TRIGGER resource_record_is_taken_back AFTER UPDATE OF status ON resource_record"
        " FOR EACH ROW WHEN (OLD.status = 'published' AND NEW.status <> 'published')"
        " EXECUTE FUNCTION note_withdrawal('resource', 'id', 'status')"
    )
