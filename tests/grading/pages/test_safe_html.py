import base64
import json
import re
from collections import Counter
from xml.etree.ElementTree import Element

import nbformat
import pytest

# The parser that browsers agree on; nbconvert needs bleach, which brings it along.
from bleach._vendor import html5lib
from nbconvert.exporters import HTMLExporter
from nbgrader.converters import GenerateFeedback
from nbgrader.server_extensions.formgrader.formgrader import FormgradeExtension
from traitlets.config import Config

from helpers.grading import settings
from tests.builders import code_cell, grading, markdown_cell, notebook
from tests.grading.hostile import NOWHERE, metadata, places

PIXEL = base64.b64encode(b"not really a picture").decode()
# What addresses take nobody anywhere unasked.
ADDRESSES = {"action", "background", "cite", "data", "formaction", "href", "ping", "poster", "src"}
ADDRESSES |= {"srcset", "srcdoc", "xlink:href"}
# Elements of which a page has only its own.
OWN = {"base", "button", "embed", "form", "iframe", "input", "link", "math", "meta", "object"}
OWN |= {"audio", "dialog", "script", "style", "svg", "template", "textarea", "title", "video"}

OWN_STYLES = {"margin-left: 1em;"}


def page(name, *cells, **changes):
    """The page of feedback, or of formgrader, as nbgrader makes it of a notebook."""
    config = Config()
    settings.apply(config)
    # In memory, without any submission.
    config.CourseDirectory.db_url = "sqlite://"
    if name == "feedback":
        config = GenerateFeedback(config=config).config
    else:
        ours, config = config, FormgradeExtension().build_extra_config()
        config.merge(ours)
    resources = {
        "nbgrader": {"notebook": "fractions", "score": 1, "max_score": 2, "late_penalty": 0},
        **{"index": 0, "total": 1, "base_url": "/course", "submission_id": "s", "student": "ada"},
        **{"notebook_id": "fractions", "assignment_id": "fractions"},
    }
    content = nbformat.reads(json.dumps(notebook(list(cells), **changes)), as_version=4)
    html, _ = HTMLExporter(config=config).from_notebook_node(content, resources)
    return html


def parse(html):
    return html5lib.parse(html, namespaceHTMLElements=False)


def own_elements(tree):
    return Counter(element.tag for element in elements(tree) if element.tag in OWN)


def elements(tree):
    return [element for element in tree.iter() if isinstance(element.tag, str)]


def problems(tree):
    """List what a page lets run or load, besides what is nbgrader's own."""
    nonce = tree.find(".//meta[@http-equiv='Content-Security-Policy']").get("content")
    found = []
    for element in elements(tree):
        if element.tag == "script" and f"'nonce-{element.get('nonce')}'" not in nonce:
            found.append(f"script {element.text}")
        for name, value in element.attrib.items():
            if not _is_harmless(element, str(name), value):
                found.append(f"{element.tag} {name}={value[:100]}")
    return found


def _is_harmless(element: Element, name: str, value: str) -> bool:
    if name.startswith("on"):
        return re.fullmatch(r"toggle_name\((true|false)\);", value) is not None
    if name in ADDRESSES:
        links = element.tag == "a" and re.match(r"https?://|mailto:", value)
        pictures = element.tag == "img" and re.match(r"data:image/[a-z+]+;base64,", value)
        return bool(links or pictures or re.match(r"#|/course/", value))
    if name == "style":
        return value in OWN_STYLES or not re.search(r"url|position|margin|z-index", value)
    return True


def shown(tree):
    return "".join(tree.find("body").itertext())


@pytest.fixture(params=["feedback", "formgrade"])
def kind(request):
    return request.param


@pytest.mark.parametrize("place", places(NOWHERE))
def test_nothing_of_a_hostile_notebook_runs_or_loads(kind, place):
    tree = parse(page(kind, *places(NOWHERE)[place]))
    assert problems(tree) == []
    assert own_elements(tree) == own_elements(parse(page(kind)))


