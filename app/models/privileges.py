"""What each role may do, as the last migration left it: the tests compare the database with this.

Roles are named after the database, since roles belong to the whole cluster:
NAME_owner migrates, NAME_staff curates and imports, NAME_public serves public pages.
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
    "actor_fingerprint": REPLACE,
    "actor_protected": WRITE,
    "audit_anchor": READ,
    "audit_entry": ADD,
    "batch": ADD,
    "challenge": ADD | {"DELETE"},
    "commune": REPLACE,
    "competence": REPLACE,
    "confirmation": REPLACE,
    "deposit": WRITE,
    "deposit_line": REPLACE,
    "desk_draft": REPLACE,
    "embed": ADD,
    "embed_revocation": ADD,
    "epci": REPLACE,
    "erased_mark": READ,
    "erasure_debt": ADD | {"DELETE"},
    "erasure_request": READ,
    "former_commune": REPLACE,
    "former_tie": REPLACE,
    "geocoding": WRITE,
    "invitation": REPLACE,
    "passkey": REPLACE,
    "proposal": REPLACE,
    "provenance": WRITE,
    "recovery_code": REPLACE,
    "register": WRITE,
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
    "revision": ("revision_is_append_only", "revision_is_never_emptied"),
    "territory": ("territory_rewritten",),
}
