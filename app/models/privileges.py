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

# Staff delete nothing that was received, published or remembered. What an embed locks is never
# changed: it is revoked, for good, and another one is made.
STAFF_TABLES: dict[str, frozenset[str]] = {
    "actor": WRITE,
    "actor_fingerprint": REPLACE,
    "actor_protected": WRITE,
    "batch": ADD,
    "commune": REPLACE,
    "embed": ADD,
    "embed_revocation": ADD,
    "epci": REPLACE,
    "erased_mark": READ,
    "erasure_debt": ADD | {"DELETE"},
    "erasure_request": READ,
    "former_commune": REPLACE,
    "geocoding": WRITE,
    "proposal": WRITE,
    "provenance": WRITE,
    "register": WRITE,
    "revision": ADD,
    "sealed_secret": ADD,
    "source": WRITE,
    "source_file": WRITE,
    "source_record": WRITE,
    "source_row": WRITE,
    "spatial_ref_sys": READ,
    "territory": REPLACE,
}

TRIGGERS: dict[str, tuple[str, ...]] = {
    "actor": ("actor_inserted", "actor_updated", "actor_deleted", "actor_emptied"),
    "batch": ("batch_is_append_only", "batch_is_never_emptied"),
    "commune": ("commune_rewritten",),
    "epci": ("epci_rewritten",),
    "former_commune": ("former_commune_rewritten",),
    "revision": ("revision_is_append_only", "revision_is_never_emptied"),
    "territory": ("territory_rewritten",),
}
