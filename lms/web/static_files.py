"""Style sheets, scripts, fonts and pictures, under names that carry a digest of their bytes.

All files are read once at start: references inside style sheets (`url(…)`) and between scripts
(`import … from "./x.js"`) are rewritten to the hashed names, and texts are compressed. A hashed name
may be kept for a year; a plain one is answered too, and revalidated each time.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import posixpath
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from flask import Flask, Response, request

from lms.kernel.errors import NotFound
from lms.web.access import public

FOLDER = Path(__file__).parent / "static"
COMPRESSED = (".css", ".js", ".svg", ".txt", ".json")
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}

_CSS_REFERENCE = re.compile(r"""(url\(["']?)([^"')]+)(["']?\))""")
_JS_REFERENCE = re.compile(r"""(\b(?:from|import)\s*\(?\s*["'])(\.{1,2}/[^"']+)(["'])""")


@dataclass(frozen=True, slots=True)
class Asset:
    name: str
    """Path below `static/` with the digest in it: `css/site.1f0c93ab12.css`."""
    body: bytes = field(repr=False)
    packed: bytes | None = field(repr=False)
    etag: str
    media_type: str


class Assets:
    """All files below `folder`, by plain name. Raises ValueError for a reference to a file not there."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._by_name: dict[str, Asset] = {}
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            self._add(path.relative_to(folder).as_posix(), ())
        self._by_hashed = {asset.name: asset for asset in self._by_name.values()}
        self._paths = {name: f"/static/{asset.name}" for name, asset in self._by_name.items()}

    def path(self, name: str) -> str:
        """Address of `name` (`css/site.css`). Raises KeyError for a file that is not there."""
        return self._paths[name]

    def find(self, name: str) -> tuple[Asset | None, bool]:
        """The asset called `name`, and whether the name carries the digest."""
        asset = self._by_hashed.get(name)
        return (asset, True) if asset else (self._by_name.get(name), False)

    def names(self) -> tuple[str, ...]:
        return tuple(self._by_name)

    def _add(self, name: str, parents: tuple[str, ...]) -> Asset:
        if name in self._by_name:
            return self._by_name[name]
        path = self._folder / name
        if name in parents:
            raise ValueError(f"{name} refers to itself by way of {' and '.join(parents)}")
        if not path.is_file():
            raise ValueError(f"{parents[-1] if parents else 'static'}: there is no file {name}")
        body = self._rewritten(name, path.read_bytes(), (*parents, name))
        digest = hashlib.sha256(body).hexdigest()
        stem, suffix = posixpath.splitext(name)
        asset = Asset(
            name=f"{stem}.{digest[:10]}{suffix}",
            body=body,
            packed=gzip.compress(body, 9, mtime=0) if suffix in COMPRESSED and len(body) > 500 else None,
            etag=digest[:32],
            media_type=TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream",
        )
        self._by_name[name] = asset
        return asset

    def _rewritten(self, name: str, body: bytes, parents: tuple[str, ...]) -> bytes:
        pattern = {".css": _CSS_REFERENCE, ".js": _JS_REFERENCE}.get(posixpath.splitext(name)[1])
        if pattern is None:
            return body

        def hashed(match: re.Match[str]) -> str:
            reference = match[2]
            if reference.startswith(("data:", "#", "http:", "https:")):
                return match[0]
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), reference))
            address = posixpath.relpath(self._add(target, parents).name, posixpath.dirname(name) or ".")
            return f"{match[1]}{address if address.startswith('.') else './' + address}{match[3]}"

        return pattern.sub(hashed, body.decode("utf-8")).encode("utf-8")


@cache
def _ours() -> Assets:
    """Read once in a process, however many applications it makes."""
    return Assets()


def install(app: Flask) -> Assets:
    assets = _ours()

    @public
    def static(name: str) -> Response:
        asset, hashed = assets.find(name)
        if asset is None:
            raise NotFound
        return _answer(asset, hashed)

    app.add_url_rule("/static/<path:name>", "static", static, methods=["GET"])
    return assets


def _answer(asset: Asset, hashed: bool) -> Response:
    packed = asset.packed if asset.packed and request.accept_encodings["gzip"] > 0 else None
    response = Response(packed or asset.body, content_type=_content_type(asset.media_type))
    # Two encodings are two bodies: each has an entity tag of its own.
    response.set_etag(f"{asset.etag}-gzip" if packed else asset.etag)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    if asset.packed:
        response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if hashed else "public, no-cache"
    )
    response.make_conditional(request)
    return response


def _content_type(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
