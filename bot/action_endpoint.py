"""Runs custom actions inside the worker: an action endpoint without a server.

A failure is never silent. Rasa skips an action that raises; here the shopper is told, and the log holds the traceback.
"""

from __future__ import annotations

import json
import logging
from typing import Any, cast

from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.plain_json import plain

logger = logging.getLogger(__name__)
FAILED = {"events": [], "responses": [{"response": "utter_action_failed"}]}
"""What the shopper gets when an action breaks that is not built on `actions.base`."""


class InProcessActions(EndpointConfig):
    """Answers Rasa's calls to the action server by calling rasa-sdk's `ActionExecutor` directly."""

    def __init__(self, executor: ActionExecutor) -> None:
        super().__init__(url="in-process")
        self._executor = executor

    @classmethod
    def of_package(cls, package: str = "actions") -> InProcessActions:
        """All actions of a package, registered as `rasa run actions` does."""
        executor = ActionExecutor()
        executor.register_package(package)
        return cls(executor)

    async def request(self, *args: Any, json: Any = None, **kwargs: Any) -> dict[str, Any]:
        """One call of an action. A rejection (a form that could not fill its slot) is passed on as the server would."""
        try:
            answer = await self._executor.run(json) or {"events": [], "responses": []}
            return cast(dict[str, Any], plain(answer))  # as it would come over HTTP
        except ActionExecutionRejection as rejection:
            raise _as_http(rejection) from rejection
        except Exception:
            logger.exception("action %s failed in conversation %s", json.get("next_action"), json.get("sender_id"))
            return {"events": [], "responses": [dict(response) for response in FAILED["responses"]]}


def _as_http(rejection: ActionExecutionRejection) -> ClientResponseError:
    body = {"action_name": rejection.action_name, "error": rejection.message}
    return ClientResponseError(400, rejection.message, json.dumps(body))
