"""The limits of the inbox by what is asked: whole offices register for one event in one hour."""

from alembic import op
from sqlalchemy import text

revision = "0123"
down_revision = "0122"
# It adds a registration as any message, under the limits of these.
former_release_goes_on = True
# In all, from one network, and of one address for one event, in an hour of the clock.
MOST, MOST_OF_ONE, MOST_OF_THE_SAME = 1_500, 700, 3
# Bytes of a sealed registration: a flood of them adds no more than one of longer messages did.
LARGEST = 1_500
# As before; of a registration other counts, by names that no network has: those are 16 bytes.
_LIMIT = f"""
CREATE OR REPLACE FUNCTION limit_inbox() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    this_hour timestamptz := date_trunc('hour', clock_timestamp());
    whose bytea[] := ARRAY[''::bytea, NEW.network];
    most integer[] := ARRAY[200, 20];
    counted integer;
BEGIN
    IF NEW.registers IS NOT NULL THEN
        IF octet_length(NEW.registers) <> 16 OR octet_length(NEW.box) > {LARGEST} THEN
            RAISE EXCEPTION 'no registration' USING ERRCODE = 'check_violation';
        END IF;
        whose := ARRAY[
            'event'::bytea, 'from'::bytea || NEW.network, 'same'::bytea || NEW.registers
        ];
        most := ARRAY[{MOST}, {MOST_OF_ONE}, {MOST_OF_THE_SAME}];
        -- It has served.
        NEW.registers := NULL;
    END IF;
    DELETE FROM public.inbox_count WHERE hour < this_hour;
    FOR each_one IN 1 .. cardinality(whose) LOOP
        INSERT INTO public.inbox_count AS known (hour, network, count)
        VALUES (this_hour, whose[each_one], 1)
        ON CONFLICT (hour, network) DO UPDATE SET count = known.count + 1
        RETURNING count INTO counted;
        IF counted > most[each_one] THEN
            RAISE EXCEPTION 'inbox is full' USING ERRCODE = 'configuration_limit_exceeded';
        END IF;
    END LOOP;
    RETURN NEW;
END $$
"""
_FORMER = """
CREATE OR REPLACE FUNCTION limit_inbox() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    this_hour timestamptz := date_trunc('hour', clock_timestamp());
    counted integer;
    each_one bytea;
BEGIN
    DELETE FROM public.inbox_count WHERE hour < this_hour;
    FOREACH each_one IN ARRAY ARRAY[''::bytea, NEW.network] LOOP
        INSERT INTO public.inbox_count AS known (hour, network, count)
        VALUES (this_hour, each_one, 1)
        ON CONFLICT (hour, network) DO UPDATE SET count = known.count + 1
        RETURNING count INTO counted;
        IF counted > 20 AND each_one <> '' OR counted > 200 THEN
            RAISE EXCEPTION 'inbox is full' USING ERRCODE = 'configuration_limit_exceeded';
        END IF;
    END LOOP;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    """Let a registration say that it is one, and count it by itself."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    # Counted as it is added, and never stored.
    op.execute(
        "ALTER TABLE inbox_message ADD COLUMN registers bytea CONSTRAINT ck_inbox_message_registers"
        " CHECK (registers IS NULL)"
    )
    op.execute(f'GRANT INSERT (registers) ON inbox_message TO "{database}_inbox"')
    op.execute(_LIMIT)


def downgrade() -> None:
    """Count all alike."""
    op.execute(_FORMER)
    op.execute("ALTER TABLE inbox_message DROP COLUMN registers")
