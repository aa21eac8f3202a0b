"""Help as plain text. Cyclopts' own formats first load a Markdown parser and a highlighter, which takes 0.2 s."""

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cyclopts.help import HelpPanel
    from cyclopts.help.formatters import DefaultFormatter
    from rich.console import Console, ConsoleOptions

_WITHIN_A_PARAGRAPH = re.compile(r"(?<=\S)\n(?=\S)")


class FilledParagraphs:
    """Fills paragraphs to the width of the terminal: docstrings are broken where their source is."""

    @cached_property
    def _formatter(self) -> "DefaultFormatter":
        from cyclopts.help.formatters import DefaultFormatter

        return DefaultFormatter()

    def render_usage(self, console: "Console", options: "ConsoleOptions", usage: Any) -> None:
        """The line ``Usage: ...``."""
        self._formatter.render_usage(console, options, usage)

    def render_description(self, console: "Console", options: "ConsoleOptions", description: Any) -> None:
        """What a command does."""
        _fill(description)
        self._formatter.render_description(console, options, description)

    def __call__(self, console: "Console", options: "ConsoleOptions", panel: "HelpPanel") -> None:
        """A panel of commands or parameters."""
        for entry in panel.entries:
            _fill(entry.description)
        self._formatter(console, options, panel)


def _fill(inline: Any) -> None:
    text: Any = getattr(inline, "primary_renderable", None)
    if hasattr(text, "plain"):
        text.plain = _WITHIN_A_PARAGRAPH.sub(" ", text.plain)
