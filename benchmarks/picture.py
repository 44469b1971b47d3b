"""Draw the README's picture: the opening of a seed article as `slantwise read` shows it, as an SVG without web fonts.

`python benchmarks/picture.py docs/read.svg`
"""

from __future__ import annotations

import re
import sys
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from slantwise.article import Article
from slantwise.cli.view import render
from slantwise.scorer import Scorer

SEED = Path(__file__).parents[1] / "seeds" / "01-wire.txt"
PARAGRAPHS = 7
WIDTH = 104
THEME = TerminalTheme(
    (250, 249, 246),
    (38, 38, 38),
    [
        (38, 38, 38),
        (176, 32, 32),
        (46, 110, 50),
        (150, 96, 0),
        (30, 80, 160),
        (140, 40, 120),
        (0, 105, 125),
        (90, 90, 90),
    ],
)


def picture() -> str:
    """The SVG. The font-face rules that rich adds would be fetched from the web, so they are taken out."""
    text = "\n\n".join(SEED.read_text(encoding="utf-8").split("\n\n")[:PARAGRAPHS])
    article = Article("seed", text)
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True, color_system="truecolor")
    console.print(render(article, Scorer().score(article)))
    svg = console.export_svg(title="slantwise read", theme=THEME, unique_id="read")
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.S)
    return svg.replace("Fira Code", "ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(picture(), encoding="utf-8")
