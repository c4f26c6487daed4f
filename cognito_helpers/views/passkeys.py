"""The passkey device on the page: its passkeys, and what it signed last."""

from __future__ import annotations

from ..sign_in.passkey_device import PasskeyDevice, Signed, shortened, yes_or_no
from ..ui.markup import card, code, escaped, table
from ..ui.widget import WIDE, View


class PasskeysView(View):
    """The passkeys of a device, and below them what it signed last, part by part."""

    role = "group"

    def __init__(self, device: PasskeyDevice) -> None:
        self._device = device
        super().__init__(repr(device), again="Refresh the passkey device", width=WIDE)

    def look(self) -> None:
        """Show the current passkeys, as text too."""
        self.text = repr(self._device)
        super().look()

    def markup(self) -> str:
        """The passkeys, then the last signature."""
        held = [
            (code(key.user), code(key.relying_party), code(key.short_id), f"counter {key.counter}")
            for key in self._device.passkeys
        ]
        columns = ("User", "Relying party", "Passkey's ID", "Counter")
        body = table(columns, held) if held else "No passkeys on it yet."
        signed = self._device.last
        return card("Passkey device", body) + (_signed(signed) if signed else "")


def _signed(signed: Signed) -> str:
    rows = [
        (
            "Relying party",
            code(signed.relying_party),
            "Which service the passkey belongs to. It's signed as a SHA-256 hash.",
        ),
        (
            "Challenge",
            code(shortened(signed.challenge)),
            "Random, from Cognito, so an old signature can't be used again.",
        ),
        (
            "Origin",
            code(signed.origin),
            "Which page asked. The browser says so, not the page.",
        ),
        ("User present", yes_or_no(signed.user_present), "The user touched the device."),
        (
            "User verified",
            yes_or_no(signed.user_verified),
            "The device recognized the user, by a PIN, a finger or a face.",
        ),
        ("Counter", str(signed.counter), "How often this passkey has signed a challenge."),
    ]
    return card(f"Signed last, {escaped(signed.why)}", table(("Part", "Value", "Meaning"), rows))
