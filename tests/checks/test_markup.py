"""The same parts as text and as HTML."""

from seqviz.checks.markup import Part, as_text, page

PART = Part("Title <1>", "words & more", (("short", "a"), ("much longer", "b > c")), "code <x>\nline two")


def test_text_keeps_rows_in_columns():
    assert as_text(PART).splitlines() == [
        "Title <1>:",
        "  words & more",
        "  short        a",
        "  much longer  b > c",
        "  code <x>",
        "  line two",
    ]
    assert as_text(Part("Only a title")) == "Only a title"


def test_html_escapes_everything():
    html = page("head <line>", [PART], good=True, label='a "label"')
    for piece in (
        "head &lt;line&gt;",
        "Title &lt;1&gt;",
        "words &amp; more",
        "b &gt; c",
        "code &lt;x&gt;\nline two</pre>",
        'aria-label="a &quot;label&quot;"',
    ):
        assert piece in html


def test_empty_parts_leave_no_empty_elements():
    html = page("head", [Part("Only a title")], good=False, label="x")
    assert "<table" not in html
    assert "<pre" not in html
    assert html.count("<p ") == 2
