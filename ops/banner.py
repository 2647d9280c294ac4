"""What `make up` prints when everything is ready."""

from __future__ import annotations

from ops.settings import Settings


def banner(settings: Settings, seconds: float, password: str) -> str:
    """Addresses, demo logins, what to try, and how to stop."""
    rows = []
    if settings.shop_url is None:
        rows.append(("Demo shop, with the chat in its corner", f"{settings.shop_address}/"))
    else:
        rows.append(("Shop (yours)", settings.shop_address))
    rows.append(("Shoppers' door (gateway)", settings.gateway_address))
    rows.append(("Agents' desk", f"{settings.desk_address}/"))
    rows.append(("  sign in as", "agent1, agent2, supervisor, trainer or admin"))
    rows.append(("  password", f"{password} (kept in var/demo-password)"))
    rows.append(("The chat on any page", f'<script src="{settings.gateway_address}/widget.js"></script>'))
    rows.append(("Ask it", "我的订单到哪了 / Where is my order?"))
    rows.append(("Logs", "below, and in var/log/"))
    rows.append(("Stop", "Ctrl-C here, or make down from another terminal"))
    width = max(len(title) for title, _ in rows)
    lines = [f"  {title:<{width}}  {text}" for title, text in rows]
    return "\n".join(["", f"Shopdesk is ready ({seconds:.0f} s).", "", *lines, ""])