def test_a_graded_answer_and_metadata_of_the_notebook_are_as_harmless(kind):
    written = grading("written", grade=True, solution=True, points=3)
    graded = [
        {**cell, "metadata": {"nbgrader": {**written, "score": 1}}}
        for cell in places(NOWHERE)["Markdown"]
    ]
    tree = parse(page(kind, *graded, metadata=metadata(NOWHERE)))
    assert problems(tree) == []
    one = parse(page(kind, graded[0] | {"source": "harmless"}))
    fields = {"input": 2, "button": 3, "textarea": 1} if kind == "formgrade" else {}
    assert {tag: own_elements(one)[tag] for tag in fields} == fields
    assert {tag: own_elements(tree)[tag] for tag in fields} == {
        tag: count * len(graded) for tag, count in fields.items()
    }


def test_no_id_or_class_of_a_student_is_taken_for_one_of_the_page(kind):
    attack = '<p id="written" class="score tabbable">a</p>'
    html_output = {"output_type": "display_data", "data": {"text/html": attack}, "metadata": {}}
    cells = [markdown_cell(attack, "a"), {**code_cell("1", "b"), "outputs": [html_output]}]
    tree = parse(page(kind, *cells))
    assert [element for element in elements(tree) if element.get("id") == "written"] == []
    assert [element for element in elements(tree) if "score" in element.get("class", "")] == []


def test_the_policy_comes_before_everything_that_it_forbids(kind):
    tree = parse(page(kind, markdown_cell("# A", "a")))
    head = elements(tree.find("head"))[1:]
    tags = [element.tag for element in head]
    policy = next(
        element for element in head if element.get("http-equiv") == "Content-Security-Policy"
    )
    before = tags[: head.index(policy)]
    assert set(before) <= {"meta", "title", "style"}
    assert "default-src 'none'" in policy.get("content")
    assert "base-uri 'none'" in policy.get("content")
    assert "script-src 'unsafe-inline'" not in policy.get("content")


def test_every_page_has_a_nonce_of_its_own():
    first, second = (re.search("'nonce-(.+?)'", page("formgrade")) for _ in range(2))
    assert first[1] != second[1]


def test_pages_need_no_network(kind):
    assert re.findall(r"""(?:src|href)=["']?(?:https?:)?//""", page(kind)) == []


MARKDOWN = f"""# A heading with `code`

A *list* with **emphasis**, ~~mistakes~~ and a [link](https://example.org/a?b=1&c=2):

1. first
   - nested

- [x] done

| size | layer |
| --- | --- |
| 5 < 6 | `Conv2D` |

> quoted

```python
def answer(): return "<b>"
```

![a plot](data:image/png;base64,{PIXEL} "title") ![attached](attachment:a.png)

<table border="1" class="dataframe">
<tr><td style="color: red; text-align: right">1</td></tr></table>
<img src="data:image/png;base64,{PIXEL}" alt="a figure" width="40">
"""


def test_ordinary_markdown_stays_as_it_is(kind):
    cell = markdown_cell(MARKDOWN, "a") | {"attachments": {"a.png": {"image/png": PIXEL}}}
    tree = parse(page(kind, cell))
    heading, css_class = {
        "feedback": ("h2", "cell rendered_html"),
        "formgrade": ("h1", "text_cell_render border-box-sizing rendered_html"),
    }[kind]
    body = tree.find(f".//div[@class='{css_class}']")
    for tag in (f"{heading}/code", "p/em", "p/strong", "p/del", "ol/li/ul/li", "table/thead/tr/th"):
        assert body.find(tag) is not None, tag
    assert body.find("p/a").get("href") == "https://example.org/a?b=1&c=2"
    assert "☑" in shown(tree)
    assert [cell.text for cell in body.findall("table/tbody/tr/td")][:2] == ["5 < 6", None]
    assert body.find(".//div[@class='highlight']/pre/span[@class='k']").text == "def"
    pictures = {image.get("alt"): image for image in body.iter("img")}
    assert pictures.keys() == {"a plot", "attached", "a figure"}
    assert {image.get("src") for image in pictures.values()} == {f"data:image/png;base64,{PIXEL}"}
    assert pictures["a plot"].get("title") == "title"
    assert pictures["a figure"].get("width") == "40"
    styled = body.find(".//table[@class='dataframe']/tbody/tr/td")
    assert styled.get("style") == "color:red;text-align:right"


