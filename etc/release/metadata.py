"""The part of the metadata that needs the repository's address, which only the workflow knows: the
links of the project, and links in the README that also work outside the repository.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

# A Markdown link to a file of the repository, or an image
RELATIVE = re.compile(r"(!?)(\[[^\]]*\]\()(?!https?://|#)([^)]+\))")


class Metadata(MetadataHookInterface):
    """Hatchling's hook. Outside the release workflow the README stays as it is, with no links."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add `readme` and `urls` to the metadata."""
        text = Path(self.root, "README.md").read_text(encoding="utf-8")
        server, name = (os.environ.get(f"GITHUB_{part}") for part in ("SERVER_URL", "REPOSITORY"))
        metadata["urls"] = {}
        if server and name:
            address, tag = f"{server}/{name}", f"v{metadata['version']}"
            metadata["urls"] = links(address)
            text = absolute(text, address, tag)
        metadata["readme"] = {"content-type": "text/markdown", "text": text}


def links(address: str) -> dict[str, str]:
    """The links an index shows beside the project."""
    return {
        "Source": address,
        "Issues": f"{address}/issues",
        "Changelog": f"{address}/blob/main/CHANGELOG.md",
    }


def absolute(text: str, address: str, tag: str) -> str:
    """The text with each relative link pointing to the file at the tag."""

    def whole(match: re.Match[str]) -> str:
        kind = "raw" if match[1] else "blob"
        return f"{match[1]}{match[2]}{address}/{kind}/{tag}/{match[3]}"

    return RELATIVE.sub(whole, text)
