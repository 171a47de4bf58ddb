"""Badges as signed tokens (Open Badges 3.0, VC-JWT): RS256, which every verifier must know."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any


def token(credential: Mapping[str, Any], private_key: str, key_id: str) -> str:
    """A compact token that holds the credential. `private_key`: RSA, as PEM; `key_id`: its JWK's address."""
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    # Checking our own key for weaknesses each time would cost three times what signing does.
    key = load_pem_private_key(private_key.encode(), password=None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("the key for tokens is not an RSA key")
    header = {"alg": "RS256", "kid": key_id, "typ": "JWT"}
    payload = {
        **credential,
        "iss": credential["issuer"]["id"],
        "jti": credential["id"],
        "sub": credential["credentialSubject"]["id"],
        "nbf": _seconds(credential["validFrom"]),
    }
    if "validUntil" in credential:
        payload["exp"] = _seconds(credential["validUntil"])
    said = f"{_packed(header)}.{_packed(payload)}"
    return f"{said}.{base64url(key.sign(said.encode(), PKCS1v15(), SHA256()))}"


def public_jwk(modulus: int, exponent: int) -> dict[str, str]:
    """An RSA public key as a JWK; its id is the thumbprint of RFC 7638."""
    jwk = {"e": _number(exponent), "kty": "RSA", "n": _number(modulus)}
    printed = json.dumps(jwk, separators=(",", ":"), sort_keys=True)
    return {**jwk, "alg": "RS256", "use": "sig", "kid": base64url(hashlib.sha256(printed.encode()).digest())}


def base64url(data: bytes) -> str:
    """Without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())


def _packed(value: Mapping[str, Any]) -> str:
    return base64url(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _number(value: int) -> str:
    return base64url(value.to_bytes((value.bit_length() + 7) // 8, "big"))
