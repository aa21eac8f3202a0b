"""``reliefstream digest``: the daily mail of each office, for cron."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

from cyclopts import Parameter

from services.cli.client.services import ask
from services.cli.terminal.exit import Refused, ServerMissing, WrongUsage, ends_as

if TYPE_CHECKING:
    from services.console.digest.mail import Mail
    from services.console.digest.settings import MailSettings

DAY = timedelta(days=1)


def digest(
    recipients: Annotated[Path, Parameter(help="a YAML file: who gets the mail of which office")],
    *,
    show: Annotated[bool, Parameter(negative="", help="print the mails and send none")] = False,
) -> None:
    """Mail each office of the file how much is new since yesterday, due and waiting. No mail where nothing waits.

    The mail server is a setting (RELIEFSTREAM_SMTP_HOST and the others of "digest"). Exit status 1: an address was
    refused, and the others got theirs; 3: the mail server or a service does not answer.
    """
    import os

    from reliefstream_contracts.county_file import CALIFORNIA_TIME
    from services.chassis.settings.located_yaml import WrongFile
    from services.chassis.settings.service_settings import WrongSettings, read_settings
    from services.chassis.settings.yaml_model import read_model
    from services.console.digest.mail import DUE_DAYS, mail_of
    from services.console.digest.recipients import Recipients
    from services.console.digest.settings import MailSettings

    now = datetime.now(UTC)
    with ends_as(WrongUsage, WrongFile, WrongSettings):
        offices = read_model(recipients, Recipients).offices
        settings = read_settings(MailSettings, os.environ)
    since = (now - DAY).isoformat()
    due = (now.astimezone(ZoneInfo(CALIFORNIA_TIME)).date() + timedelta(days=DUE_DAYS)).isoformat()
    reviews = ask("relief", "GET", "/v1/reviews/summary", query={"since": since, "due": due})
    ledger = ask("reconciliation", "GET", "/v1/discrepancies/summary", query={"since": since})
    made = [(one, mail_of(one, reviews, ledger, settings.console_url)) for one in offices]
    mails = [(one.to, mail) for one, mail in made if mail]
    if show:
        for to, mail in mails:
            print(f"To: {', '.join(to)}\nSubject: {mail.subject}\n\n{mail.text}")
        return
    refused = _sent(settings, mails, now)
    print(f"{len(mails)} of {len(made)} offices have something that waits; mail is handed over for them.")
    if refused:
        raise Refused(
            f"Addresses that the mail server refused: {', '.join(sorted(refused))}. Correct {recipients}."
        )


def _sent(settings: "MailSettings", mails: "list[tuple[tuple[str, ...], Mail]]", now: datetime) -> set[str]:
    """Hands the mails over; returns the addresses that the server refused. Raises ServerMissing."""
    refused: set[str] = set()
    with _server(settings) as server:
        for to, mail in mails:
            message = EmailMessage()
            message["From"], message["To"], message["Subject"] = (
                settings.mail_from,
                ", ".join(to),
                mail.subject,
            )
            message["Date"] = format_datetime(now)
            message["Message-ID"] = make_msgid(domain=settings.mail_from.rpartition("@")[2] or None)
            message["Auto-Submitted"] = "auto-generated"
            message.set_content(mail.text)
            try:
                refused |= server.send_message(message).keys()
            except smtplib.SMTPRecipientsRefused as error:
                refused |= error.recipients.keys()
    return refused


@contextmanager
def _server(settings: "MailSettings") -> Iterator[smtplib.SMTP]:
    """The mail server, signed in. Raises ServerMissing."""
    place = f"{settings.smtp_host}:{settings.smtp_port}"
    context = ssl.create_default_context()
    try:
        if settings.smtp_tls == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.smtp_host, settings.smtp_port, timeout=settings.smtp_seconds, context=context
            )
        else:
            server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=settings.smtp_seconds)
        with server:
            if settings.smtp_tls == "starttls":
                server.starttls(context=context)
            if settings.smtp_username:
                server.login(settings.smtp_username, settings.smtp_password.get_secret_value())
            yield server
    except smtplib.SMTPAuthenticationError:
        raise ServerMissing(f"The mail server at {place} refuses the name and the password.") from None
    except (smtplib.SMTPException, OSError) as error:
        raise ServerMissing(
            f"The mail server at {place} does not take mail ({type(error).__name__}). See the settings of digest."
        ) from None
