"""Check every response of the emulator against the service's own model, as botocore ships it."""

import json

import botocore.loaders
from botocore.model import ServiceModel

MODEL = ServiceModel(
    botocore.loaders.create_loader().load_service_model("cognito-idp", "service-2"), "cognito-idp"
)

# Error codes any operation may return, though the model lists them for none or only for some
COMMON_CODES = {
    "InvalidParameterException",
    "NotInEmulatorException",
    "SerializationException",
    "UnknownOperationException",
}

# The service's own attribute phone_number_verified is longer than the 20 characters the model
# allows for a name.
LONGER_THAN_THE_MODEL_SAYS = {"phone_number_verified"}

JSON_TYPES = {
    "structure": dict,
    "map": dict,
    "list": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "timestamp": (int, float),
}


def check_answer(operation, answer):
    """Fail unless the model allows `answer` for `operation`."""
    assert answer.headers["Content-Type"] == "application/x-amz-json-1.1"
    if answer.status == 200:
        check_output(operation, answer.body)
        return
    body = json.loads(answer.body)
    assert set(body) == {"__type", "message"}
    assert isinstance(body["message"], str) and body["message"], "an error says why"
    assert answer.headers["x-amzn-ErrorType"] == body["__type"] + ":"
    assert answer.status == (501 if body["__type"] == "NotInEmulatorException" else 400)
    listed = (
        {shape.name for shape in MODEL.operation_model(operation).error_shapes}
        if operation in MODEL.operation_names
        else set()
    )
    assert body["__type"] in listed | COMMON_CODES, f"{operation} never answers {body['__type']}"


def check_output(operation, body):
    shape = MODEL.operation_model(operation).output_shape
    if shape is None:
        assert body == b"", f"{operation} answers nothing"
        return
    check_value(shape, json.loads(body), operation)


def check_value(shape, value, where):
    if getattr(shape, "is_document_type", False):
        # Any JSON.
        return
    assert isinstance(value, JSON_TYPES[shape.type_name]), (
        f"{where} is no {shape.type_name}: {value!r}"
    )
    assert isinstance(value, bool) == (shape.type_name == "boolean"), f"{where}: {value!r}"
    if shape.type_name == "structure":
        assert set(value) <= set(shape.members), (
            f"{where} has members that the model lacks: {set(value) - set(shape.members)}"
        )
        assert set(shape.required_members) <= set(value), (
            f"{where} lacks {set(shape.required_members) - set(value)}"
        )
        for name, member in value.items():
            check_value(shape.members[name], member, f"{where}.{name}")
    elif shape.type_name == "list":
        for item in value:
            check_value(shape.member, item, f"{where}[]")
    elif shape.type_name == "map":
        for key, item in value.items():
            check_value(shape.key, key, f"{where} key")
            check_value(shape.value, item, f"{where}.{key}")
    else:
        check_size(shape, value, where)


def check_size(shape, value, where):
    size = len(value) if isinstance(value, str) else value
    if value in LONGER_THAN_THE_MODEL_SAYS:
        return
    assert shape.metadata.get("min", size) <= size <= shape.metadata.get("max", size), (
        f"{where} is too short or too long: {size}"
    )
    if enum := getattr(shape, "enum", None):
        assert value in enum, f"{where} is none of {enum}: {value!r}"
