"""What can go wrong that is not a bug. Actions raise these; the web makes a status and a sentence of each."""

from __future__ import annotations


class LmsError(Exception):
    """The common root, so that one handler knows every refusal."""


class NotFound(LmsError):
    """There is no such thing, or this person may not know that there is."""


class NotAllowed(LmsError):
    """The person may see it, but may not do this to it."""


class Conflict(LmsError):
    """Somebody else was first: a stale page, a second click, a key that is taken."""


class RuleBroken(LmsError):
    """A rule says no. `code` is one word of a closed list, `field` the form field it belongs to, if any."""

    def __init__(self, code: str, field: str | None = None) -> None:
        super().__init__(code if field is None else f"{field}: {code}")
        self.code = code
        self.field = field
