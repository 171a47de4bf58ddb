"""Certificates as Open Badges 3.0: `credential.py` words them, `issuing.py` signs them in each form.

Nothing is stored. A badge is made from the frozen row whenever somebody asks for it.
"""

from lms.credit.badges.credential import FORMAT
from lms.credit.badges.issuing import (
    MEDIA_TYPES,
    Shape,
    as_text,
    badge,
    did_document,
    issuer_profile,
    public_key,
    status_credential,
)
from lms.credit.badges.keyring import BadKeyFile, KeyRing, key_ring, rotate
from lms.credit.badges.origin import Origin, why_no_badges
from lms.credit.badges.queries import Ended, ended
from lms.credit.badges.status import list_named

__all__ = [
    "FORMAT", "MEDIA_TYPES", "BadKeyFile", "Ended", "KeyRing", "Origin", "Shape", "as_text", "badge",
    "did_document", "ended", "issuer_profile", "key_ring", "list_named", "public_key", "rotate",
    "status_credential", "why_no_badges",
]  # fmt: skip
