"""Training caches must notice changed rules and files."""

from __future__ import annotations

import types
from pathlib import Path

from bot.components.language import LanguageDetector
from bot.components.normaliser import Normaliser
from bot.components.order_entities import OrderEntities
from bot.components.shop_entities import ShopEntities
from bot.components.sources import fingerprint_of
from bot.components.tokenizer import ShopTokenizer
from bot.components.unfamiliar import Unfamiliar


def test_each_component_has_a_fingerprint_of_its_files() -> None:
    components = (Normaliser, ShopTokenizer, LanguageDetector, OrderEntities, ShopEntities, Unfamiliar)
    assert all(component.fingerprint_addon({}) for component in components)


def test_a_changed_module_changes_it(tmp_path: Path) -> None:
    module = types.ModuleType("rules")
    module.__file__ = str(tmp_path / "rules.py")
    (tmp_path / "rules.py").write_text("ONE = 1")
    before = fingerprint_of([module])
    (tmp_path / "rules.py").write_text("ONE = 2")
    assert fingerprint_of([module]) != before
