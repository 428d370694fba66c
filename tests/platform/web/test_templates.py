"""What templates write is what Jinja and MarkupSafe would write of the same values."""

from datetime import date

import pytest
from jinja2 import Environment
from markupsafe import Markup, escape

from app.platform.web.templates import Templates, escaped


class Name(str):
    """A text that is more than one."""

    __slots__ = ()


class Drawn:
    """Something that says itself how it stands in a page."""

    def __html__(self) -> str:
        return "<b>&amp;</b>"


@pytest.mark.parametrize("sign", [*"&<>\"'", "é", "", " "])
def test_each_sign_is_written_as_markupsafe_writes_it(sign: str) -> None:
    text = f"avant{sign}après"
    assert escaped(text) == str(escape(text))
    assert escaped(Name(text)) == str(escape(text))


@pytest.mark.parametrize("value", [Markup("<b>'</b>"), Drawn(), 12, None, date(2026, 5, 1), ["<"]])
def test_other_values_are_written_as_markupsafe_writes_them(value: object) -> None:
    assert escaped(value) == str(escape(value))


SOURCE = """
{% macro each(item, level=1) -%}
<i>{{ item }}</i>{{ caller(level) if caller is defined }}
{%- endmacro %}
{% for item in items %}
{% call(level) each(item, level=2) %}{{ loop.index }}{{ level }}{{ item | upper }}{% endcall %}
{% endfor %}
{{ each("<") }}{{ twice("'") }}{{ items | join("&") }}{{ "<" ~ items[0] }}
{{ "many" if items | length > 3 }}{{ "few" ~ ("er" if items | length > 3) }}
{% autoescape false %}{{ items[0] }}{% endautoescape %}
"""


def test_a_template_is_what_jinja_makes_of_it() -> None:
    given = {"items": ["<a>", Markup("<b>"), "c'est"], "twice": lambda text: text * 2}
    ours, theirs = (
        made(autoescape=True).from_string(SOURCE).render(given) for made in (Templates, Environment)
    )
    assert ours == theirs
    assert "&lt;a&gt;" in ours
