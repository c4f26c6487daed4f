"""The web app of the lesson on building an app, in a browser beside the notebook it runs in."""

import re

from playwright.sync_api import expect

from cognito_helpers.tutorial_pool.lessons import Lesson
from cognito_helpers.ui.form_answers import BUTTON

from .notebook import Notebook
from .rows import ON_PHONE
from .server import LIGHT

LESSON = Lesson.BUILD_AN_APP.stem
SERVED, INBOX, KEY = "run-the-web-app-code", "use-the-web-app-code-2", "use-the-web-app-code-3"
PHONE, REQUESTS = "use-the-web-app-code-4", "inspect-the-requests-code"
PASSWORD = "Correct-horse-7-battery"
NEWEST = re.compile("To copy|The newest code")


def digits(notebook, name):
    """The newest code that a view below a cell shows."""
    fields = notebook.output(name).get_by_label(NEWEST)
    return fields.filter(visible=True).last.input_value()


def send(app, *typed, button="Continue"):
    """Fill in the inputs of the page in their order, and press a button."""
    for place, text in enumerate(typed):
        app.locator("form").first.locator("label input").nth(place).fill(text)
    app.get_by_role("button", name=button).click()


def test_a_user_signs_up_sets_up_a_phone_and_signs_in(page, server, lessons):
    server.theme(LIGHT)
    notebook = Notebook(page, server, lessons, LESSON)
    names = list(notebook.code_cells)
    for name in names[: names.index(SERVED) + 1]:
        notebook.run(name)
    address = notebook.output(SERVED).get_by_role("link").get_attribute("href")
    app = page.context.new_page()
    app.goto(address)
    app.get_by_role("link", name="Sign up").click()
    send(app, "erin", "erin@example.com", PASSWORD)
    expect(app.get_by_role("alert")).to_contain_text("We sent a code")

    for name in names[names.index(SERVED) + 1 : names.index(INBOX) + 1]:
        notebook.run(name)
    send(app, digits(notebook, INBOX))
    send(app, "erin", PASSWORD)
    expect(app.locator("svg")).to_be_visible()
    key = re.search(r"type ([A-Z2-7]{32,})", app.locator("main").inner_text())[1]

    notebook.run(KEY)
    notebook.output(KEY).get_by_label("Key").fill(key)
    notebook.press(KEY, BUTTON)
    notebook.run(PHONE)
    send(app, ON_PHONE.read(notebook))
    expect(app.locator("main")).to_contain_text("You're signed in.")
    send(app, button="Remember this device")
    send(app, button="Sign out")
    send(app, "erin", PASSWORD)
    expect(app.locator("main")).to_contain_text("You're signed in.")
    assert not [cookie for cookie in page.context.cookies() if cookie["value"].startswith("eyJ")]
    app.close()

    notebook.run(REQUESTS)
    expect(notebook.output(REQUESTS)).to_contain_text("RespondToAuthChallenge")
    assert page.asked == []
