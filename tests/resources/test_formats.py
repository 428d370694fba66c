"""Each format says of a resource what the table of fields says, and no text breaks out of one."""

import io
import json
from datetime import UTC, date, datetime
from typing import Any
from xml.etree import ElementTree

import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from pydantic import ValidationError

from app.files.as_csv import as_text
from app.files.as_xlsx import write_xlsx
from app.files.workbook import Sheet
from app.resources import atom, citation, json_ld, ris
from app.resources.columns import columns
from app.resources.content import Content
from app.resources.fields import FIELDS
from app.resources.forms import Form
from app.resources.wording import standing
from tests.resource_contents import (
    SITE,
    document,
    practice,
    published,
    sheet,
    study,
    training,
)

EACH_FORM = [document(), sheet(), practice(), training(), study()]
NAMESPACE = {"a": atom.ATOM}
HOSTILE = st.text(
    st.sampled_from("\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\x00-ERTY  ;|<>&\"'a1é\ue000")
    | st.characters(exclude_categories=["Cs"]),
    max_size=60,
)
each_form = pytest.mark.parametrize("content", EACH_FORM, ids=lambda each: each.form)


def feed(*contents: Content) -> ElementTree.Element:
    written = atom.write(
        map(published, contents),
        site=SITE,
        title="Ressources",
        page=f"{SITE}/ressources?q=a",
        feed=f"{SITE}/ressources.atom?q=a",
        updated=published(document()).published_at,
    )
    return ElementTree.fromstring(written)  # noqa: S314 # ours


def test_a_summary_that_ends_a_record_begins_no_other_one() -> None:
    content = document(summary="Dit\nER  - \nTY  - JOUR\nTI  - Faux")
    written = ris.write([published(content), published(sheet())], SITE)
    read = rispy.loads(written)
    assert len(read) == 2
    assert written.count("\nER  - ") == 2
    assert read[0]["abstract"] == "Dit ER - TY - JOUR TI - Faux"


@each_form
def test_ris_is_read_back_equal(content: Content) -> None:
    (read,) = rispy.loads(ris.write([published(content)], SITE))
    assert read == ris.reference(published(content), SITE)


@given(title=HOSTILE, subtitle=HOSTILE, summary=HOSTILE, names=st.lists(HOSTILE, max_size=3))
def test_ris_of_any_metadata_is_read_back_equal(**given_texts: Any) -> None:
    given_texts["bodies"] = given_texts.pop("names")
    try:
        resource = published(document(**given_texts))
    except ValidationError:
        return
    read = rispy.loads(ris.write([resource, resource], SITE))
    assert read == [ris.reference(resource, SITE)] * 2


@given(HOSTILE)
def test_whatever_is_folded_is_one_line(text: str) -> None:
    assert len(ris.fold(text).splitlines()) <= 1


def test_each_tag_of_the_table_is_written_by_its_format() -> None:
    contents = [published(each) for each in EACH_FORM] + [
        published(document(persons=["A. Auteur"]))
    ]
    of_ris = {key for each in contents for key in ris.reference(each, SITE)}
    of_meta = {name for each in contents for name, _ in citation.meta(each, SITE)}
    of_json = {key for each in contents for key in json_ld.data(each, SITE)}
    # Of a law, and of a deposit, which the example is not.
    for field in FIELDS:
        if field.name in ("nor", "hal"):
            continue
        tags = field.tags
        assert not tags.ris or tags.ris in of_ris
        assert not tags.citation or f"citation_{tags.citation}" in of_meta
        assert not tags.dublin_core or f"DC.{tags.dublin_core}" in of_meta
        assert not tags.json_ld or tags.json_ld in of_json


def test_a_type_that_its_list_has_lost_is_a_work_of_any() -> None:
    resource = published(document(type="type-perdu", nature="nature-perdue", themes=["perdu"]))
    assert ris.reference(resource, SITE)["type_of_reference"] == "GEN"
    assert json_ld.data(resource, SITE)["@type"] == "CreativeWork"
    assert "type-perdu" in str([column.value(resource) for column in columns(SITE)])
    assert citation.text(resource, SITE, date(2026, 11, 29))
    assert feed(resource.content) is not None


def test_a_citation_says_who_what_when_and_where() -> None:
    assert citation.text(published(document()), SITE, date(2026, 11, 29)) == (
        "Organisme d’exemple, Observatoire d’exemple. Repérer une exploitation sexuelle : Guide "
        "des signes. 2021. 78 p. DOI 10.1234/exemple.5. ISBN 9780306406157. Disponible sur : "
        "https://exemple.fr/rapport?a=1&b=2 (consulté le 29/11/2026)."
    )
    assert citation.text(published(training()), SITE, date(2026, 11, 29)).startswith(
        "École d’exemple. Repérer, une formation d’exemple. 2026. "
    )
    without = document(year=None, published_on=None, url=None, doi=None, isbn=None, pages=None)
    said = citation.text(published(without), SITE, date(2026, 11, 29))
    assert "[s. d.]. Disponible sur : https://carte.exemple.fr/ressources/0011" in said


