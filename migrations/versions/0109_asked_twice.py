"""Each request for an account has a link of its own; mails are counted, and the form may close."""

import sqlalchemy as sa
from alembic import op

revision = "0109"
down_revision = "0108"
# It asks the first one of an address alone, as it did, and reads the rest.
former_release_goes_on = True


def upgrade() -> None:
    """Add whose mailbox asks and who was told of it, what was sent, and until when one may ask."""
    database = op.get_bind().scalar(sa.text("SELECT current_database()"))
    op.add_column("access_request", sa.Column("mailbox", sa.LargeBinary(), nullable=True))
    op.add_column(
        "access_request", sa.Column("notified_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_table(
        "access_mail",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mailbox", sa.LargeBinary(), nullable=False),
        sa.Column("domain", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access_mail"),
    )
    op.create_index("ix_access_mail_at", "access_mail", ["at"])
    op.create_table(
        "access_form",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_access_form_id"),
        sa.PrimaryKeyConstraint("id", name="pk_access_form"),
    )
    for table in ("access_mail", "access_form"):
        op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO "{database}_staff"')
    op.execute("CREATE VIEW open.access_form AS SELECT open_until FROM public.access_form")
    op.execute(f'GRANT SELECT ON open.access_form TO "{database}_public"')


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP VIEW open.access_form")
    op.drop_table("access_form")
    op.drop_table("access_mail")
    op.drop_column("access_request", "notified_at")
    op.drop_column("access_request", "mailbox")
