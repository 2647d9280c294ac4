"""What holds for the desk's files as files: words in both languages, every module named and found, nothing rendered as HTML."""

import re
from pathlib import Path

from web.tests.widget.site import STATIC

DESK = STATIC / "desk"
SOURCES = [file for file in DESK.rglob("*.js") if file.parent.name != "wording"]


def keys_of(lang: str) -> dict[str, str]:
    rows = re.findall(
        r'^ {2}"([^"]+)": "((?:[^"\\]|\\.)*)",$', (DESK / "wording" / f"{lang}.js").read_text(), flags=re.M
    )
    assert len(dict(rows)) == len(rows)
    return dict(rows)


def loaded_from(start: Path) -> set[Path]:
    found, open_ = set(), [start]
    while open_:
        file = open_.pop()
        if file in found:
            continue
        found.add(file)
        for target in re.findall(r'(?:[\s}*]from|\bimport) ?"([^"]+)"', file.read_text()):
            assert target.startswith("."), (file.name, target)
            open_.append((file.parent / target).resolve())
    return found


def test_both_languages_have_the_same_words_with_the_same_blanks() -> None:
    zh, en = keys_of("zh"), keys_of("en")
    assert zh.keys() == en.keys()
    blanks = {
        key: {lang: set(re.findall(r"\{(\w+)\}", words[key])) for lang, words in (("zh", zh), ("en", en))} for key in zh
    }
    assert [key for key, one in blanks.items() if one["zh"] != one["en"]] == []


def test_every_word_that_is_named_exists() -> None:
    known = keys_of("zh")
    named = {key for file in SOURCES for key in re.findall(r'\bt\("([^"]+)"', file.read_text())}
    assert sorted(named - known.keys()) == []


def test_the_page_names_every_module_it_loads() -> None:
    page = (DESK / "index.html").read_text()
    named = {(DESK / path).resolve() for path in re.findall(r'modulepreload" href="([^"]+)"', page)}
    loaded = loaded_from(DESK / "main.js")
    assert named == loaded - {DESK / "main.js"}
    assert set(DESK.rglob("*.js")) <= loaded


def test_nothing_is_rendered_as_html() -> None:
    forbidden = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function")
    assert [file.name for file in SOURCES if forbidden.search(file.read_text())] == []


def test_nothing_is_inline_in_the_page() -> None:
    page = (DESK / "index.html").read_text()
    assert not re.search(r"<style|style=|\son\w+=|<script(?![^>]*\bsrc=)", page)
