"""Lessons without a mouse: every cell of one, its forms and views, and the playground. The focus is
visible at every stop, and moves in reading order.
"""

import io

from PIL import Image, ImageChops
from playwright.sync_api import expect

from cognito_helpers.tutorial_pool.lessons import Lesson
from cognito_helpers.ui.form_answers import BUTTON

from .notebook import CELLS, Notebook
from .server import LIGHT

_FOCUSED = """() => {
    const element = document.activeElement, box = element.getBoundingClientRect()
    const name = element.labels?.[0]?.textContent
        || element.getAttribute('aria-label') || element.textContent
    const inside = !!element.closest('.jp-Cell-outputArea')
    return {name: name.trim(), inside, x: box.x, y: box.y, width: box.width, height: box.height}
}"""
_SET_FOCUS = (
    "on => { if (on) window.left.focus(); else { window.left = document.activeElement;"
    " window.left.blur() } }"
)


def around(page, box):
    clip = {
        "x": max(0, box["x"] - 4),
        "y": max(0, box["y"] - 4),
        "width": box["width"] + 8,
        "height": box["height"] + 8,
    }
    return Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB")


def focus_is_seen(page, box):
    """Check that the stop looks different without the focus; a blinking caret doesn't count."""
    focused = around(page, box)
    page.evaluate(_SET_FOCUS, False)
    without = around(page, box)
    page.evaluate(_SET_FOCUS, True)
    return ImageChops.difference(focused, without).getbbox() is not None


def tab_to(page, name):
    """Press Tab until the element with that name has the focus. Every stop below a cell must be
    visible, and come after the one before.
    """
    last = None
    for _ in range(20):
        page.keyboard.press("Tab")
        stop = page.evaluate(_FOCUSED)
        if stop["inside"]:
            assert stop["name"], "a stop without a name"
            assert focus_is_seen(page, stop), f"nobody sees that the focus is on {stop['name']}"
            assert (
                last is None
                or (stop["y"], stop["x"]) > (last["y"], last["x"])
                or stop["y"] + stop["height"] > last["y"]
            ), f"back from {last} to {stop}"
            last = stop
        if stop["name"] == name:
            return
    raise AssertionError(f"Tab never came to {name}")


def chosen(page):
    return page.evaluate(
        f"() => [...document.querySelectorAll('{CELLS}')].findIndex(cell =>"
        " cell.classList.contains('jp-mod-active'))"
    )


def back_into(notebook, name):
    """From the next cell, selected by Shift+Enter, back to this one."""
    notebook.page.keyboard.press("ArrowUp")
    assert chosen(notebook.page) == notebook.cells.index(name)


def next_cell_from(notebook, name):
    """From something below a cell to the next cell."""
    notebook.page.keyboard.press("Escape")
    notebook.page.keyboard.press("ArrowDown")
    assert chosen(notebook.page) == notebook.cells.index(name) + 1


def test_a_lesson_by_keyboard_alone(page, server, lessons):
    server.theme(LIGHT)
    notebook = Notebook(page, server, lessons, Lesson.SIGN_UP.stem)
    keyboard = page.keyboard
    for number, name in enumerate(notebook.cells):
        assert chosen(page) == number
        if name not in notebook.code_cells:
            keyboard.press("Shift+Enter")
            continue
        notebook.run_chosen()
        output = notebook.output(name)
        if name == "choose-a-user-code":
            back_into(notebook, name)
            tab_to(page, "User name")
            keyboard.press("Control+A")
            keyboard.type("no such name")
            tab_to(page, BUTTON)
            keyboard.press("Space")
            expect(output.get_by_role("alert").first).to_contain_text("no spaces")
            for _ in range(3):
                keyboard.press("Shift+Tab")
            keyboard.press("Control+A")
            keyboard.type("dora")
            tab_to(page, "Password")
            keyboard.type("Passw0rd!")
            tab_to(page, BUTTON)
            keyboard.press("Enter")
            expect(output.get_by_role("status")).to_contain_text("Stored")
            next_cell_from(notebook, name)
        elif name == "choose-a-new-password-code":
            back_into(notebook, name)
            tab_to(page, BUTTON)
            keyboard.press("Space")
            expect(output.get_by_role("status")).to_contain_text("Stored")
            next_cell_from(notebook, name)
        elif name == "read-the-inbox-code":
            back_into(notebook, name)
            tab_to(page, "Refresh the inbox")
            keyboard.press("Enter")
            next_cell_from(notebook, name)
        elif name == "follow-the-states-code":
            back_into(notebook, name)
            tab_to(page, "The same in words")
            keyboard.press("Enter")
            expect(output.get_by_text("You are here").last).to_be_visible()
            next_cell_from(notebook, name)
    expect(notebook.everything).to_contain_text(["dora CONFIRMED"])
    assert [line for line in page.console if line.startswith(("error", "uncaught"))] == []


def choose_by_keyboard(notebook, label, option):
    """Open the focused list, go down to a choice, and select it."""
    keyboard = notebook.page.keyboard
    keyboard.press("Space")
    keyboard.type(option)
    keyboard.press("Enter")
    expect(notebook.everything.get_by_label(label, exact=True)).to_have_value(option)
    notebook.settled()


def test_the_playground_by_keyboard_alone(page, server, lessons):
    server.theme(LIGHT)
    notebook = Notebook(page, server, lessons, Lesson.PLAYGROUND.stem)
    keyboard, name = page.keyboard, "build-a-request-code"
    for number in range(notebook.cells.index(name) + 1):
        assert chosen(page) == number
        if notebook.cells[number] in notebook.code_cells:
            notebook.run_chosen()
        else:
            keyboard.press("Shift+Enter")
    output = notebook.output(name)
    back_into(notebook, name)
    tab_to(page, "+3 min")
    keyboard.press("Space")
    expect(output).to_contain_text("passed.")
    tab_to(page, "Code")
    choose_by_keyboard(notebook, "Code", "wrong")
    tab_to(page, "Send")
    keyboard.press("Space")
    # The focus comes back with the kernel's last message. If it had moved earlier, it would be
    # taken away again.
    notebook.settled()
    expect(output).to_contain_text("CodeMismatchException")
    # Sending disables the button for a moment, and it gets the focus back.
    expect(output.get_by_role("button", name="Send", exact=True)).to_be_focused()
    tab_to(page, "Edit by hand")
    keyboard.press("Enter")
    notebook.settled()
    keyboard.press("Shift+Tab")
    keyboard.press("Control+A")
    keyboard.type("no JSON")
    tab_to(page, "Show as Python")
    keyboard.press("Enter")
    expect(output.get_by_role("alert")).to_contain_text("This isn't valid JSON")
    keyboard.press("Shift+Tab")
    keyboard.press("Space")
    expect(output.get_by_role("button", name="Edit by hand")).to_be_focused()
    tab_to(page, "Show the card")
    keyboard.press("Enter")
    expect(output.get_by_role("button", name="Start over")).to_be_visible()
    next_cell_from(notebook, name)
    assert [line for line in page.console if line.startswith(("error", "uncaught"))] == []
