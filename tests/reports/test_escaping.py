"""Words from hosts and people show as they are and mark nothing up, in any format."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from readiness_tui.reports import json as status_json
from readiness_tui.reports import junit, notes_md, signoff_html, signoff_md
from readiness_tui.reports.parts import markdown
from readiness_tui.reports.parts.text import one_line, visible, web_address
from tests.reports import sample

UNHURRIED = settings(deadline=None)
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
WORDS = st.text(
    alphabet=st.one_of(
        st.sampled_from("`*_[]()<>!#|~\\&;:/.@-+=$\n\r\t 1aw\x1b\u202e"), st.characters(codec="utf-8")
    ),
    max_size=60,
)
BAIT = st.sampled_from(
    [
        "<img src=x onerror=alert(1)>",
        "![x](http://evil.example/p.png)",
        "[x](javascript:alert(1))",
        "<javascript:alert(1)>",
        "</pre><script>",
        "```\n</script>",
        "&lt;b&gt;",
        "1) one",
        "- [x] ticked",
        "> quoted",
        "a | b\n|---|---|\n",
        "***",
        "# heading ##",
        "]]>",
        "{{ page.seal }}{% raw %}",
        sample.HOSTILE,
    ]
)
HOSTILE = st.one_of(WORDS, BAIT, st.tuples(WORDS, BAIT, WORDS).map("".join))


def kept(words: str) -> str:
    """As a session can hold them: no NUL, and something that is not blank."""
    return words.replace("\0", "") + "w"


def tokens(found: Sequence[Token]) -> Iterator[Token]:
    for token in found:
        yield token
        yield from tokens(token.children or [])


@UNHURRIED
@given(HOSTILE)
def test_inline_words_are_nothing_but_text(words: str) -> None:
    parsed = MARKDOWN.parse(f"- {markdown.inline(words)}")
    kinds = {token.type for token in tokens(parsed)} - {"text", "inline", "text_special"}
    outer = {
        f"{name}_{end}" for name in ("bullet_list", "list_item", "paragraph") for end in ("open", "close")
    }
    assert kinds <= outer
    said = "".join(token.content for token in tokens(parsed) if token.type in ("text", "text_special"))
    assert said == one_line(words)


@UNHURRIED
@given(HOSTILE)
def test_inline_words_stay_in_their_table_cell(words: str) -> None:
    parsed = MARKDOWN.parse(f"| a | b |\n|---|---|\n| x {markdown.inline(words)} | y |")
    cells = [token.content for token in parsed if token.type == "inline"]
    assert len(cells) == 4
    assert cells[3] == "y"


@UNHURRIED
@given(HOSTILE)
def test_a_code_span_holds_its_words_alone(words: str) -> None:
    (inline,) = [token for token in MARKDOWN.parse(f"a {markdown.code(words)} b") if token.type == "inline"]
    assert [token.type for token in inline.children or []] == ["text", "code_inline", "text"]


@UNHURRIED
@given(HOSTILE, st.sampled_from([0, 4]))
def test_a_fence_holds_its_words_alone(words: str, indent: int) -> None:
    above = "- above\n\n" if indent else ""
    parsed = MARKDOWN.parse(f"{above}{markdown.fenced(words, indent and 2)}\n\nafter")
    fences = [token for token in parsed if token.type == "fence"]
    assert len(fences) == 1
    assert [line.rstrip(" ") for line in fences[0].content.rstrip("\n").split("\n")] == [
        line.rstrip(" ") for line in visible(words).rstrip("\n").replace("\0", "\ufffd").split("\n")
    ]
    assert parsed[-2].content == "after"


@settings(UNHURRIED, max_examples=40)
@given(HOSTILE)
def test_documents_keep_their_shape_whatever_people_write(words: str) -> None:
    for render in (notes_md.render, signoff_md.render):
        plain = shape(render(sample.reviewed(sample.session("plain"))).decode())
        assert shape(render(sample.reviewed(sample.session(kept(words)))).decode()) == plain


def shape(text: str) -> list[tuple[str, str]]:
    """Headings, lists, links, code and tables in order; what an attack would have to change."""
    kept = (
        "heading_open",
        "list_item_open",
        "link_open",
        "image",
        "html_block",
        "html_inline",
        "fence",
        "td_open",
        "hr",
    )
    return [(token.type, token.tag) for token in tokens(MARKDOWN.parse(text)) if token.type in kept]


class Page(HTMLParser):
    """The elements of a page; fails on what must not be there."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[str] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.ids: list[str] = []
        self.labels: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        named = dict(attrs)
        assert not {name for name in named if name.startswith("on")}
        assert not {"src", "href", "action", "style"} & set(named)
        self.ids += [named["id"] or ""] if "id" in named else []
        self.labels += [named["aria-labelledby"] or ""] if "aria-labelledby" in named else []
        if tag not in ("meta", "br", "link", "col"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(text: str) -> Page:
    page = Page()
    page.feed(text)
    page.close()
    assert page.open == []
    return page


def test_the_html_page_needs_nothing_else_and_can_be_navigated() -> None:
    page = read(signoff_html.render(sample.reviewed(sample.session())).decode())
    assert not {"script", "link", "img", "iframe", "form", "object"} & set(page.elements)
    assert {"h1", "main", "caption", "th"} <= set(page.elements)
    assert len(set(page.ids)) == len(page.ids)
    assert set(page.labels) <= set(page.ids)


@settings(UNHURRIED, max_examples=40)
@given(HOSTILE)
def test_the_html_page_keeps_its_shape_whatever_people_write(words: str) -> None:
    plain = read(signoff_html.render(sample.reviewed(sample.session("plain"))).decode())
    found = read(signoff_html.render(sample.reviewed(sample.session(kept(words)))).decode())
    assert found.elements == plain.elements
    assert not set("\x1b\x00\u202e\u200b") & set("".join(found.words))


@settings(UNHURRIED, max_examples=40)
@given(HOSTILE)
def test_machine_formats_can_be_read_whatever_people_write(words: str) -> None:
    found = ElementTree.fromstring(junit.render(sample.reviewed(sample.session(kept(words)))).decode())
    assert found.attrib["tests"] == "12"
    output = json.loads(status_json.render(sample.reviewed(sample.session(kept(words)))).decode())
    assert len(output["items"]) == 12


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("https://wiki.example/a?b=1&c=%20#d", True),
        ("http://x", True),
        ("javascript:alert(1)", False),
        ("https://x/<b>", False),
        ("https://x/ y", False),
        ("https://x/\n", False),
        ("HTTPS//x", False),
    ],
)
def test_only_plain_web_addresses_become_links(text: str, linked: bool) -> None:
    assert (web_address(text) is not None) is linked
    opened = [t for t in tokens(MARKDOWN.parse(f"a {markdown.address(text)}")) if t.type == "link_open"]
    assert len(opened) == linked


def test_the_checklists_own_code_stays_code() -> None:
    said = markdown.item_text("Updated (`apt & <b>`), not <b>bold</b> nor `half")
    assert said == r"Updated (`apt & <b>`), not \<b>bold\</b> nor \`half"


def test_junit_passes_only_what_is_ready() -> None:
    root = ElementTree.fromstring(junit.render(sample.reviewed(sample.session())).decode())
    kinds = {
        case.attrib["classname"]: next(
            (child.tag for child in case if child.tag not in ("system-out", "properties")), "pass"
        )
        for case in root.iter("testcase")
    }
    assert [name for name, kind in kinds.items() if kind == "pass"] == [
        "paper.run.book",
        "paper.run.yes",
    ]
    assert kinds["server.ssh.ntp"] == "error"
    assert kinds["server.ssh.motd"] == "failure"
    assert kinds["server.ssh.users"] == "skipped"
    assert root.attrib["failures"] == str(list(kinds.values()).count("failure"))
