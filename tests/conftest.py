"""What all tests share: hypothesis without deadlines, since no test asserts a time, and the option
that runs the tables against another service.
"""

from hypothesis import settings

settings.register_profile("suite", deadline=None, database=None)
settings.load_profile("suite")


ENDPOINT = """run the tables of tests/emulator against the service at URL instead of the emulator
inside the tests; aws stands for Amazon Cognito, by boto3's own settings. At AWS the whole of it
is about 12,000 calls, 1,000 monthly active users (the first 10,000 of a month are free, each of
the others costs one or two cents), 50 e-mails to Amazon's mailbox simulator (as many as a day may
have), and two or three hours, most of it waiting for authenticator codes. Every pool is deleted
after its test."""


def pytest_addoption(parser):
    parser.addoption("--endpoint", metavar="URL", help=ENDPOINT)
    parser.addoption(
        "--site",
        metavar="FOLDER",
        help="walk through the static site in FOLDER (tests/site), which make site has built",
    )
    parser.addoption(
        "--thorough",
        action="store_true",
        help="give the tests of tests/robust their full size: about an hour",
    )
