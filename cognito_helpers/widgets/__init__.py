"""What the learner sees: forms, answers, the QR code, the phone, the inbox. Each says the same as text where a widget cannot be shown."""
