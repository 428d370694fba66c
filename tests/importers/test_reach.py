"""What stands in the column of something else."""

import pytest

from tests.importers.conftest import Read, reported


@pytest.mark.parametrize(
    ("tel", "mail", "site", "phones", "emails", "website"),
    [
        ("", "a@b.fr ; c@d.fr", "", (), ("a@b.fr", "c@d.fr"), None),
        ("", "www.b.fr", "", (), (), "https://www.b.fr"),
        ("", "a@b.fr - www.b.fr", "", (), ("a@b.fr",), "https://www.b.fr"),
        ("", "", "a@b.fr", (), ("a@b.fr",), None),
        ("", "", "www.b.fr a@b.fr", (), ("a@b.fr",), "https://www.b.fr"),
        ("a@b.fr", "", "", (), ("a@b.fr",), None),
        ("01 43 93 93 93 a@b.fr", "", "", ("+33143939393",), ("a@b.fr",), None),
        ("", "01 43 93 93 93", "", ("+33143939393",), (), None),
        ("01 43 93 93 93", "a@b.fr 01 43 93 93 94", "b.fr",
         ("+33143939393", "+33143939394"), ("a@b.fr",), "https://b.fr"),
        ("", "C@d.fr", "a@b.fr c@d.fr", (), ("C@d.fr", "a@b.fr"), None),
    ],
)  # fmt: skip
def test_a_mailbox_a_site_and_a_number_go_where_they_belong(
    read: Read,
    tel: str,
    mail: str,
    site: str,
    phones: tuple[str, ...],
    emails: tuple[str, ...],
    website: str | None,
) -> None:
    text = f'Nom;Type;Commune;Tél;Mail;Site\nA;ASE;Bobigny;"{tel}";"{mail}";"{site}"\n'
    result = read(text)
    (row,) = result.rows
    assert (row.phones, row.emails, row.website) == (phones, emails, website)
    assert result.problems == ()


def test_several_columns_of_mailboxes_are_read_together(read: Read) -> None:
    text = "Nom;Type;Commune;Mail;Courriel\nA;ASE;Bobigny;a@b.fr;c@d.fr\n"
    assert read(text).rows[0].emails == ("a@b.fr", "c@d.fr")


@pytest.mark.parametrize("mail", ["a@", "pas de mail", "a@b.fr ; c@"])
def test_a_mailbox_that_is_none_is_reported(read: Read, mail: str) -> None:
    result = read(f'Nom;Type;Commune;Mail\nA;ASE;Bobigny;"{mail}"\n')
    assert reported(result) == ["Mail"]
