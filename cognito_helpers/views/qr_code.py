"""The QR code of an `otpauth://` link: black on its own white background in every theme, with the
key as text beside it.
"""

from __future__ import annotations

import io

import ipywidgets
import pyotp
from IPython import get_ipython

from ..sign_in.authenticator import key_groups
from ..ui.markup import escaped, words
from ..ui.widget import Shown

# The white border the standard requires, in modules
QUIET_ZONE = 4


class QrCode(Shown):
    """A QR code to scan once. It's the shared secret itself: hide it when the app is enrolled."""

    def __init__(self, link: str) -> None:
        totp = pyotp.parse_uri(link)
        whose = f"{totp.name}, issued by {totp.issuer}"
        figure = (
            f'<div role="img" aria-label="QR code for {escaped(whose)}" style="width: 16em;'
            f' max-width: 100%; background: #fff">{svg(link)}</div>'
        )
        key = words(f"Or type this key into the app:<br><code>{escaped(key_groups(link))}</code>")
        caption = f"Account: {escaped(whose)}."
        if _run_by_a_program():
            figure = key = ""
            caption += (
                " The QR code isn't drawn here, since a program runs this notebook and may save it."
            )
        self._picture, self._key = ipywidgets.HTML(figure), ipywidgets.HTML(key)
        self._caption = ipywidgets.HTML(words(caption))
        text = (
            f"QR code for {whose}: drawn when this cell runs. It's a secret, so it's never saved."
            " As text: key_groups(link)"
        )
        super().__init__([self._picture, self._key, self._caption], text)

    def hide(self) -> None:
        """Remove the picture and the key from the page. Emptied rather than closed: a closed widget
        keeps its content.
        """
        self._picture.value = self._key.value = ""
        self._caption.value = words(
            "The QR code is hidden now: it contains the secret.", role="status"
        )


def _run_by_a_program() -> bool:
    """Whether no one can see it. A program that runs a notebook without a page, such as nbclient,
    says that no one can type either; and nbclient saves everything widgets hold.
    """
    # IPython has no public name for it.
    return not getattr(getattr(get_ipython(), "kernel", None), "_allow_stdin", True)


def svg(link: str) -> str:
    """The SVG markup of a link's QR code, as wide as its container."""
    import qrcode
    from qrcode.image.svg import SvgPathFillImage

    code = qrcode.QRCode(border=QUIET_ZONE, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(link)
    image = code.make_image(image_factory=SvgPathFillImage)
    out = io.BytesIO()
    image.save(out)
    markup = out.getvalue().decode().partition("?>")[2]
    # In millimeters it would have the same size on a phone and on a projector.
    tag, _, rest = markup.partition(">")
    width = tag.partition('width="')[2].partition('"')[0]
    return (
        tag.replace(f'width="{width}"', 'width="100%"').replace(
            f'height="{width}"', 'height="100%"'
        )
        + ">"
        + rest
    )
