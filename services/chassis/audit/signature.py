"""Signs and checks the head of an audit log: Ed25519 (RFC 8032), keys in hexadecimal."""

from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from reliefstream_contracts.audit import AuditHeadSigned
from services.chassis.audit.chain import framed, microseconds


def signed_head(private_key: str, service: str, sequence: int, hash_: str, at: datetime) -> AuditHeadSigned:
    """The head with its signature. Raises ValueError for a key that is not 64 hexadecimal digits."""
    return AuditHeadSigned(
        service=service,
        sequence=sequence,
        hash=hash_,
        at=at,
        public_key=public_key(private_key),
        signature=_key(private_key).sign(_said(service, sequence, hash_, at)).hex(),
    )


def genuine(head: AuditHeadSigned) -> bool:
    """Whether the key that the head names signed what it says."""
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(head.public_key))
    try:
        key.verify(bytes.fromhex(head.signature), _said(head.service, head.sequence, head.hash, head.at))
    except InvalidSignature:
        return False
    return True


def public_key(private_key: str) -> str:
    """The public key of a private one. Raises ValueError for one that is not 64 hexadecimal digits."""
    return _key(private_key).public_key().public_bytes_raw().hex()


def _said(service: str, sequence: int, hash_: str, at: datetime) -> bytes:
    return b"".join(map(framed, (service, str(sequence), hash_, microseconds(at))))


def _key(private_key: str) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(private_key))
    except ValueError:
        raise ValueError("the key of the audit log's heads should be 64 hexadecimal digits") from None
