"""The accounts of a service, as its settings say."""

from services.chassis.identity.access_token import Expected
from services.chassis.identity.accounts import InstallationAccounts
from services.chassis.identity.directory import shared_tokens
from services.chassis.identity.grants.text import NoGrant, grant_of
from services.chassis.identity.provider import Provider, ProviderSettings
from services.chassis.runtime.clock import Clock
from services.chassis.settings.http_settings import PREFIX
from services.chassis.settings.service_settings import ServiceSettings, WrongSettings


def accounts_of(settings: ServiceSettings, clock: Clock) -> InstallationAccounts:
    """The persons and machines that may call. Raises WrongSettings, WrongFile."""
    shared = shared_tokens(settings.operator_token.get_secret_value())
    return InstallationAccounts(settings.grants_file, shared, _provider(settings, clock), clock)


def _provider(settings: ServiceSettings, clock: Clock) -> Provider | None:
    if not settings.oidc_issuer:
        return None
    for texts in settings.oidc_groups.values():
        for text in texts:
            try:
                grant_of(text)
            except NoGrant as error:
                raise WrongSettings(f"{PREFIX}OIDC_GROUPS ({error})") from None
    expected = Expected(settings.oidc_issuer, settings.oidc_audience, settings.oidc_longest_s)
    return Provider(
        ProviderSettings(
            expected,
            settings.oidc_jwks_url,
            settings.oidc_groups_claim,
            settings.oidc_groups,
            settings.oidc_strength,
        ),
        clock,
    )
