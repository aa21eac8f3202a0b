"""The keys of what stays of a sealed conviction: settings of each service that keeps such hashes."""

from services.chassis.runtime.cipher import keys_in
from services.chassis.runtime.keyed_hash import KeyedHash
from services.chassis.settings.secret_keys import SecretKeys
from services.chassis.settings.service_settings import ServiceSettings


class SealingKeySettings(ServiceSettings):
    """From the environment, ``RELIEFSTREAM_`` before each name in capitals."""

    sealing_keys: SecretKeys
    """Keys of the hashes by which what a court sealed, and a certificate of relief, is recognised: at least 32 random
    characters each, the newest first, with commas between them; the same for ingest, relief and notification. An older
    one is needed as long as hashes of it are kept: without it the service does not start."""
    sealing_keys_lost: tuple[str, ...] = ()
    """Ids of keys that are lost for good, as a service names them when it refuses to start: what was sealed under them
    is recognised no more, and is taken in again when a source sends it."""

    @property
    def keyed_hash(self) -> KeyedHash:
        """Hashes by these keys."""
        return KeyedHash([key.encode() for key in keys_in(self.sealing_keys.get_secret_value())])
