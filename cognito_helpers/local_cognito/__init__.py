"""An emulator for Amazon Cognito user pools: in process, behind a real boto3 client, for
learning.
"""

from .local import LocalCognito as LocalCognito
from .outbox import Message as Message
from .storage.state_file import StateFileError as StateFileError

__all__ = ["LocalCognito", "Message", "StateFileError"]
