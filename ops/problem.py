"""The one error of set-up and running that its reader can do something about."""


class Problem(Exception):
    """Something the owner can change; the text is the one line shown, and says what to do."""
