"""The font of what is printed: one of the system's that has Chinese, or the set one."""

from pathlib import Path

FONTS = (
    Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"),
    Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"),
    Path("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf"),
    Path("/usr/share/fonts/truetype/arphic/uming.ttc"),
)
"""Where Debian has those that can be put into a PDF (TrueType outlines)."""


class FontMissing(Exception):
    """There is no font with Chinese; the message says what to do."""

    error_id = "font_missing"


def find_font(chosen: Path | None) -> Path:
    """The chosen font, or the first of the system's. `FontMissing`."""
    for file in [chosen] if chosen else FONTS:
        if file.is_file():
            return file
    if chosen:
        raise FontMissing(
            f"There is no font {chosen}: set print_font under [console] to a TrueType "
            "file that has Chinese."
        )
    raise FontMissing(
        "There is no font with Chinese for PDF: install Debian's fonts-wqy-microhei, or "
        "set print_font under [console] to a TrueType file."
    )
