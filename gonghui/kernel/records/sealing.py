"""Sealing of sensitive texts: authenticated encryption at rest and keyed hashes to find them by.

Envelope: version byte, cipher byte, 12-byte nonce, ciphertext with tag. The table, column and key
of the row are authenticated, so a value cannot be moved to another row. The cipher is AES-256-GCM,
or SM4-GCM where `GONGHUI_CIPHER=sm4` asks for it.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.base import Cipher
from cryptography.hazmat.primitives.ciphers.modes import GCM
from django.conf import settings
from django.db import models

from gonghui.kernel.records.fields import SealedField

VERSION = 1
AES, SM = 1, 2
NONCE = 12
TAG = 16


@lru_cache(maxsize=1)
def _master_key() -> bytes:
    """The site's key: from the environment, or from a file made once in the data folder."""
    given = os.environ.get("GONGHUI_SEALING_KEY")
    if given:
        return bytes.fromhex(given)
    path = Path(settings.HOME) / "sealing.key"
    try:
        return bytes.fromhex(path.read_text().strip())
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
        return bytes.fromhex(path.read_text().strip())


@lru_cache(maxsize=4)
def _derived(purpose: str, size: int) -> bytes:
    return hashlib.blake2b(purpose.encode(), key=_master_key(), digest_size=size).digest()


def _aad(model: type[models.Model], column: str, pk: int) -> bytes:
    return f"{model._meta.db_table}.{column}:{pk}".encode()


def seal(model: type[models.Model], column: str, pk: int, text: str) -> bytes:
    """The ciphertext of a text for one row's column."""
    nonce = secrets.token_bytes(NONCE)
    aad = _aad(model, column, pk)
    if os.environ.get("GONGHUI_CIPHER") == "sm4":
        encryptor = Cipher(SM4(_derived("sm4", 16)), GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(aad)
        body = encryptor.update(text.encode()) + encryptor.finalize() + encryptor.tag
        return bytes([VERSION, SM]) + nonce + body
    body = AESGCM(_derived("aes", 32)).encrypt(nonce, text.encode(), aad)
    return bytes([VERSION, AES]) + nonce + body


def unseal(model: type[models.Model], column: str, pk: int, sealed: bytes) -> str:
    """The text of a sealed value; raises InvalidTag when it was changed or moved."""
    cipher, nonce, body = sealed[1], sealed[2 : 2 + NONCE], sealed[2 + NONCE :]
    aad = _aad(model, column, pk)
    if cipher == SM:
        decryptor = Cipher(SM4(_derived("sm4", 16)), GCM(nonce, body[-TAG:])).decryptor()
        decryptor.authenticate_additional_data(aad)
        return (decryptor.update(body[:-TAG]) + decryptor.finalize()).decode()
    return AESGCM(_derived("aes", 32)).decrypt(nonce, body, aad).decode()


def keyed_hash(text: str) -> bytes:
    """The hash a sealed text is found by; equal texts have equal hashes at one site."""
    normal = text.strip().upper().replace(" ", "")
    return hmac.new(_derived("hash", 32), normal.encode(), hashlib.sha256).digest()


@cache
def sealed_fields(model: type[models.Model]) -> tuple[str, ...]:
    """The names of a model's sealed fields."""
    return tuple(f.name for f in model._meta.concrete_fields if isinstance(f, SealedField))


def opened(record: models.Model, name: str) -> str:
    """A sealed field in clear; empty when nothing is stored. Showing it must be logged."""
    value: Any = getattr(record, name)
    if value is None or isinstance(value, str):
        return value or ""
    return unseal(type(record), name, int(record.pk), bytes(value))


def hash_plain(record: models.Model) -> None:
    """Set the hash columns of texts that are still in clear, before validation looks at them."""
    for name in sealed_fields(type(record)):
        value = getattr(record, name)
        if hasattr(record, f"{name}_hash") and (value is None or isinstance(value, str)):
            setattr(record, f"{name}_hash", keyed_hash(value) if value else None)


def seal_plain(record: models.Model) -> None:
    """Replace texts that are still in clear by their ciphertext; the key must be known."""
    for name in sealed_fields(type(record)):
        value = getattr(record, name)
        if isinstance(value, str):
            sealed = seal(type(record), name, int(record.pk), value) if value else None
            setattr(record, name, sealed)
