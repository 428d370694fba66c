"""What templates write is what Jinja and MarkupSafe would write of the same values."""

from datetime import date
from types import CodeType, SimpleNamespace
from typing import Any, cast

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError
from markupsafe import Markup, escape

from app.platform.web.templates import COMPILED, PublicTemplates, Templates, escaped


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
{% macro several(first, second="<") -%}
{{ first }}{{ second }}{{ varargs | join(",") }}{{ kwargs }}
{%- endmacro %}
{% macro plain(first, second="<", third=first) -%}
{{ first }}{{ second }}{{ third }}
{%- endmacro %}
{{ several("a") }}{{ several("a", "b", "&") }}{{ several("a", third="'") }}
{{ plain("&") }}{{ plain("a", "b") }}{{ plain("a", "b", "c") }}{{ plain("a", third=">") }}
{% for item in items %}
{% call(level) each(item, level=2) %}{{ loop.index }}{{ level }}{{ item | upper }}{% endcall %}
{% endfor %}
{{ each("<") }}{{ twice("'") }}{{ items | join("&") }}{{ "<" ~ items[0] }}
{{ "many" if items | length > 3 }}{{ "few" ~ ("er" if items | length > 3) }}
{% autoescape false %}{{ items[0] }}{{ plain("&") }}{% endautoescape %}
"""


def test_a_template_is_what_jinja_makes_of_it() -> None:
    given = {"items": ["<a>", Markup("<b>"), "c'est"], "twice": lambda text: text * 2}
    ours, public, theirs = (
        made(autoescape=True).from_string(SOURCE).render(given)
        for made in (Templates, PublicTemplates, Environment)
    )
    assert ours == public == theirs
    assert "&lt;a&gt;" in ours


@pytest.mark.parametrize("source", ["{{ facts.age }}", "{{ missing.age }}", "{{ 1.age }}"])
def test_a_public_page_that_names_what_is_no_attribute_fails(source: str) -> None:
    made = PublicTemplates(autoescape=True, undefined=StrictUndefined).from_string(source)
    with pytest.raises((AttributeError, UndefinedError)):
        made.render(facts={"age": 12})


def test_too_many_arguments_of_a_macro_are_an_error() -> None:
    made = Templates().from_string("{% macro one(a) %}{{ a }}{% endmacro %}{{ one(1, 2) }}")
    with pytest.raises(TypeError):
        made.render()


def test_a_public_page_reads_a_name_that_python_has_another_use_for() -> None:
    made = PublicTemplates(undefined=StrictUndefined).from_string("{{ thing.class }}{{ thing.of }}")
    assert made.render(thing=SimpleNamespace(**{"class": "a", "of": "b"})) == "ab"


def test_a_template_is_compiled_once_for_all_applications_of_a_kind() -> None:
    def code(environment: type[Templates], source: str) -> CodeType:
        made = environment(loader=DictLoader({"page": source}), bytecode_cache=COMPILED)
        written: Any = made.get_template("page").root_render_func
        return cast(CodeType, written.__code__)

    first = code(Templates, "{{ a.b }}")
    assert code(Templates, "{{ a.b }}") is first
    assert code(PublicTemplates, "{{ a.b }}") != first
    assert code(Templates, "{{ a.c }}") != first
