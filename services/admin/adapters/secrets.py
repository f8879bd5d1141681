"""Portals' secrets: made here, shown once, and kept as a keyed hash that is worth nothing without the key.

A secret has 256 bits of chance, so that a keyed hash is as good as a slow one, and nobody can keep us busy by
asking. Keys for each purpose come from the master key by HKDF (RFC 5869).
"""

import base64
import hmac
import os

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def key_for(purpose: str, master_key: bytes) -> bytes:
    """A key of 32 bytes for one purpose."""
    return HKDF(SHA256(), 32, None, f"vardvaxel admin {purpose}".encode()).derive(master_key)


class PortalSecrets:
    """Makes secrets and their hashes."""

    def __init__(self, master_key: bytes) -> None:
        self._hash_key = key_for("portal secret hashes", master_key)
        self._make_key = key_for("portal secrets", master_key)

    def hash_of(self, portal_id: str, secret: str) -> bytes:
        """What is kept of a secret."""
        return hmac.digest(self._hash_key, f"{portal_id}\n{secret}".encode(errors="replace"), "sha256")

    def new(self, *asked_by: str) -> str:
        """A new secret. With the idempotency key and everything else that made the request what it is, the
        repeat of a request whose answer got lost gives the same secret again, though it was never stored."""
        made = (
            hmac.digest(self._make_key, "\n".join(asked_by).encode(), "sha256")
            if asked_by
            else os.urandom(32)
        )
        return base64.urlsafe_b64encode(made).decode().rstrip("=")
