"""Keys and tokens of other services that were committed by mistake: `python -m tests.supply_chain.committed_secrets`.

By their form only: texts that merely look random are hashes and fabricated records here. A line that shows such a form
on purpose ends with "pragma: allowlist secret".
"""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from detect_secrets import SecretsCollection
from detect_secrets.core.scan import get_plugins
from detect_secrets.settings import transient_settings

FORMS = (
    *("ArtifactoryDetector", "AWSKeyDetector", "AzureStorageKeyDetector", "DiscordBotTokenDetector"),
    *("GitHubTokenDetector", "GitLabTokenDetector", "JwtTokenDetector", "MailchimpDetector", "NpmDetector"),
    *("OpenAIDetector", "PrivateKeyDetector", "PypiTokenDetector", "SendGridDetector", "SlackDetector"),
    *("SquareOAuthDetector", "StripeDetector", "TelegramBotTokenDetector", "TwilioKeyDetector"),
)


def found_in(files: Iterable[Path]) -> list[str]:
    """``FILE, line N: KIND`` of each secret; none of its text."""
    secrets = SecretsCollection()
    with transient_settings({"plugins_used": [{"name": name} for name in FORMS]}):
        forms = [form for plugin in get_plugins() for form in plugin.denylist]
        for file in files:
            text = file.read_text(errors="replace")
            if any(form.search(text) for form in forms):  # quick: the scan itself goes line by line
                secrets.scan_file(str(file))
    return sorted(f"{file}, line {secret.line_number}: {secret.type}" for file, secret in secrets)


def main() -> int:
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=False)
    if listed.returncode:
        print("Secrets: not looked for, as this is no git repository.")
        return 0
    found = found_in(path for name in listed.stdout.splitlines() if (path := Path(name)).is_file())
    for each in found:
        print(f"Secret: {each}. Take it out, and revoke it: it stays in the history.")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
