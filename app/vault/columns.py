"""Every sealed column of the database, and what its values are sealed for: table, row, column."""

from dataclasses import dataclass

from sqlalchemy import Table

from app.models import Base


@dataclass(frozen=True, slots=True)
class SealedColumns:
    """The sealed columns of a table; key: the column that names the row they are sealed for."""

    table: str
    key: str
    columns: tuple[str, ...]

    @property
    def model(self) -> Table:
        """Return the table as SQLAlchemy knows it."""
        return Base.metadata.tables[self.table]


SEALED = (
    SealedColumns("actor_protected", "actor_id", ("record", "causes")),
    SealedColumns("provenance", "actor_id", ("fields",)),
    SealedColumns("proposal", "id", ("detail",)),
    SealedColumns("geocoding", "actor_id", ("answer",)),
    SealedColumns("revision", "id", ("why", "change")),
    SealedColumns("agenda_record", "id", ("content",)),
    SealedColumns("agenda_registration", "id", ("content",)),
    SealedColumns("letter", "id", ("content",)),
    SealedColumns("letter_subscriber", "id", ("content",)),
    SealedColumns("embed_revocation", "embed_id", ("why",)),
    SealedColumns("source", "id", ("name", "contact", "mapping")),
    SealedColumns("source_file", "id", ("name", "content", "titles", "mapping")),
    SealedColumns("source_row", "id", ("content",)),
    SealedColumns("deposit", "file_id", ("content", "corrected", "handling", "reading")),
    SealedColumns("deposit_line", "id", ("content",)),
    SealedColumns("report", "id", ("content",)),
    SealedColumns("alert", "id", ("content",)),
    SealedColumns("network_member", "account_id", ("profile",)),
    SealedColumns("member_message", "id", ("content",)),
    SealedColumns("member_report", "id", ("content",)),
    SealedColumns("network_invitation", "id", ("content",)),
    SealedColumns("cdlp_meeting", "id", ("actors",)),
    SealedColumns("committee_member", "id", ("content",)),
    SealedColumns("committee_agenda", "meeting_id", ("content",)),
    SealedColumns("committee_decision", "id", ("content",)),
    SealedColumns("erasure_request", "id", ("why",)),
    SealedColumns("account", "id", ("person", "password", "totp", "chief", "reason")),
    SealedColumns("access_request", "id", ("content",)),
    SealedColumns("passkey", "id", ("name",)),
    SealedColumns("provider_identity", "account_id", ("detail",)),
    SealedColumns("staff_session", "id", ("device",)),
    SealedColumns("desk_draft", "id", ("content",)),
    SealedColumns("resource_version", "id", ("content", "note")),
    SealedColumns("resource_hold", "id", ("by_text",)),
    SealedColumns("resource_draft", "id", ("content",)),
    SealedColumns("resource_import", "id", ("plan",)),
    SealedColumns("resource_proposal", "id", ("content",)),
    SealedColumns("link_receipt", "id", ("name",)),
    SealedColumns("operator_code", "id", ("label",)),
    SealedColumns("reveal_choice", "actor_id", ("content",)),
    SealedColumns("audit_entry", "id", ("detail",)),
    # The last one of a rotation: until then no process starts without the former key.
    SealedColumns("sealed_secret", "name", ("value",)),
)
# Keyed or plain digests: bytes that nobody can open, and that no key has to.
DIGESTS = {
    ("access_mail", "domain"),
    ("access_mail", "mailbox"),
    ("access_request", "login"),
    ("access_request", "mailbox"),
    ("access_request", "token"),
    ("account", "login"),
    ("actor_fingerprint", "digest"),
    ("actor_question", "token"),
    ("agenda_mark", "digest"),
    ("agenda_registration", "mailbox"),
    ("agenda_registration", "token"),
    ("alert", "digest"),
    ("audit_anchor", "link"),
    ("audit_entry", "link"),
    ("audit_entry", "mac"),
    ("committee_member", "mailbox"),
    ("competence", "key"),
    ("confirmation", "token"),
    ("deposit_line", "category"),
    ("deposit_line", "commune"),
    ("deposit_line", "mark"),
    ("deposit_line", "open_mark"),
    ("deposit_line", "pair"),
    ("deposit_link", "token"),
    ("erased_mark", "digest"),
    ("former_tie", "content"),
    ("former_tie", "identity"),
    ("geocoding", "question"),
    ("inbox_count", "network"),
    ("inbox_message", "network"),
    ("inbox_message", "registers"),
    ("invitation", "token"),
    ("letter_mail", "mark"),
    ("letter_mark", "digest"),
    ("letter_subscriber", "mailbox"),
    ("member_calendar", "token"),
    ("network_mark", "digest"),
    ("operator_code", "digest"),
    ("operator_code", "link"),
    ("proposal", "subject"),
    ("provider_identity", "subject"),
    ("readers_choice", "mark"),
    ("recovery_code", "digest"),
    ("resource_link", "url_digest"),
    ("resource_mark", "digest"),
    ("reveal", "sealed"),
    ("reveal_choice", "mark"),
    ("sign_in_attempt", "login"),
    ("sign_in_attempt", "network"),
    ("source", "digest"),
    ("source_file", "sha256"),
    ("source_record", "identity"),
    ("source_record", "content"),
    ("staff_session", "network"),
    ("staff_session", "token"),
}
# Bytes that anybody may have: a passkey's are of use to nobody but its authenticator.
PUBLISHED = {
    ("audit_anchor", "signature"),
    ("challenge", "challenge"),
    ("embed", "logo"),
    # The half that seals, and what tells when a form was shown.
    ("inbox_key", "public"),
    ("inbox_key", "stamp"),
    # The half that knows links of mails.
    ("link_key", "public"),
    ("passkey", "credential"),
    ("passkey", "public_key"),
}
# Sealed by somebody else, for the private half of an InboxKey, which is a sealed_secret.
BOXES = {("inbox_message", "box"), ("mail_act", "box")}
