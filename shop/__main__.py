"""Runs the demo shop: `python -m shop`."""

import logging
import sys

from shop.server import create_app
from shop.settings import ShopSettings, ShopSettingsError


def main() -> None:
    """Serve until stopped."""
    try:
        settings = ShopSettings.from_env()
    except ShopSettingsError as error:
        sys.exit(f"shop: {error}")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    create_app(settings).run(
        host=settings.host, port=settings.port, single_process=True, access_log=False, motd=False, debug=False
    )


if __name__ == "__main__":
    main()
