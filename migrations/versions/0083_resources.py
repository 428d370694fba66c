"""Resources: in clear what may be public, sealed whatever else the desk has of them."""

from alembic import op
from sqlalchemy import text

revision = "0083"
down_revision = "0082"

# In generated columns, hence IMMUTABLE, for the reasons of 0006. The head says what a resource is;
# it is small and stays in the row, so that a search ranks without a look at the long texts.
FUNCTIONS = """
CREATE FUNCTION public.resource_head(title text, subtitle text, bodies text[], labels text)
RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN setweight(to_tsvector('public.plain_french'::regconfig,
        title || coalesce(' ' || subtitle, '')), 'A')
    || setweight(to_tsvector('public.plain_french'::regconfig,
        array_to_string(bodies, ' ') || ' ' || labels), 'B');
CREATE FUNCTION public.resource_text(summary text, body text)
RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN setweight(to_tsvector('public.plain_french'::regconfig, summary), 'C')
    || setweight(to_tsvector('public.plain_french'::regconfig, body), 'D');
CREATE FUNCTION public.resource_folded(title text, labels text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN trim(regexp_replace(lower(public.unaccent('public.unaccent'::regdictionary,
    title || ' ' || labels)), '[^a-z0-9]+', ' ', 'g'))
"""
SIGNATURES = (
    "resource_head(text, text, text[], text)",
    "resource_text(text, text)",
    "resource_folded(text, text)",
)
IS_FORM = "CHECK (form IN ('document', 'fiche', 'pratique', 'formation', 'etude'))"
IS_AUDIENCE = "CHECK (audience IN ('public', 'professionnel'))"
SEALED = f"""
CREATE TABLE resource_record (
    id uuid NOT NULL CONSTRAINT pk_resource_record PRIMARY KEY,
    public_id text NOT NULL CONSTRAINT uq_resource_record_public_id UNIQUE,
    form text NOT NULL CONSTRAINT ck_resource_record_form {IS_FORM},
    audience text NOT NULL CONSTRAINT ck_resource_record_audience {IS_AUDIENCE},
    status text NOT NULL CONSTRAINT ck_resource_record_status CHECK
        (status IN ('draft', 'waiting', 'held', 'published', 'withdrawn', 'erased')),
    latest integer NOT NULL,
    edition integer,
    review_on date,
    made_at timestamptz NOT NULL DEFAULT now(),
    made_by text NOT NULL
);
CREATE INDEX ix_resource_record_status ON resource_record (status);
CREATE INDEX ix_resource_record_review_on ON resource_record (review_on);
CREATE TABLE resource_version (
    id uuid NOT NULL CONSTRAINT pk_resource_version PRIMARY KEY,
    resource_id uuid NOT NULL CONSTRAINT fk_resource_version_resource_id_resource_record
        REFERENCES resource_record,
    number integer NOT NULL,
    at timestamptz NOT NULL,
    who text NOT NULL,
    content bytea NOT NULL,
    note bytea,
    CONSTRAINT uq_resource_version_resource_id UNIQUE (resource_id, number)
);
CREATE TABLE resource_act (
    id uuid NOT NULL CONSTRAINT pk_resource_act PRIMARY KEY,
    resource_id uuid NOT NULL CONSTRAINT fk_resource_act_resource_id_resource_record
        REFERENCES resource_record,
    version integer NOT NULL,
    at timestamptz NOT NULL,
    who text NOT NULL,
    act text NOT NULL CONSTRAINT ck_resource_act_act CHECK (act IN ('asked', 'agreed', 'published',
        'held', 'released', 'refused', 'withdrawn', 'erased', 'restored', 'reviewed'))
);
CREATE INDEX ix_resource_act_resource_id ON resource_act (resource_id);
CREATE TABLE resource_mark (
    resource_id uuid NOT NULL CONSTRAINT fk_resource_mark_resource_id_resource_record
        REFERENCES resource_record,
    edition integer NOT NULL,
    category text NOT NULL,
    digest bytea NOT NULL,
    CONSTRAINT pk_resource_mark PRIMARY KEY (resource_id, edition, category, digest)
);
CREATE INDEX ix_resource_mark_digest ON resource_mark (digest);
CREATE TABLE resource_hold (
    id uuid NOT NULL CONSTRAINT pk_resource_hold PRIMARY KEY,
    resource_id uuid NOT NULL CONSTRAINT fk_resource_hold_resource_id_resource_record
        REFERENCES resource_record,
    version integer NOT NULL,
    since timestamptz NOT NULL,
    by_text bytea NOT NULL,
    decided_at timestamptz,
    CONSTRAINT uq_resource_hold_resource_id UNIQUE (resource_id, version)
);
CREATE TABLE resource_draft (
    id uuid NOT NULL CONSTRAINT pk_resource_draft PRIMARY KEY,
    account_id uuid NOT NULL CONSTRAINT fk_resource_draft_account_id_account REFERENCES account,
    resource_id uuid CONSTRAINT fk_resource_draft_resource_id_resource_record
        REFERENCES resource_record,
    content bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT uq_resource_draft_account_id UNIQUE NULLS NOT DISTINCT (account_id, resource_id)
);
CREATE INDEX ix_resource_draft_at ON resource_draft (at);
"""
OF_RESOURCE = "REFERENCES resource (public_id) ON DELETE CASCADE"
RESOURCE = f"""
CREATE TABLE resource (
    id uuid NOT NULL CONSTRAINT pk_resource PRIMARY KEY
        CONSTRAINT fk_resource_id_resource_record REFERENCES resource_record,
    public_id text NOT NULL CONSTRAINT uq_resource_public_id UNIQUE,
    slug text NOT NULL,
    form text NOT NULL CONSTRAINT ck_resource_form {IS_FORM},
    audience text NOT NULL CONSTRAINT ck_resource_audience {IS_AUDIENCE},
    edition integer NOT NULL CONSTRAINT ck_resource_edition CHECK (edition >= 1),
    title text NOT NULL,
    subtitle text,
    bodies text[] NOT NULL DEFAULT '{{}}',
    body_codes text[] NOT NULL DEFAULT '{{}}',
    persons text[] NOT NULL DEFAULT '{{}}',
    year smallint CONSTRAINT ck_resource_year CHECK (year BETWEEN 1800 AND 2100),
    published_on date,
    type text,
    nature text,
    method text,
    themes text[] NOT NULL DEFAULT '{{}}',
    publics text[] NOT NULL DEFAULT '{{}}',
    situations text[] NOT NULL DEFAULT '{{}}',
    functions text[] NOT NULL DEFAULT '{{}}',
    languages text[] NOT NULL DEFAULT '{{}}',
    reach text NOT NULL CONSTRAINT ck_resource_reach CHECK
        (reach IN ('national', 'metropole', 'europe', 'international', 'territories')),
    territories text[] NOT NULL DEFAULT '{{}}',
    identifiers jsonb NOT NULL DEFAULT '{{}}',
    url text,
    pages smallint,
    media text CONSTRAINT ck_resource_media CHECK
        (media IN ('html', 'pdf', 'video', 'audio', 'papier')),
    accessibility text CONSTRAINT ck_resource_accessibility CHECK
        (accessibility IN ('yes', 'partly', 'no')),
    summary text NOT NULL,
    proof text,
    proof_by text,
    proof_on date,
    proof_url text,
    actor_ids text[] NOT NULL DEFAULT '{{}}',
    validations jsonb NOT NULL DEFAULT '[]',
    content jsonb NOT NULL DEFAULT '{{}}',
    body text NOT NULL DEFAULT '',
    labels text NOT NULL DEFAULT '',
    review_on date,
    published_at timestamptz NOT NULL,
    changed_on date NOT NULL,
    link_dead_since date,
    words tsvector NOT NULL GENERATED ALWAYS AS (
        public.resource_head(title, subtitle, bodies, labels)
        || public.resource_text(summary, body)) STORED,
    head tsvector NOT NULL GENERATED ALWAYS AS
        (public.resource_head(title, subtitle, bodies, labels)) STORED,
    folded text NOT NULL GENERATED ALWAYS AS (public.resource_folded(title, labels)) STORED,
    CONSTRAINT ck_resource_lengths CHECK (char_length(title) <= 300
        AND char_length(summary) <= 2000 AND char_length(body) <= 60000),
    CONSTRAINT ck_resource_territories CHECK
        ((reach = 'territories') = (cardinality(territories) > 0)),
    CONSTRAINT ck_resource_proof CHECK (
        CASE WHEN proof IS NULL THEN num_nonnulls(proof_by, proof_on, proof_url) = 0
        WHEN form <> 'pratique' THEN false WHEN proof = 'inspirante' THEN true
        ELSE proof IN ('prometteuse', 'eprouvee', 'sans_effet')
        AND num_nonnulls(proof_by, proof_on) = 2 END)
);
CREATE INDEX ix_resource_words ON resource USING gin (words);
CREATE INDEX ix_resource_actor_ids ON resource USING gin (actor_ids);
CREATE INDEX ix_resource_territories ON resource USING gin (territories);
CREATE TABLE resource_edition (
    public_id text NOT NULL CONSTRAINT fk_resource_edition_public_id_resource {OF_RESOURCE},
    number integer NOT NULL,
    audience text NOT NULL CONSTRAINT ck_resource_edition_audience {IS_AUDIENCE},
    content jsonb NOT NULL,
    published_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    CONSTRAINT pk_resource_edition PRIMARY KEY (public_id, number)
);
CREATE TABLE resource_withdrawn (
    public_id text NOT NULL CONSTRAINT pk_resource_withdrawn PRIMARY KEY,
    title text NOT NULL,
    withdrawn_on date NOT NULL
);
CREATE TABLE resource_relation (
    from_id text NOT NULL CONSTRAINT fk_resource_relation_from_id_resource {OF_RESOURCE},
    to_id text NOT NULL CONSTRAINT fk_resource_relation_to_id_resource {OF_RESOURCE},
    relation text NOT NULL CONSTRAINT ck_resource_relation_relation CHECK
        (relation IN ('synthese_de', 'suite_de', 'remplace', 'traduction_de', 'etude_de')),
    CONSTRAINT ck_resource_relation_another CHECK (from_id <> to_id),
    CONSTRAINT pk_resource_relation PRIMARY KEY (from_id, to_id, relation)
)
"""
ARRANGED = f"""
CREATE TABLE resource_collection (
    slug text NOT NULL CONSTRAINT pk_resource_collection PRIMARY KEY,
    title text NOT NULL,
    summary text NOT NULL DEFAULT '',
    place smallint NOT NULL,
    published boolean NOT NULL DEFAULT false
);
CREATE TABLE resource_collection_entry (
    collection text NOT NULL CONSTRAINT fk_resource_collection_entry_collection_resource_collection
        REFERENCES resource_collection ON DELETE CASCADE,
    place smallint NOT NULL,
    public_id text NOT NULL CONSTRAINT fk_resource_collection_entry_public_id_resource
        {OF_RESOURCE},
    note text NOT NULL DEFAULT '',
    CONSTRAINT pk_resource_collection_entry PRIMARY KEY (collection, place),
    CONSTRAINT uq_resource_collection_entry_collection UNIQUE (collection, public_id)
);
CREATE TABLE resource_of_situation (
    situation smallint NOT NULL,
    place smallint NOT NULL CONSTRAINT ck_resource_of_situation_place CHECK
        (place BETWEEN 1 AND 3),
    public_id text NOT NULL CONSTRAINT fk_resource_of_situation_public_id_resource {OF_RESOURCE},
    CONSTRAINT pk_resource_of_situation PRIMARY KEY (situation, place),
    CONSTRAINT uq_resource_of_situation_situation UNIQUE (situation, public_id)
);
CREATE TABLE resource_synonym (
    word text NOT NULL CONSTRAINT pk_resource_synonym PRIMARY KEY,
    group_id integer NOT NULL,
    target tsquery NOT NULL CONSTRAINT uq_resource_synonym_target UNIQUE GENERATED ALWAYS AS
        (plainto_tsquery('public.plain_french'::regconfig, word)) STORED,
    token tsquery NOT NULL GENERATED ALWAYS AS (('xs' || group_id::text)::tsquery) STORED,
    phrase tsquery NOT NULL GENERATED ALWAYS AS
        (phraseto_tsquery('public.plain_french'::regconfig, word)) STORED,
    CONSTRAINT ck_resource_synonym_word CHECK (numnode(target) > 0 AND char_length(word) <= 100)
);
CREATE TABLE issuing_body (
    code text NOT NULL CONSTRAINT pk_issuing_body PRIMARY KEY,
    name text NOT NULL CONSTRAINT uq_issuing_body_name UNIQUE,
    variants text[] NOT NULL DEFAULT '{{}}'
);
CREATE TABLE public_version (
    subject text NOT NULL CONSTRAINT pk_public_version PRIMARY KEY,
    version uuid NOT NULL DEFAULT gen_random_uuid()
);
INSERT INTO public_version (subject) VALUES ('ressources')
"""
COLUMNS = (
    "public_id, slug, form, audience, edition, title, subtitle, bodies, body_codes, persons, year,"
    " published_on, type, nature, method, themes, publics, situations, functions, languages,"
    " reach, territories, identifiers, url, pages, media, accessibility, summary, proof, proof_by,"
    " proof_on, proof_url, actor_ids, validations, content, body, labels, review_on, published_at,"
    " changed_on, link_dead_since, words, head, folded"
)
SHOWN = "EXISTS (SELECT FROM public.resource r WHERE r.public_id = {of} AND r.audience = 'public')"
VIEWS = {
    "resource": (COLUMNS, "audience = 'public'"),
    "resource_edition": (
        "public_id, number, audience, content, published_at, ended_at",
        f"audience = 'public' AND {SHOWN.format(of='shown.public_id')}",
    ),
    "resource_withdrawn": ("public_id, title, withdrawn_on", "true"),
    "resource_relation": (
        "from_id, to_id, relation",
        f"{SHOWN.format(of='shown.from_id')} AND {SHOWN.format(of='shown.to_id')}",
    ),
    "resource_collection": ("slug, title, summary, place, published", "published"),
    "resource_collection_entry": (
        "collection, place, public_id, note",
        "EXISTS (SELECT FROM public.resource_collection c WHERE c.slug = shown.collection"
        f" AND c.published) AND {SHOWN.format(of='shown.public_id')}",
    ),
    "resource_of_situation": (
        "situation, place, public_id",
        SHOWN.format(of="shown.public_id"),
    ),
    "resource_synonym": ("word, group_id, target, token, phrase", "true"),
    "issuing_body": ("code, name, variants", "true"),
    "public_version": ("subject, version", "true"),
}
# What a professional alone may read raises nothing. A row that goes with its resource finds it
# gone, which has raised what there is to raise. As in 0008: by the owner, France first, once.
# Conditions are apart: each is read as soon as it is reached, and not every table has its columns.
RAISE = """
CREATE FUNCTION raise_resources() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    named text[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW IS NOT DISTINCT FROM OLD THEN
            RETURN NULL;
        END IF;
    END IF;
    IF TG_OP <> 'TRUNCATE' THEN
        IF TG_TABLE_NAME IN ('resource', 'resource_edition') THEN
            IF 'public' NOT IN (coalesce(OLD.audience, ''), coalesce(NEW.audience, '')) THEN
                RETURN NULL;
            END IF;
        END IF;
        IF TG_TABLE_NAME = 'resource_relation' THEN
            named := ARRAY[OLD.from_id, OLD.to_id, NEW.from_id, NEW.to_id];
        ELSIF TG_TABLE_NAME IN
            ('resource_edition', 'resource_collection_entry', 'resource_of_situation')
        THEN
            named := ARRAY[OLD.public_id, NEW.public_id];
        END IF;
        IF (SELECT count(*) FROM resource WHERE audience = 'public' AND public_id = ANY (named))
            < (CASE WHEN named IS NULL THEN 0 WHEN TG_TABLE_NAME = 'resource_relation' THEN 2
                ELSE 1 END)
        THEN
            RETURN NULL;
        END IF;
    END IF;
    UPDATE territory_version SET version = DEFAULT
    WHERE territory_code = '' AND xmin <> pg_current_xact_id()::xid;
    UPDATE public_version SET version = DEFAULT
    WHERE subject = 'ressources' AND xmin <> pg_current_xact_id()::xid;
    RETURN NULL;
END $$
"""
RAISING = tuple(table for table in VIEWS if table != "public_version")
# Sealed again under a new key, or without what was erased, a version is by the same person.
GUARD = """
CREATE FUNCTION refuse_change_of_resource_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
       AND (NEW.id, NEW.resource_id, NEW.number, NEW.at, NEW.who)
           IS NOT DISTINCT FROM (OLD.id, OLD.resource_id, OLD.number, OLD.at, OLD.who)
       AND current_setting('mesure23.new_key', true) = 'on' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' AND current_setting('mesure23.erasing', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'resource_version is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER resource_version_is_append_only BEFORE UPDATE OR DELETE ON resource_version
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_resource_version();
CREATE TRIGGER resource_version_is_never_emptied BEFORE TRUNCATE ON resource_version
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_resource_version()
"""
STAFF = {
    "SELECT, INSERT": ("resource_version", "resource_act"),
    "SELECT, INSERT, UPDATE": ("resource_record", "resource_hold"),
    "SELECT, INSERT, UPDATE, DELETE": ("resource_mark", "resource_draft", *RAISING),
}


