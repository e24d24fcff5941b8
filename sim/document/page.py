"""The web page of a run: one file that holds data, style, script and the chart library; no network."""

from __future__ import annotations

import json
from html import escape
from importlib.resources import files
from pathlib import Path

from sim.document.material import Material
from sim.document.page_data import page_data
from sim.document.page_words import WORDS
from sim.writing import whole

_WEB = files("sim.document") / "web"


def write_page(m: Material, path: Path) -> Path:
    """Write the page, whole or not at all; same run and language, same bytes."""
    with whole(path) as part:
        part.write_text(page_text(m), encoding="utf-8")
    return path


def page_text(m: Material) -> str:
    """The page as text."""
    data = page_data(m)
    held = {
        "LANG": "zh-CN" if m.lang == "zh" else "en",
        "TITLE": escape(data["title"]),
        "NOSCRIPT": escape(WORDS[m.lang]["noscript"]),
        "STYLE": read_web("page.css"),
        "DATA": _as_script(json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)),
        "LIBRARY": read_web("echarts.common.min.js"),
        "SCRIPT": read_web("page.js"),
    }
    text = read_web("page.html")
    for name, value in held.items():
        head, mark, tail = text.partition(f"<!--{name}-->")
        assert mark, name
        text = head + value + tail
    return text


def read_web(name: str) -> str:
    """A file of the page that ships with the package."""
    return (_WEB / name).read_text(encoding="utf-8")


def _as_script(text: str) -> str:
    """JSON inside a script element: nothing in it can end the element."""
    return text.replace("</", "<\\/").replace("<!--", "<\\u0021--")
