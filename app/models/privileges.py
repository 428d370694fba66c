"""What each role may do, as the last migration left it: the tests compare the database with this.

Roles are named after the database, since roles belong to the whole cluster:
NAME_owner migrates, NAME_staff curates and imports, NAME_public serves public pages, NAME_inbox
adds what a visitor writes.
"""

# The public login reads these views, in schema open, which is first on its search_path.
# They are plain: a security_barrier keeps the planner off the spatial and trigram indexes.
PUBLIC_VIEWS: dict[str, tuple[str, ...]] = {
    "actor": (
        "public_id",
        "slug",
        "status",
        "protected",
        "category",
        "name",
        "acronym",
        "description",
        "functions",
        "audiences",
        "languages",
        "age_min",
        "age_max",
        "phones",
        "duty_phones",
        "duty_hours",
        "email",
        "website",
        "opening_hours",
        "hours_text",
        "access",
        "access_text",
        "referral_public",
        "referrers_public",
        "address",
        "commune_code",
        "point",
        "precision",
        "territory_code",
        "covers_national",
        "covers_territories",
        "covers_epcis",
        "covers_communes",
        "verified_on",
        "register",
        "words",
        "folded",
        "facet_key",
        "covers_said_on",
        "communes_said",
    ),
    "territory": (
        "code",
        "name",
        "slug",
        "kind",
        "region_code",
        "region_name",
        "boundary",
        "outline",
    ),
    "epci": ("code", "name"),
    "commune": (
        "code",
        "name",
        "search_name",
        "territory_code",
        "postcodes",
        "epci_code",
        "point",
        "population",
    ),
    "former_commune": (
        "code",
        "name",
        "kind",
        "commune_code",
        "postcodes",
        "search_name",
        "population",
        "point",
    ),
    "territory_version": ("territory_code", "version"),
    "former_address": ("public_id", "target"),
    "register": ("code", "day"),
    "competence": ("register", "commune_code", "category", "anyone", "public_id"),
    "embed": (
        "id",
        "search",
        "look",
        "origins",
        "name",
        "contact",
        "logo",
        "logo_type",
        "revoked",
    ),
    "inbox_key": ("public", "stamp", "made_at"),
    "coverage_quarter": ("month", "function", "without"),
}

# The login of the inbox adds these columns of a row, and reads nothing, not even what it added.
# What is added by a view is counted up by its trigger.
INBOX_RELATIONS: dict[str, tuple[str, ...]] = {
    "inbox_message": ("network", "box"),
    "page_view_added": ("day", "page", "territory_code", "facet", "embed_id", "count"),
}

READ = frozenset({"SELECT"})
ADD = READ | {"INSERT"}
WRITE = ADD | {"UPDATE"}
REPLACE = WRITE | {"DELETE"}

# Staff delete nothing that was received or published; of what is remembered, what an undone list
# had tied or proposed. What an embed locks is never changed: it is revoked, another one is made.
STAFF_TABLES: dict[str, frozenset[str]] = {
    "account": REPLACE,
    "actor": WRITE,
    "actor_call": REPLACE,
    "actor_compared": WRITE,
    "actor_fingerprint": REPLACE,
    "actor_protected": WRITE,
    "actor_question": REPLACE,
    "audit_anchor": READ,
    "audit_entry": ADD,
    "batch": ADD,
    "cdlp_meeting": REPLACE,
    "challenge": ADD | {"DELETE"},
    "commune": REPLACE,
    "competence": REPLACE,
    "confirmation": REPLACE,
    "coverage_count": ADD,
    "deposit": WRITE,
    "deposit_line": REPLACE,
    "deposit_link": REPLACE,
    "desk_draft": REPLACE,
    "embed": ADD,
    "embed_revocation": ADD,
    "epci": REPLACE,
    "erased_mark": READ,
    "erasure_debt": ADD | {"DELETE"},
    "erasure_request": READ,
    "former_address": REPLACE,
    "former_commune": REPLACE,
    "former_tie": REPLACE,
    "geocoding": WRITE,
    "inbox_key": ADD,
    "inbox_message": READ | {"UPDATE", "DELETE"},
    "invitation": REPLACE,
    "link_receipt": REPLACE,
    "page_view": REPLACE,
    "page_view_facet": ADD,
    "operator_code": REPLACE,
    "passkey": REPLACE,
    "proposal": REPLACE,
    "provenance": WRITE,
    "recovery_code": REPLACE,
    "register": WRITE,
    "report": REPLACE,
    "revision": ADD,
    "sealed_secret": ADD,
    "sign_in_attempt": ADD | {"DELETE"},
    "source": WRITE,
    "source_file": WRITE,
    "source_record": REPLACE,
    "source_row": WRITE,
    "spatial_ref_sys": READ,
    "staff_session": REPLACE,
    "territory": REPLACE,
    "territory_curateur": REPLACE,
}

# The queue, in schema jobs, is its library's: staff add jobs and do them, the public sees none.
JOBS_RELATIONS: dict[str, frozenset[str]] = {
    "procrastinate_events": ADD,
    "procrastinate_events_id_seq": frozenset({"USAGE"}),
    "procrastinate_jobs": REPLACE,
    "procrastinate_jobs_id_seq": frozenset({"USAGE"}),
    "procrastinate_periodic_defers": REPLACE,
    "procrastinate_periodic_defers_id_seq": frozenset({"USAGE"}),
    "procrastinate_workers": REPLACE,
}

# Of our own tables; those of the queue are compared with the library's.
TRIGGERS: dict[str, tuple[str, ...]] = {
    "actor": ("actor_inserted", "actor_updated", "actor_deleted", "actor_emptied"),
    "audit_anchor": ("audit_anchor_is_append_only", "audit_anchor_is_never_emptied"),
    "audit_entry": (
        "audit_entry_follows_the_last",
        "audit_entry_is_append_only",
        "audit_entry_is_never_emptied",
    ),
    "batch": ("batch_is_append_only", "batch_is_never_emptied"),
    "commune": ("commune_rewritten",),
    "competence": ("competence_added", "competence_changed", "competence_removed"),
    "epci": ("epci_rewritten",),
    "former_commune": ("former_commune_rewritten",),
    "inbox_message": ("inbox_is_limited",),
    "page_view_added": ("page_view_is_added",),
    "revision": ("revision_is_append_only", "revision_is_never_emptied"),
    "territory": ("territory_rewritten",),
}
