"""Rules: the public address that badges are issued under, and why a site has none.

An address is part of every badge for good: it names the issuer. So it is a setting, never guessed from a
request, and badges are refused while nobody elsewhere could reach it.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from msgspec import Struct

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*")
NOT_PUBLIC = (
    "localhost", "local", "localdomain", "internal", "intranet", "private", "corp", "home", "lan",
    "home.arpa", "test", "invalid", "onion",
)  # fmt: skip
"""Endings of no public name: reserved (RFC 2606, 6761, 6762, 8375; by ICANN), or never given out."""


class Origin(Struct, frozen=True):
    url: str
    """`https://learning.example.org`, without a slash at the end."""
    operator: str

    @property
    def issuer(self) -> str:
        """The issuer's id: `did:web:learning.example.org`."""
        return "did:web:" + urlsplit(self.url).netloc.replace(":", "%3A")

    def method(self, name: str) -> str:
        """The id of one of the issuer's keys; the key itself is its fragment."""
        return f"{self.issuer}#{name}"

    def badge(self, number: str) -> str:
        """The badge's id, and where it is served."""
        return f"{self.url}/badges/{number}"

    def status_list(self, name: str) -> str:
        return f"{self.url}/badges/status/{name}"

    def key(self, name: str) -> str:
        return f"{self.url}/badges/keys/{name}"

    def verification(self, number: str) -> str:
        return f"{self.url}/verify/{number}"


def why_no_badges(site_url: str) -> str:
    """A sentence for the operator; '' where badges can be issued."""
    if not site_url:
        return (
            "Badges need the site's public address: set LMS_SITE_URL, such as https://learning.example.org."
        )
    parts = urlsplit(site_url)
    host = parts.hostname or ""
    if parts.scheme != "https":
        return f"Badges need an address that begins with https://, and LMS_SITE_URL is {site_url}."
    if ":" in host or not _is_public(host.rstrip(".")):
        return f"Badges need a public name, and {host} in LMS_SITE_URL is known here alone."
    if parts.path or parts.username is not None or parts.netloc != parts.netloc.lower():
        return f"Badges need a bare name in lower case, and LMS_SITE_URL is {site_url}."
    if not _HOST.fullmatch(host):
        return f"Badges need a name of plain letters (xn-- for others), and LMS_SITE_URL is {site_url}."
    return ""


def _is_public(host: str) -> bool:
    """Could everybody look this name up? Not one without a dot, nor an IP address in any of its spellings:
    the last part of one is a number, which no public name's is."""
    _, dot, last = host.rpartition(".")
    number = last.isdigit() or last.startswith("0x")
    return bool(dot) and not number and not f".{host}".endswith(tuple(f".{end}" for end in NOT_PUBLIC))
