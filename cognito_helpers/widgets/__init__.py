"""What the learner sees: forms, answers, the QR code, phone, inbox, wire, flow and tokens. Each
says the same as text where a widget cannot be shown.
"""
