"""The printed cheat sheet."""

import re

from etc.tools import cheat_sheet, web_pages


def test_the_cheat_sheet_fits_on_one_sheet_of_a4(page):
    page.set_content(web_pages.page(cheat_sheet.PATH))
    printed = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    # A4 in points.
    assert [round(float(side)) for side in boxes[0]] in ([595, 842], [596, 842])
    text = page.locator("main").inner_text()
    assert "DeleteUserPool" in text and "One page of a list" in text