def upgrade() -> None:
    """Create tables and views, and what raises the versions of what visitors may read of them."""
    database = op.get_bind().scalar(text("SELECT current_database()"))
    op.execute(FUNCTIONS)
    for signature in SIGNATURES:
        op.execute(f"REVOKE ALL ON FUNCTION public.{signature} FROM PUBLIC")
        op.execute(f'GRANT EXECUTE ON FUNCTION public.{signature} TO "{database}_staff"')
    for statements in (SEALED, RESOURCE, ARRANGED, RAISE, GUARD):
        op.execute(statements)
    for function in ("raise_resources()", "refuse_change_of_resource_version()"):
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
    for view, (columns, shown) in VIEWS.items():
        op.execute(
            f"CREATE VIEW open.{view} AS SELECT {columns} FROM public.{view} shown WHERE {shown}"
        )
        op.execute(f'GRANT SELECT ON open.{view} TO "{database}_public"')
    for table in RAISING:
        for name, events, level in (
            ("changed", "INSERT OR UPDATE OR DELETE", "ROW"),
            ("emptied", "TRUNCATE", "STATEMENT"),
        ):
            op.execute(
                f"CREATE TRIGGER {table}_{name} AFTER {events} ON {table}"
                f" FOR EACH {level} EXECUTE FUNCTION raise_resources()"
            )
    for rights, tables in STAFF.items():
        op.execute(f'GRANT {rights} ON {", ".join(tables)} TO "{database}_staff"')


def downgrade() -> None:
    """Drop them, and what was written."""
    for view in VIEWS:
        op.execute(f"DROP VIEW open.{view}")
    sealed = ("version", "act", "mark", "hold", "draft", "record")
    tables = (*reversed(VIEWS), *(f"resource_{each}" for each in sealed))
    op.execute(f"DROP TABLE {', '.join(tables)}")
    for function in (*SIGNATURES, "raise_resources()", "refuse_change_of_resource_version()"):
        op.execute(f"DROP FUNCTION {function}")
