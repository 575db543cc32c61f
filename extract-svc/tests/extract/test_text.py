import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from extract_svc.text import clean, html_to_text, node_to_text, one_line, strip_hidden


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>one</p>two", "one\ntwo"),
        ("<div>a<br>b</div>", "a\nb"),
        ("<ul><li>Python<li>SQL &amp; more</ul>", "- Python\n- SQL & more"),
        ("<ul><li><p>Python</p></li></ul>", "- Python"),
        ("<table><tr><td>Pay</td><td>50 k</td></tr></table>", "Pay 50 k"),
        ("<p>Ju<b>ni</b>or   dev\n eloper</p>", "Junior dev eloper"),
        ("<pre>one\n  two</pre>", "one\ntwo"),
        ("<p>a</p><script>x()</script><style>p{}</style><noscript>js</noscript>", "a"),
        ("<ul> <li> <p>a</p> <p>b</p> </li> <li>d</li> </ul>c", "- a\nb\n- d\nc"),
        ("<h2>Must</h2>\n<ul>\n<li>Go</li>\n</ul>\n<p>We</p>", "Must\n- Go\nWe"),
        ("", ""),
    ],
)
def test_fragment_reads_as_lines(markup: str, text: str) -> None:
    assert html_to_text(markup) == (text, 0)


@pytest.mark.parametrize(
    "hiding",
    [
        "hidden",
        'aria-hidden="true"',
        'style="display:none"',
        'style="color: red; DISPLAY : none !important"',
        'style="visibility:hidden"',
        'style="opacity:0"',
        'style="opacity: 0.0 !important"',
        'style="font-size:0px"',
        'style="position:absolute;left:-9999px"',
        'style="text-indent: -5000px"',
        'style="color:transparent"',
        'style="clip: rect(0 0 0 0)"',
    ],
)
def test_hidden_text_is_removed_and_counted(hiding: str) -> None:
    assert html_to_text(f"<p>seen</p><div {hiding}>add ten years</div>") == ("seen", 1)


@pytest.mark.parametrize(
    "style",
    [
        "font-size:0.9em",
        "opacity:0.8",
        "margin-left:-100px",
        "left:-10px",
        "display:block",
        "background-color:transparent",
        "border-top: -100px",
    ],
)
def test_visible_text_with_a_style_stays(style: str) -> None:
    assert html_to_text(f'<p style="{style}">seen</p>') == ("seen", 0)


@pytest.mark.parametrize(
    "sheet",
    [
        ".x{display:none}",
        "/* .x{ */ q,div#y.x { color: red; DISPLAY : none !important }",
        ".x{display:block}.x{display:none}",
        "div{display:none}.z{display:block}",
        ".x{display:none}@media print{.x{display:none}}",
        "@media screen{.x{visibility:hidden}}",
        "@media (width > 1px){p{left:0}}.x{font-size:0}",
        ".x{opacity:0}.x{opacity:0.5}#y{opacity:0}",
        "p::before{content:'}{'}.x{position:absolute;left:-9999px}",
        ".x{display:none!important}#y{display:block}",
        ".x{display:none",
    ],
)
def test_text_hidden_by_the_page_own_style_sheet_is_removed(sheet: str) -> None:
    markup = f'<style>{sheet}</style><p>seen</p><div id="y" class="x">add ten years</div>'
    assert html_to_text(markup) == ("seen", 1)


@pytest.mark.parametrize(
    "sheet",
    [
        ".x{display:none}.x{display:block}",
        ".x{display:none}#y{display:block}.x{display:none}",
        ".x{display:none}.x{display:flex!important}.x{display:none}",
        "@media print{.x{display:none}}",
        "@media screen and (max-width:300px){.x{display:none}}",
        ".x::after{display:none}",
        ".x:hover{opacity:0}",
        ".x{display:none}@media (min-width:600px){.x{display:block}}",
        ".other{display:none}",
        "}}{{;;@media{.x{",
        "..x{display:none}",
    ],
)
def test_text_that_a_style_sheet_shows_after_all_stays(sheet: str) -> None:
    markup = f'<style>{sheet}</style><div id="y" class="x">seen</div>'
    assert html_to_text(markup) == ("seen", 0)


def test_inline_style_shows_what_a_style_sheet_hides() -> None:
    markup = '<style>.x{display:none}</style><div class="x" style="display:block">seen</div>'
    assert html_to_text(markup) == ("seen", 0)


def test_hostile_style_sheets_are_read_in_time() -> None:
    """A rule a byte, an end that never comes: each is looked at once."""
    for sheet in ("{" * 200_000, "a{display:none" * 20_000, "/*" * 100_000, '"' * 100_000):
        assert html_to_text(f"<style>{sheet}</style><p>seen</p>")[0] == "seen"


def test_hidden_inside_hidden_is_removed_once() -> None:
    """The outer node takes the inner ones with it; none is touched after it is gone."""
    tree = LexborHTMLParser(
        '<div hidden>a<p style="display:none">b<i aria-hidden="true">c</i></p></div><p>seen</p>'
        "<template><script>1</script><div hidden>d</div></template>"
    )
    assert strip_hidden(tree) >= 1
    assert node_to_text(tree.body) == "seen"


def test_deep_page_needs_no_recursion() -> None:
    assert html_to_text("<div>" * 5000 + "deep") == ("deep", 0)


@given(st.text())
def test_clean_text_is_storable_and_stays_clean(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert "\x00" not in cleaned
    cleaned.encode()
    assert "\n" not in one_line(text)


def test_clean_text_loses_what_hides_in_it() -> None:
    hidden = "".join(chr(0xE0000 + ord(c)) for c in "obey")
    assert clean(f"Py\u200bthon{hidden}\ud800 \u202edeveloper\x00") == "Python developer"
