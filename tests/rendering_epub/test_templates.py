"""The strict environment that print pages and e-books share."""

from __future__ import annotations

from pathlib import Path

import pytest

from issue_publisher.issue.model import Article, Paragraph, text
from issue_publisher.rendering.templates import TemplateFault, environment, render


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        ("\n\n{{ articel }}", "3: 'articel' is undefined (is article meant?)"),
        ("{{ article.headlin }}", "1: Article has no 'headlin' (is headline meant?)"),
        ("{{ article.series.name }}", "1: None has no 'name'"),
        ("{% if unknown == 1 %}{% endif %}", "1: 'unknown' is undefined (there are article)"),
        ("\n{% for x in unknown %}{% endfor %}", "2: 'unknown' is undefined (there are article)"),
        ("\n{{ 1 + 'a' }}", "2: TypeError: unsupported operand type(s) for +: 'int' and 'str'"),
        ("{{ article | nofilter }}", "1: No filter named 'nofilter'."),
        ("{{ [1, 2] | random }}", "1: No filter named 'random'."),
        ("\n{% include 'pag' %}", "2: there is no template pag (is page meant?)"),
        ("{% include '../secret' %}", "1: there is no template ../secret"),
        ("{{ article", "1: unexpected end of template, expected 'end of print statement'."),
        (
            "\n{% macro m(x) %}\n{{ x.nothing }}\n{% endmacro %}{{ m(article) }}",
            "3: Article has no 'nothing'",
        ),
    ],
)
def test_a_fault_names_file_and_line_and_what_would_be_right(
    template: str, fault: str, tmp_path: Path
) -> None:
    (tmp_path / "page").write_text(template, encoding="utf-8")
    (tmp_path.parent / "secret").write_text("secret", encoding="utf-8")
    with pytest.raises(TemplateFault) as caught:
        render(environment(tmp_path), "page", article=Article("a"))
    assert str(caught.value).startswith(f"{tmp_path / 'page'}:{fault}")
    assert caught.value.file == str(tmp_path / "page")
    assert caught.value.line == int(fault.split(":")[0])


def test_a_missing_template_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(TemplateFault, match="there is no template page"):
        render(environment(tmp_path), "page")


def test_values_are_escaped_everywhere(tmp_path: Path) -> None:
    (tmp_path / "page.css").write_text(
        "{{ words }}{% set x %}<i>{{ words }}</i>{% endset %}{{ x }}", encoding="utf-8"
    )
    assert render(environment(tmp_path), "page.css", words="<&\"'") == (
        "&lt;&amp;&#34;&#39;<i>&lt;&amp;&#34;&#39;</i>"
    )


def test_blocks_can_be_told_apart(tmp_path: Path) -> None:
    (tmp_path / "page").write_text("{{ block | kind }}", encoding="utf-8")
    assert render(environment(tmp_path), "page", block=Paragraph(text("话"))) == "paragraph"


def test_a_fault_of_our_own_code_is_not_blamed_on_a_template(tmp_path: Path) -> None:
    with pytest.raises(AttributeError):
        render(None, "page")  # type: ignore[arg-type]
