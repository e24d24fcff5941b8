"""`healthplan docs`: the manual that is installed with the program, listed or printed."""

from __future__ import annotations

from pathlib import Path

from sim.catalogue.language import Lang, label
from sim.commands.init import data_folder
from sim.commands.plain_table import table
from sim.errors import ConfigError, fault
from sim.textfile import did_you_mean

_FIRST = {"readme": ("README.md", "README.zh-CN.md"), "outputs": ("outputs/README.md", "outputs/README.md")}


def pages(lang: Lang) -> dict[str, Path]:
    """Each page by its name: its file in this language, else in the other."""
    root = data_folder()
    found = {name: root / label(zh, en, lang) for name, (en, zh) in _FIRST.items()}
    for path in sorted((root / "docs").rglob("*.md")):
        below = path.relative_to(root / "docs")
        if below.parts[0] == "zh":
            continue
        chinese = root / "docs" / "zh" / below
        found[below.with_suffix("").as_posix()] = chinese if lang == "zh" and chinese.is_file() else path
    return found


def manual(page: str | None, lang: Lang) -> str:
    """A page as its Markdown; without one the list of all, and where they lie.

    Raises ConfigError for a page that is none, or where the installation lacks it.
    """
    known = pages(lang)
    if page is None:
        heads = (label("页面", "page", lang), label("内容", "about", lang))
        return f"{table(heads, [(name, _title(path)) for name, path in known.items()])}\n\n{data_folder()}"
    if page not in known:
        raise ConfigError(fault("PAGE", f"no page '{page}'", did_you_mean(page, list(known))))
    return _text(known[page])


def _title(path: Path) -> str:
    return _text(path).partition("\n")[0].lstrip("# ")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        raise ConfigError(fault(str(path), "is missing", "install healthplan again")) from None
