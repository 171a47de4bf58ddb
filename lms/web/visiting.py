"""Where a request comes from, and where a browser may be sent next."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import request, url_for

from lms.actions.trying import Visitor
from lms.web.reading import current_config


def visitor() -> Visitor:
    return Visitor(address=request.remote_addr or "", key=current_config().keys.session)


def safe_path(target: str | None) -> str | None:
    """`target` if it is a path of this site, else None: a link must not lead elsewhere by way of us."""
    if not target or not target.startswith("/") or len(target) > 1000:
        return None
    # Browsers read a backslash as a slash, and drop tabs and line ends: `/\t/evil.example`.
    if target.startswith("//") or "\\" in target or not target.isprintable():
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else None


def whole_address(endpoint: str, **values: Any) -> str:
    """An address to copy or to mail: the site's public one where that is set."""
    site_url = current_config().site_url
    path = url_for(endpoint, **values)
    return f"{site_url or request.host_url.rstrip('/')}{path}"
