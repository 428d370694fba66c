"""What a published collection says no more is noted, so that no restored backup says it again."""

from alembic import op

revision = "0140"
down_revision = "0139"
# It writes none of this itself; of a database that it serves nothing of the register is unknown.
former_release_goes_on = True
# Name, event, when. By its place, which is its number: its address says its title.
TRIGGERS = (
    ("resource_collection_is_taken_back", "DELETE", "OLD.published"),
    (
        *("resource_collection_says_otherwise", "UPDATE"),
        "OLD.published AND (NOT NEW.published OR OLD.title <> NEW.title"
        " OR OLD.summary <> '' AND OLD.summary <> NEW.summary)",
    ),
)
# All entries are written anew as one changes: looked at once they are. What goes with its resource,
# or its collection, is noted of that.
NOTES = """
CREATE FUNCTION note_withdrawn_note() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO withdrawal (what, subject, how)
    SELECT 'collection', c.place::text, '' FROM resource_collection c
    WHERE c.slug = OLD.collection AND c.published
        AND EXISTS (SELECT FROM resource WHERE public_id = OLD.public_id)
        AND NOT EXISTS (SELECT FROM resource_collection_entry e
            WHERE (e.collection, e.public_id, e.note)
                = (OLD.collection, OLD.public_id, OLD.note));
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER resource_collection_entry_says_otherwise
AFTER UPDATE OR DELETE ON resource_collection_entry DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (OLD.note <> '') EXECUTE FUNCTION note_withdrawn_note()
"""


def upgrade() -> None:
    """Look at its words, and at those beside what it holds."""
    for name, event, when in TRIGGERS:
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON resource_collection FOR EACH ROW"
            f" WHEN ({when}) EXECUTE FUNCTION note_withdrawal('collection', 'place', '')"
        )
    op.execute(NOTES)
    op.execute("REVOKE ALL ON FUNCTION note_withdrawn_note() FROM PUBLIC")


def downgrade() -> None:
    """Note none of them any more."""
    for name, *_ in TRIGGERS:
        op.execute(f"DROP TRIGGER {name} ON resource_collection")
    op.execute("DROP TRIGGER resource_collection_entry_says_otherwise ON resource_collection_entry")
    op.execute("DROP FUNCTION note_withdrawn_note()")
