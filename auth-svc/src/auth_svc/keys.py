"""ES256 signing keys: made once, kept sealed in PostgreSQL, published as a JWKS."""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from jwt.algorithms import ECAlgorithm


def derive_key(secret: str, purpose: str) -> bytes:
    """256 bits for one purpose (HKDF-SHA256, RFC 5869), so that no two uses share a key."""
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose.encode()).derive(
        secret.encode()
    )


@dataclass(frozen=True, slots=True)
class SealedKey:
    """A signing key as stored: the private part encrypted, the public part as a JWK."""

    kid: str
    sealed: bytes
    public_jwk: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key ready to sign with; its public part as a JWK."""

    private_key: ec.EllipticCurvePrivateKey
    public_jwk: dict[str, Any]


class KeySealer:
    """Encrypts private keys under AUTH_SECRET (Fernet: AES-128-CBC with HMAC-SHA256)."""

    def __init__(self, secret: str) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(derive_key(secret, "signing-keys")))

    def generate(self) -> SealedKey:
        """Make a new P-256 key; its id is the RFC 7638 thumbprint of its public part."""
        private_key = ec.generate_private_key(ec.SECP256R1())
        jwk: dict[str, Any] = json.loads(ECAlgorithm.to_jwk(private_key.public_key()))
        members = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
        canonical = json.dumps(members, separators=(",", ":"), sort_keys=True).encode()
        kid = base64.urlsafe_b64encode(hashlib.sha256(canonical).digest()).rstrip(b"=").decode()
        public = {
            **members,
            "alg": "ES256",
            "use": "sig",
            "key_ops": ["verify"],
            "ext": True,
            "kid": kid,
        }
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
        return SigningKey(private_key, key.public_jwk)


class KeyRing:
    """The keys of the process, newest first: the first signs, all verify and are published."""

    def __init__(self, keys: Sequence[SigningKey]) -> None:
        self._signing = keys[0]
        self._by_id = {str(key.public_jwk["kid"]): key for key in keys}

    def jwks(self) -> dict[str, Any]:
        """The public parts (RFC 7517)."""
        return {"keys": [key.public_jwk for key in self._by_id.values()]}

    def sign(self, claims: dict[str, Any]) -> str:
        """A signed JWT."""
        headers = {"kid": self._signing.public_jwk["kid"]}
        return jwt.encode(claims, self._signing.private_key, algorithm="ES256", headers=headers)

    def verify(self, token: str, *, issuer: str, audience: str, now: datetime) -> dict[str, Any]:
        """The claims of a token that one of these keys signed and that is still good at `now`.

        Raises:
            jwt.PyJWTError: it is not.
        """
        key = self._by_id.get(jwt.get_unverified_header(token).get("kid", ""))
        if key is None:
            raise jwt.InvalidKeyError("unknown key id")
        claims: dict[str, Any] = jwt.decode(
            token,
            key.private_key.public_key(),
            algorithms=["ES256"],
            audience=audience,
            issuer=issuer,
            # Time is compared below, with the clock that was passed in.
            options={
                "require": ["exp", "iss", "aud", "sub", "session_id"],
                "verify_exp": False,
                "verify_iat": False,
            },
        )
        if claims["exp"] <= now.timestamp():
            raise jwt.ExpiredSignatureError("expired")
        return claims
