"""Sealing: what only its owner may read again (AES-256-GCM, NIST SP 800-38D)."""

import os
from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


def sealer(key: bytes) -> Callable[[bytes], bytes]:
    """A function that seals with this 32-byte key. The nonce stands before the sealed bytes."""
    cipher = AESGCM(key)

    def seal(plain: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + cipher.encrypt(nonce, plain, None)

    return seal


def unseal(key: bytes, sealed: bytes) -> bytes:
    """What was sealed. Raises cryptography's InvalidTag if key or bytes are wrong."""
    return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