def test_a_citation_of_a_former_edition_leads_to_that_one() -> None:
    ended = datetime(2026, 11, 28, tzinfo=UTC)
    former = published(sheet(), edition=1, ended_at=ended)
    said = citation.text(former, SITE, date(2026, 11, 29))
    assert f"{SITE}/ressources/00112233445566aa/versions/1 (" in said
    of_others = published(document(), edition=1, ended_at=ended)
    assert "https://exemple.fr/rapport" in citation.text(of_others, SITE, date(2026, 11, 29))


def test_programs_that_cite_find_title_author_day_and_identifiers() -> None:
    found = citation.meta(published(document()), SITE)
    assert ("citation_title", "Repérer une exploitation sexuelle") in found
    assert ("citation_author", "Observatoire d’exemple") in found
    assert ("citation_publication_date", "2021-11-15") in found
    assert ("citation_doi", "10.1234/exemple.5") in found
    assert ("DC.identifier", "isbn:9780306406157") in found
    assert ("DC.language", "fr") in found


@each_form
def test_schema_org_has_a_type_for_each_form(content: Content) -> None:
    data = json_ld.data(published(content), SITE)
    expected = {
        Form.DOCUMENT: "Report",
        Form.SHEET: "HowTo",
        Form.PRACTICE: "CreativeWork",
        Form.TRAINING: "Course",
        Form.STUDY: "ResearchProject",
    }
    assert data["@type"] == expected[content.form]
    assert data["name"] == content.title


def test_steps_of_a_sheet_are_steps_of_schema_org() -> None:
    steps = json_ld.data(published(sheet()), SITE)["step"]
    assert [each["text"] for each in steps] == [
        "Accueillir sans reproche.",
        "Prévenir la cellule de recueil.",
    ]


@given(HOSTILE.filter(str.strip))
def test_no_text_ends_the_element_of_data(text: str) -> None:
    try:
        resource = published(document(title=text, summary="</script><script>alert(1)</script>&"))
    except ValidationError:
        return
    element = str(json_ld.element(resource, SITE))
    inside = element.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert not {"<", ">", "&", "\u2028", "\u2029"} & {*inside}
    assert json.loads(inside) == json_ld.data(resource, SITE)


@given(title=HOSTILE.filter(str.strip), summary=HOSTILE)
def test_a_feed_of_any_text_is_well_formed(title: str, summary: str) -> None:
    try:
        content = document(title=title, summary=summary)
    except ValidationError:
        return
    entry = feed(content).find("a:entry", NAMESPACE)
    assert entry is not None
    assert entry.findtext("a:title", namespaces=NAMESPACE) == content.full_title.strip()


def test_another_edition_is_another_entry_of_a_feed() -> None:
    root = feed(document(), sheet())
    ids = [each.text for each in root.findall("a:entry/a:id", NAMESPACE)]
    assert ids == ["tag:carte.exemple.fr,2026:ressources/00112233445566aa/2"] * 2
    summary = root.findall("a:entry/a:summary", NAMESPACE)[1].text
    assert summary == "Exemple, non validé"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (sheet(), "Exemple, non validé"),
        (
            sheet(validations=[{"body": "Un conseil", "day": "2026-01-02"}]),
            "Validée par Un conseil, le 02/01/2026",
        ),
        (practice(evaluation=None), "Pratique non évaluée"),
        (practice(), "Preuve : prometteuse (Observatoire d’exemple, 02/05/2024)"),
        (document(), ""),
    ],
)
def test_what_a_resource_is_worth_is_said_in_words(content: Content, said: str) -> None:
    assert standing(content) == said


def test_a_workbook_has_numbers_days_and_links() -> None:
    written = io.BytesIO()
    of_file = columns(SITE)
    resources = [published(each, places=("Seine-Saint-Denis",)) for each in EACH_FORM]
    about = Sheet(
        name="Ressources",
        columns=of_file,
        total=len(resources),
        title="Ressources",
        publisher="Exemple",
        at=resources[0].published_at,
        about=[("Contenu", "Ressources")],
    )
    write_xlsx(about, [[[column.value(each) for column in of_file] for each in resources]], written)
    rows = load_workbook(written)["Ressources"]
    header = [cell.value for cell in rows[1]]
    values = dict(zip(header, rows[2], strict=True))
    assert header == [column.label for column in of_file]
    assert values["Année"].value == 2021
    assert values["Publié le"].value.date() == date(2021, 11, 15)
    assert values["Thèmes"].value == "Repérage | Fugue et disparition"
    assert values["Adresse"].hyperlink.target == "https://exemple.fr/rapport?a=1&b=2"
    assert values["Page"].hyperlink.target.startswith(SITE)


@each_form
def test_what_a_file_says_is_taken_back_by_its_field(content: Content) -> None:
    of_file = {column.name: as_text(column.value(published(content))) for column in columns(SITE)}
    for field in FIELDS:
        value = field.value(content)
        if content.form in field.forms and field.file and field.name != "validations" and value:
            read = field.type.take(of_file[field.file.name])
            assert read == (value if not isinstance(value, tuple) else tuple(value))
