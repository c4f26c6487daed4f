"""The JSON types of operations: requests, stored settings, responses."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any

# The members of a request, checked against the service's model before an operation sees them
Request = dict[str, Any]
# The members of a response, or of a part of one
Response = dict[str, Any]
# The settings of a pool or an app client, under the API's names
Settings = dict[str, Any]
# One attribute of a pool's schema: an entry of SchemaAttributes
Attribute = dict[str, Any]
# The content of a token
Claims = dict[str, Any]
# A Lambda function, from an event and a context to the event with its response; and all of an
# emulator, by their names.
Function = Callable[[dict[str, Any], Any], Any]
Lambdas = MutableMapping[str, Function]
