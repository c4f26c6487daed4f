"""What can be measured of a page's looks and accessibility: axe-core's findings, and what is cut
off on a narrow page.
"""

from __future__ import annotations

from collections.abc import Iterator

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as NeverCame

GRAVE = ("serious", "critical")
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}

# Text and controls whose right end is beyond an edge that can't be scrolled to, and text that ends
# in an ellipsis
_CUT = """(within) => {
    const cut = []
    for (const element of document.querySelectorAll(`${within} *`)) {
        const text = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim())
        if (!text && !element.matches('input, select, button, textarea, img, svg')) continue
        const box = element.getBoundingClientRect()
        if (!box.width || !box.height || element.closest('select, svg, .jp-sr-only')) continue
        const clips = e => ['hidden', 'clip'].includes(getComputedStyle(e).overflowX)
        let why = text && clips(element)
            && element.scrollWidth > element.clientWidth + 1 && 'shortened'
        for (let above = element.parentElement; above && !why; above = above.parentElement) {
            if (['auto', 'scroll'].includes(getComputedStyle(above).overflowX)) break
            if (clips(above) && box.right > above.getBoundingClientRect().right + 1) why = 'cut'
        }
        const said = (element.value || element.textContent).trim().slice(0, 60)
        if (why) cut.push(`${why}: <${element.localName} ${element.className}> ${said}`)
    }
    return cut
}"""


def grave_findings(page: Page, *within: str) -> list[str]:
    """The serious and critical findings of axe-core within the given elements; for each rule,
    where.
    """
    return list(
        _told(
            Axe()
            .run(page, context={"include": [[selector] for selector in within]}, options=RULES)
            .response["violations"]
        )
    )


def _told(violations: list[dict]) -> Iterator[str]:
    for violation in violations:
        if violation["impact"] in GRAVE:
            for node in violation["nodes"]:
                yield (
                    f"{violation['id']}: {node['html'][:160]}"
                    f" {'; '.join(check['message'] for check in node['any'][:1])}"
                )


def cut_off(page: Page, within: str, width: int, height: int) -> list[str]:
    """What can't be read in a window of this size, once the page has settled."""
    page.set_viewport_size({"width": width, "height": height})
    try:
        page.wait_for_function(
            f"within => ({_CUT})(within).length === 0", arg=within, timeout=5_000
        )
        return []
    except NeverCame:
        return page.evaluate(_CUT, within)