@pytest.mark.parametrize(
    "formula", ["a < b", r"\frac{1}{2} \sum_{i=0}^n x_i^2", r"\mathbb{R} \to \text{softmax}"]
)
@pytest.mark.parametrize("form", ["${}$", "so $$\n{}\n$$"])
def test_formulas_are_drawn_and_described(kind, formula, form):
    image = parse(page(kind, markdown_cell(form.format(formula), "a"))).find("body").find(".//img")
    assert image.get("alt").strip() == formula
    picture = base64.b64decode(image.get("src").removeprefix("data:image/svg+xml;base64,"))
    assert b"<svg" in picture


@pytest.mark.parametrize(
    "formula", [r"\begin{aligned} a &< b \end{aligned}", r"\nonsense < 1", "größe < 1", "{" * 200]
)
def test_formulas_that_cannot_be_drawn_are_shown_as_they_were_written(kind, formula):
    assert f"$${formula}$$" in shown(parse(page(kind, markdown_cell(f"$${formula}$$", "a"))))


@pytest.mark.parametrize("source", ["Vec<int> is x <y and z> w", "<b>a <script>evil()</script>"])
def test_no_word_of_an_answer_is_lost(kind, source):
    text = shown(parse(page(kind, markdown_cell(source, "a"))))
    assert all(word in text for word in re.findall(r"\w{2,}", source))


@pytest.mark.parametrize("source", ["![lost](attachment:none.png)", "> " * 5000, "[" * 5000])
def test_an_answer_that_breaks_markdown_can_still_be_read(kind, source):
    after = markdown_cell("It goes on.", "b")
    assert "It goes on." in shown(parse(page(kind, markdown_cell(source, "a"), after)))


def displayed(kind, data, **metadata):
    output = {"output_type": "display_data", "data": data, "metadata": metadata}
    tree = parse(page(kind, {**code_cell("1", "a"), "outputs": [output]}))
    return next(
        element for element in elements(tree) if "output_subarea" in element.get("class", "")
    )


def test_a_figure_of_the_course_keeps_its_description(kind):
    tag = f'<img src="data:image/png;base64,{PIXEL}" alt="Three &quot;digits&quot;: 1 &lt; 2">'
    area = displayed(kind, {"image/png": PIXEL, "text/html": tag})
    assert area.find("img").get("alt") == 'Three "digits": 1 < 2'
    assert area.find("img").get("src") == f"data:image/png;base64,{PIXEL}"


@pytest.mark.parametrize("nested", [True, False])
def test_a_picture_keeps_its_size_and_description(kind, nested):
    given = {"width": 40, "height": 30, "alt": "a < b"}
    area = displayed(kind, {"image/png": PIXEL}, **({"image/png": given} if nested else given))
    image = area.find("img")
    assert {name: image.get(name) for name in given} == {
        "width": "40",
        "height": "30",
        "alt": "a < b",
    }


def test_a_table_of_pandas_has_cells_but_no_text_of_its_style(kind):
    table = (
        "<div><style scoped>.dataframe tbody tr th { vertical-align: top; }</style>"
        '<table border="1" class="dataframe"><thead><tr style="text-align: right;"><th></th>'
        "<th>mean</th></tr></thead><tbody><tr><th>0</th><td>0.5</td></tr></tbody></table></div>"
    )
    area = displayed(kind, {"text/html": table, "text/plain": "   mean\n0   0.5"})
    assert area.find(".//td").text == "0.5"
    assert "vertical-align" not in "".join(area.itertext())


def test_the_summary_of_a_network_keeps_its_colours(kind):
    summary = (
        '<pre style="white-space:pre;overflow-x:auto;line-height:normal;font-family:Menlo">'
        '<span style="color: #00af00; text-decoration-color: #00af00">320</span></pre>'
    )
    area = displayed(kind, {"text/html": summary})
    assert "color:#00af00" in area.find("pre/span").get("style")
    assert "white-space:pre" in area.find("pre").get("style")


