"""What pages read of registered embeds: view open.embed, as the public login sees it."""

from sqlalchemy import text

REGISTERED = text(
    "SELECT id, search, look, origins, name, contact, logo IS NOT NULL AS logo, revoked"
    " FROM embed WHERE id = :id"
)
LOGO = text("SELECT logo, logo_type FROM embed WHERE id = :id AND logo IS NOT NULL AND NOT revoked")
