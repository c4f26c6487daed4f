"""How each AWS SDK writes a call: one row of rules for each, and the writer that follows them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore import xform_name
from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

if TYPE_CHECKING:
    from botocore.model import OperationModel


def _same(name: str) -> str:
    return name


def _first_large(name: str) -> str:
    return name[:1].upper() + name[1:]


def _snake(name: str) -> str:
    return str(xform_name(name))


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in xform_name(name).split("_"))


def _camel(name: str) -> str:
    return name[:1].lower() + _pascal(name)[1:]


def _first_word_small(name: str) -> str:
    # All of it if it's an abbreviation: SMSMfaSettings, smsMfaSettings
    return re.sub(r"^(?:[A-Z]+(?=[A-Z][a-z]|$)|[A-Z])", lambda found: found[0].lower(), name)


def _first_small(name: str) -> str:
    return name[:1].lower() + name[1:]


@dataclass(frozen=True)
class Rules:
    """How one SDK writes a call. In each template `{name}`, `{value}`, `{members}` … are
    replaced.
    """

    call: str
    # A member of the request, and one of a structure inside it
    member: str
    inner: str
    structure: str
    array: str
    mapping: str
    pair: str
    # The separators between members of the request, between those of a structure, and between items
    between: str = ",\n    "
    inside: str = ", "
    choice: str = ""
    true: str = "true"
    false: str = "false"
    operation: Callable[[str], str] = _same
    name: Callable[[str], str] = _same
    kind: Callable[[str], str] = _same
    option: Callable[[str], str] = _same
    variable: Callable[[str], str] = _camel
    # What must be escaped in a text, besides invisible characters
    escapes: str = '"\\'
    # Whether a member that is a list or a map takes its items one by one
    one_by_one: str = ""


SDKS = {
    ".NET": Rules(
        call="await client.{operation}Async(new {operation}Request\n{{\n    {members}\n}});",
        member="{name} = {value}",
        inner="{name} = {value}",
        structure="new {kind} {{ {members} }}",
        array="new List<{item}> {{ {items} }}",
        mapping="new Dictionary<string, string> {{ {pairs} }}",
        pair="[{key}] = {value}",
        choice="{kind}.{option}",
        name=_first_large,
        option=_first_large,
    ),
    "C++": Rules(
        call="client.{operation}({operation}Request()\n    {members});",
        member=".With{name}({value})",
        inner=".With{name}({value})",
        structure="{kind}(){members}",
        array="{items}",
        mapping="{pairs}",
        pair="{key}, {value}",
        between="\n    ",
        inside="",
        choice="{kind}::{option}",
        name=_first_large,
        one_by_one=".Add{name}({value})",
    ),
    "Java": Rules(
        call="client.{operation}(r -> r\n    {members});",
        member=".{name}({value})",
        inner=".{name}({value})",
        structure="{letter} -> {letter}{members}",
        array="{items}",
        mapping="Map.of({pairs})",
        pair="{key}, {value}",
        between="\n    ",
        inside="",
        choice="{kind}.{option}",
        operation=_first_small,
        name=_first_word_small,
        kind=_pascal,
        option=lambda value: re.sub(r"\W", "_", value).upper(),
    ),
    "JavaScript v3": Rules(
        call="await client.send(new {operation}Command({{\n    {members}\n}}));",
        member="{name}: {value}",
        inner="{name}: {value}",
        structure="{{ {members} }}",
        array="[{items}]",
        mapping="{{ {pairs} }}",
        pair="{key}: {value}",
    ),
    "Kotlin": Rules(
        call="client.{operation} {{\n    {members}\n}}",
        member="{name} = {value}",
        inner="{name} = {value}",
        structure="{kind} {{ {members} }}",
        array="listOf({items})",
        mapping="mapOf({pairs})",
        pair="{key} to {value}",
        between="\n    ",
        inside="; ",
        choice="{kind}.{option}",
        operation=_camel,
        name=_camel,
        kind=_pascal,
        option=lambda value: "".join(word.capitalize() for word in re.split(r"\W|_", value)),
        # Inside the braces the bare name would be the request's own member.
        variable=lambda name: f"{_camel(name)}Value",
        escapes='"\\$',
    ),
    "Python": Rules(
        call="client.{operation}(\n    {members}\n)",
        member="{name}={value}",
        inner='"{name}": {value}',
        structure="{{{members}}}",
        array="[{items}]",
        mapping="{{{pairs}}}",
        pair="{key}: {value}",
        true="True",
        false="False",
        operation=_snake,
        variable=_snake,
    ),
}


def program(rules: Rules, operation: OperationModel, given: dict[str, Any]) -> str:
    """The call as `rules` write it. `given` is the request, with an object with a `name` for each
    value that only the reader has.
    """
    shape = operation.input_shape
    assert shape is not None
    members = rules.between.join(
        _member(rules, rules.member, rules.between, name, shape.members[name], value)
        for name, value in given.items()
    )
    return rules.call.format(operation=rules.operation(operation.name), members=members)


def _member(
    rules: Rules, template: str, between: str, name: str, shape: Shape, value: Any, depth: int = 0
) -> str:
    name = rules.name(name)
    if rules.one_by_one and isinstance(shape, ListShape):
        return between.join(
            rules.one_by_one.format(name=name, value=_value(rules, shape.member, item, depth))
            for item in value
        )
    if rules.one_by_one and isinstance(shape, MapShape):
        return between.join(
            rules.one_by_one.format(name=name, value=pair)
            for pair in _pairs(rules, shape, value, depth)
        )
    return template.format(name=name, value=_value(rules, shape, value, depth))


def _value(rules: Rules, shape: Shape, value: Any, depth: int) -> str:
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        inner = (
            _member(rules, rules.inner, rules.inside, name, shape.members[name], member, depth + 1)
            for name, member in value.items()
        )
        return rules.structure.format(
            kind=rules.kind(shape.name), members=rules.inside.join(inner), letter="stuvwxyz"[depth]
        )
    if isinstance(shape, ListShape) and isinstance(value, list):
        item = (
            rules.kind(shape.member.name) if isinstance(shape.member, StructureShape) else "string"
        )
        return rules.array.format(
            item=item, items=", ".join(_value(rules, shape.member, each, depth) for each in value)
        )
    if isinstance(shape, MapShape) and isinstance(value, dict):
        return rules.mapping.format(pairs=", ".join(_pairs(rules, shape, value, depth)))
    return _scalar(rules, shape, value)


def _pairs(rules: Rules, shape: MapShape, value: dict[str, Any], depth: int) -> list[str]:
    return [
        rules.pair.format(key=_text(rules, key), value=_value(rules, shape.value, member, depth))
        for key, member in value.items()
    ]


def _scalar(rules: Rules, shape: Shape, value: Any) -> str:
    if isinstance(value, bool):
        return rules.true if value else rules.false
    if isinstance(value, int | float):
        return str(value)
    if not isinstance(value, str):
        return rules.variable(value.name)
    if rules.choice and isinstance(shape, StringShape) and value in shape.enum:
        return rules.choice.format(kind=rules.kind(shape.name), option=rules.option(value))
    return _text(rules, value)


def _text(rules: Rules, text: str) -> str:
    """A text in double quotes. Invisible characters are escaped, so that the reader sees what is
    there.
    """

    def character(one: str) -> str:
        if one in rules.escapes:
            return f"\\{one}"
        # Java treats a line break written by its number as a line break too.
        if one in "\n\r\t":
            return repr(one)[1:-1]
        return (
            f"\\u{ord(one):04x}"
            if unicodedata.category(one)[0] in "CZ" and one != " " and ord(one) < 0x10000
            else one
        )

    return f'"{"".join(map(character, text))}"'
