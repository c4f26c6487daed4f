"""What every test shares: hypothesis without a clock, since no test here asserts a time; and the option by which the tables leave the stand-in."""

from hypothesis import settings

settings.register_profile("suite", deadline=None, database=None)
settings.load_profile("suite")


ENDPOINT = """run the tables of tests/stand_in against the service at URL instead of the stand-in inside the tests; aws stands for Amazon Cognito, by boto3's own
settings. At AWS that is about TODO calls, TODO monthly active users (the first 10,000 of a month are free, the others cost about a cent each), TODO e-mails
to Amazon's mailbox simulator (50 a day may be sent), and TODO hours, most of it waiting for authenticator codes. Every pool is deleted after its test."""


def pytest_addoption(parser):
    parser.addoption("--endpoint", metavar="URL", help=ENDPOINT)
