"""From what somebody wrote to the columns of the open table, and back."""

from collections.abc import Mapping
from typing import Any

from app.resources.content import Content, lines_of, markdown_of, read_stored
from app.resources.fields import shown_of
from app.resources.forms import Form
from app.resources.identifiers import READERS
from app.resources.markdown import plain

BODY_MAX = 60_000
# What a term stands for is found by its label as well.
LABELLED = ("form", "type", "nature", "themes", "publics", "situations", "functions")
# Attributes of a content that stand in a column of the same name.
SAME = (
    *("title", "subtitle", "bodies", "persons", "published_on", "nature", "method", "themes"),
    *("publics", "situations", "functions", "languages", "reach", "territories", "url", "pages"),
    *("media", "accessibility", "summary", "audience", "actor_ids"),
)


def columns_of(content: Content) -> dict[str, Any]:
    """Return the columns that follow from a content, by name; lists for arrays and for JSON."""
    dumped = public_content(content)
    own = dumped["own"]
    found = content.evaluation
    return {
        **{name: dumped[name] for name in SAME},
        "published_on": content.published_on,
        "form": content.form.value,
        "type": content.named_type,
        "year": content.said_year,
        "identifiers": {name: dumped[name] for name in READERS if dumped[name]},
        "proof": found.proof.value if found else None,
        "proof_by": (found.by or None) if found else None,
        "proof_on": found.on if found else None,
        "proof_url": found.url if found else None,
        "validations": own.get("validations", []),
        "content": own,
        "body": body_of(content),
        "labels": " ".join(label for name in LABELLED for label in shown_of(content, name)),
    }


def public_content(content: Content) -> dict[str, Any]:
    """Return a content as JSON that visitors may read: relations stand where both ends are public.

    By themselves they would give ids of what is held, withdrawn or for professionals.
    """
    return content.model_dump(mode="json", exclude={"own": {"relations"}})


def content_of(row: Mapping[str, Any]) -> Content:
    """Return the content of a row of the open table, by the names of its columns."""
    document = row["form"] == Form.DOCUMENT
    return read_stored(
        {name: row[name] for name in SAME if row[name] is not None}
        | row["identifiers"]
        | {"own": row["content"], "year": row["year"], "type": row["type"] if document else None}
    )


def body_of(content: Content) -> str:
    """Return all text of its form's own part, without the signs of Markdown."""
    said = (*map(plain, markdown_of(content.own)), *lines_of(content.own))
    return "\n".join(filter(None, said))[:BODY_MAX]
