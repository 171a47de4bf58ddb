"""Data Integrity proofs with `eddsa-rdfc-2022` (W3C VC Data Integrity EdDSA Cryptosuites v1.0).

Both the proof's options and the document are canonicalized as RDF; the signature is over the two digests, the
options' first. Terms that no vocabulary defines would be left out of it, so documents are built from a fixed
list of fields, and a test looks for each of their values in what is signed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from lms.credit.badges.vocabularies import bundled

Json = dict[str, Any]
Loader = Callable[..., Json]
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519_PUBLIC = b"\xed\x01"
"""What stands before an Ed25519 public key in its multibase form, which then begins `z6Mk`."""


def signed(document: Mapping[str, Any], seed: bytes, method: str, created: datetime) -> Json:
    """`document` with its proof. `seed`: the 32 bytes of the private key; `method`: the public key's id."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    options = {
        "type": "DataIntegrityProof",
        "created": moment(created),
        "verificationMethod": method,
        "cryptosuite": "eddsa-rdfc-2022",
        "proofPurpose": "assertionMethod",
    }
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(hash_data(document, options))
    return {**document, "proof": {**options, "proofValue": multibase(signature)}}


def hash_data(document: Mapping[str, Any], options: Mapping[str, Any], load: Loader = bundled) -> bytes:
    """The 64 bytes that are signed: digest of the options, then of the document without its proof."""
    plain = {name: value for name, value in document.items() if name != "proof"}
    stated = {"@context": document["@context"], **options}
    return b"".join(hashlib.sha256(canonical_rdf(part, load).encode()).digest() for part in (stated, plain))


def canonical_rdf(document: Mapping[str, Any], load: Loader = bundled) -> str:
    """The document as sorted N-Quads (RDFC-1.0, which PyLD calls by its older name)."""
    from pyld import jsonld

    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}
    return str(jsonld.normalize(dict(document), options))


def multibase(data: bytes) -> str:
    """Base58 as Bitcoin writes it, after the `z` that says so."""
    number, signs = int.from_bytes(data, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        signs = ALPHABET[rest] + signs
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + ALPHABET[0] * zeros + signs


def moment(value: datetime) -> str:
    """In UTC, to the second: `2026-06-30T14:05:00Z`."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