def test_output_that_needs_a_script_is_shown_as_its_text(kind):
    html = '<style>a {}</style><div>nothing</div><script type="module">draw()</script>'
    area = displayed(kind, {"text/html": html, "text/plain": "LinearSVC()"})
    assert "".join(area.itertext()).strip() == "LinearSVC()"


def test_output_of_an_unknown_kind_is_mentioned(kind):
    assert "application/vnd.custom" in "".join(
        displayed(kind, {"application/vnd.custom": "a"}).itertext()
    )


def test_code_is_coloured_as_python_whatever_the_notebook_says(kind):
    language = {"language_info": {"name": "brainfuck", "pygments_lexer": "nonsense"}}
    tree = parse(page(kind, code_cell("def answer(): pass", "a"), metadata=language))
    assert tree.find(".//span[@class='k']").text == "def"


def test_a_traceback_keeps_its_colours_and_comparisons(kind):
    lines = ["\x1b[31mValueError\x1b[0m: 1 < 2", "\x1b[38;2;1;2;3mgrey\x1b[0m"]
    output = {"output_type": "error", "ename": "", "evalue": "", "traceback": lines}
    tree = parse(page(kind, {**code_cell("1", "a"), "outputs": [output]}))
    pre = next(e for e in tree.iter("div") if "output_error" in e.get("class", "")).find("pre")
    assert pre.find("span[@class='ansi-red-fg']").text == "ValueError"
    assert pre.find("span[@style]").get("style") == "color: rgb(1,2,3)"
    assert "1 < 2" in "".join(pre.itertext())


def test_formgrader_can_show_the_settings_as_json():
    config = Config()
    settings.apply(config)
    assert "safe_html" in json.dumps(config)


def shown_html(kind, html):
    output = {"output_type": "display_data", "data": {"text/html": html}, "metadata": {}}
    return shown(parse(page(kind, {**code_cell("1", "cell"), "outputs": [output]})))


def test_html_that_is_nested_too_deeply_gives_way_to_a_line(kind):
    assert "too nested to be shown" in shown_html(kind, "<div>" * 1_000 + "deep")
    assert "too nested to be shown" in shown_html(kind, "<p>long</p>" * 200_000)
    assert "too nested to be shown" in shown_html(kind, "<div></b>" * 1_000)
    fonts = "".join(f"<font color={n}>" for n in range(400))
    assert "too nested to be shown" in shown_html(kind, f"<p>{fonts}</p>" + "<p>x</p>" * 1_000)
    table = f"<table>{'<tr><td>1</td></tr>' * 2_000}</table><img><br>last"
    assert "last" in shown_html(kind, table)


@pytest.mark.parametrize(
    "source",
    [
        "\\begin{a} " * 10_000,
        "> " * 5_000 + "deep",
        "[" * 50_000,
        "$$ " * 50_000,
        "*a " * 50_000,
        "long" * 50_000,
    ],
    ids=lambda source: source[:8],
)
def test_markdown_that_is_too_complex_is_shown_as_it_was_written(kind, source):
    html = page(kind, markdown_cell(source, "cell"))
    assert source.strip() in shown(parse(html))


def test_thousands_of_blank_lines_in_code_become_twenty(kind):
    tree = parse(page(kind, code_cell("x = 1" + "\n" * 10_000 + "y = 2", "cell")))
    assert re.search(r"x = 1\n{21}y = 2", shown(tree))


def test_formulas_beyond_the_hundredth_are_shown_as_they_were_written(kind):
    html = page(kind, markdown_cell(" ".join(f"$x_{{{n}}}$" for n in range(103)), "cell"))
    assert html.count("data:image/svg+xml") == 100
    assert all(f"x_{{{n}}}" in shown(parse(html)) for n in (100, 101, 102))


def test_text_whose_colour_changes_thousands_of_times_has_none(kind):
    output = {"output_type": "stream", "name": "stdout", "text": "\x1b[31mred " * 10_000}
    html = page(kind, {**code_cell("1", "cell"), "outputs": [output]})
    assert "ansi-red" not in html.partition("<body")[2] and html.count("red ") > 9_000
