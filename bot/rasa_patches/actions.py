"""Actions that keep nothing between two runs are made once, and a form is known for one."""

from __future__ import annotations

from typing import Any

import rasa.core.actions.action as stock
from rasa.core.actions.action import Action, ActionBotResponse, ActionExtractSlots, ActionListen, RemoteAction
from rasa.core.actions.forms import FormAction
from rasa.shared.core.domain import Domain

from bot.rasa_patches.patch import Patch

KEEP_NOTHING = (ActionBotResponse, ActionExtractSlots, ActionListen, RemoteAction)
Made = dict[str, tuple[Any, Action]]
"""By its name, an action's endpoint and the action, or a form of that name."""


def action_for_name_or_text(action_name_or_text: str, domain: Domain, action_endpoint: Any) -> Action:
    """An action by its name. Stock Rasa makes all default actions anew each time, and looks through all names."""
    made: Made = domain.__dict__.setdefault("_made_actions", {})
    endpoint, action = made.get(action_name_or_text, (None, None))
    if action is None or endpoint is not action_endpoint:
        action = _stock_action(action_name_or_text, domain, action_endpoint)
        if type(action) in (*KEEP_NOTHING, FormAction):
            made[action_name_or_text] = action_endpoint, action
    return FormAction(action_name_or_text, action_endpoint) if type(action) is FormAction else action


_stock_action = stock.action_for_name_or_text
PATCHES = (
    Patch(
        stock, "action_for_name_or_text", "35212b6e9b2bb958", action_for_name_or_text,
        "actions that keep nothing are made once", reads=(_stock_action, *KEEP_NOTHING),
    ),
)  # fmt: skip
