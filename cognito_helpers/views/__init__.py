"""What a lesson shows: response, inbox, phone, requests, tokens, diagrams, QR code."""
