"""What holds for the widget's files as files: nothing rendered as HTML, every import found, every library as it was."""

import hashlib
import re

from .site import STATIC

WIDGET = STATIC / "widget"


def test_the_page_names_every_module_it_loads() -> None:
    page = (WIDGET / "index.html").read_text()
    named = {(WIDGET / path).resolve() for path in re.findall(r'modulepreload" href="([^"]+)"', page)}
    modules = set(WIDGET.rglob("*.js")) | set((STATIC / "vendor").glob("*.js"))
    assert named == modules - {WIDGET / "main.js"}


def test_nothing_is_rendered_as_html() -> None:
    sources = [STATIC / "widget.js", *WIDGET.rglob("*.js")]
    forbidden = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function")
    assert [file.name for file in sources if forbidden.search(file.read_text())] == []


def test_imports_are_relative() -> None:
    for file in [*WIDGET.rglob("*.js"), *(STATIC / "vendor").glob("*.js")]:
        for target in re.findall(r'(?:[\s}*]from|\bimport) ?"([^"]+)"', file.read_text()):
            assert target.startswith("."), (file.name, target)
            assert (file.parent / target).is_file(), (file.name, target)


def test_vendored_files_are_what_their_table_says() -> None:
    table = (STATIC / "vendor" / "README.md").read_text()
    for digest, name in re.findall(r"^    ([0-9a-f]{64})  (\S+)$", table, flags=re.M):
        assert hashlib.sha256((STATIC / "vendor" / name).read_bytes()).hexdigest() == digest, name
