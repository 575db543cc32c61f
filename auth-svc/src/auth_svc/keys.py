"""ES256 signing keys: made once, kept sealed in PostgreSQL, published as a JWKS."""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm


@dataclass(frozen=True, slots=True)
class SealedKey:
    """A signing key as stored: the private part encrypted, the public part as a JWK."""

    kid: str
    sealed: bytes
    public_jwk: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key ready to sign with."""

    kid: str
    private_key: ec.EllipticCurvePrivateKey

    def sign(self, claims: dict[str, Any]) -> str:
        """A signed JWT."""
        return jwt.encode(claims, self.private_key, algorithm="ES256", headers={"kid": self.kid})


class KeySealer:
    """Encrypts private keys under AUTH_SECRET (Fernet: AES-128-CBC with HMAC-SHA256)."""

    def __init__(self, secret: str) -> None:
        digest = hashlib.sha256(f"signing-keys:{secret}".encode()).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(digest))

    def generate(self) -> SealedKey:
        """Make a new P-256 key; its id is the RFC 7638 thumbprint of its public part."""
        private_key = ec.generate_private_key(ec.SECP256R1())
        jwk: dict[str, Any] = json.loads(ECAlgorithm.to_jwk(private_key.public_key()))
        members = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
        canonical = json.dumps(members, separators=(",", ":"), sort_keys=True).encode()
        kid = base64.urlsafe_b64encode(hashlib.sha256(canonical).digest()).rstrip(b"=").decode()
        public = {**members, "alg": "ES256", "use": "sig", "key_ops": ["verify"], "kid": kid}
        raw = private_key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return SealedKey(kid, self._fernet.encrypt(raw), public)

    def unseal(self, key: SealedKey) -> SigningKey:
        """Decrypt a stored key.

        Raises:
            cryptography.fernet.InvalidToken: AUTH_SECRET is not the one it was sealed with.
        """
        private_key = serialization.load_der_private_key(self._fernet.decrypt(key.sealed), None)
        if not isinstance(private_key, ec.EllipticCurvePrivateKey):
            raise TypeError("a stored signing key is no elliptic-curve key")
        return SigningKey(key.kid, private_key)
