"""Certificates for trials: an authority of this installation alone, and one certificate a server.

Certificates of another authority take their place: put ``ca.pem``, ``NAME-certificate.pem`` and ``NAME-key.pem`` there
(without ``ca-key.pem``). What is there is kept; ours are renewed when they end soon.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from services.chassis.runtime.private_file import write_private

AUTHORITY, AUTHORITY_KEY = "ca.pem", "ca-key.pem"
AUTHORITY_VALID, VALID, RENEWED_BEFORE = timedelta(days=3650), timedelta(days=397), timedelta(days=60)
Pair = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


class CertificateMissing(Exception):
    """A certificate of another authority is not there; the text names the file."""


def make_certificates(folder: Path, servers: Mapping[str, Sequence[str]], now: datetime) -> None:
    """Writes the authority, and each server's certificate and key, where missing or at their end within 60 days.

    ``servers``: name to the hosts by which it is reached. Raises CertificateMissing where the authority is another's
    and a server has no certificate.
    """
    if not (folder / AUTHORITY).exists():
        _write(folder / AUTHORITY, folder / AUTHORITY_KEY, _authority(now))
    for name, hosts in servers.items():
        certificate, key = folder / f"{name}-certificate.pem", folder / f"{name}-key.pem"
        if not (folder / AUTHORITY_KEY).exists():
            if not (certificate.exists() and key.exists()):
                raise CertificateMissing(
                    f"{certificate} or {key} is missing, and {AUTHORITY} is not ours to make them"
                )
        elif not certificate.exists() or _ends(certificate) < now + RENEWED_BEFORE:
            _write(certificate, key, _issued(_read(folder), hosts, now))


def _authority(now: datetime) -> Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _named("reliefstream trial authority")
    builder = (
        _begun(name, key, now, AUTHORITY_VALID)
        .issuer_name(name)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage("key_cert_sign", "crl_sign"), critical=True)
    )
    return builder.sign(key, hashes.SHA256()), key


def _issued(authority: Pair, hosts: Sequence[str], now: datetime) -> Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    issuer, issuer_key = authority
    builder = (
        _begun(_named(hosts[0]), key, now, VALID)
        .issuer_name(issuer.subject)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage("digital_signature"), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([*map(_host, hosts)]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
    )
    return builder.sign(issuer_key, hashes.SHA256()), key


def _begun(
    subject: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, valid: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))  # the clocks of two machines differ
        .not_valid_after(now + valid)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _key_usage(*allowed: str) -> x509.KeyUsage:
    every = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: name in allowed for name in every})


def _ends(certificate: Path) -> datetime:
    return x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc


def _read(folder: Path) -> Pair:
    key = serialization.load_pem_private_key((folder / AUTHORITY_KEY).read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise CertificateMissing(f"{folder / AUTHORITY_KEY} is not a key that was made here: remove it")
    return x509.load_pem_x509_certificate((folder / AUTHORITY).read_bytes()), key


def _write(certificate: Path, key: Path, made: Pair) -> None:
    pem = serialization.Encoding.PEM
    private = made[1].private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    write_private(key, private.decode())
    write_private(certificate, made[0].public_bytes(pem).decode())
