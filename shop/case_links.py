"""The keys of the pages that belong to one after-sales case."""

import hashlib
import hmac


def photo_key(number: str, secret: str) -> str:
    """What the address of a case's photo page carries, so that nobody can guess it."""
    return hmac.new(secret.encode(), f"photos of {number}".encode(), hashlib.sha256).hexdigest()[:32]
