"""The statements of a rule in nft's JSON as steps (libnftables-json(5))."""

from __future__ import annotations

import ipaddress
from typing import Any as Json

from readiness_tui.probes.kinds.firewall.packets.rules import (
    ALWAYS,
    Accept,
    All,
    Any,
    Choice,
    Condition,
    CopyMark,
    Drop,
    Jump,
    Mark,
    Match,
    Obscure,
    Often,
    Queue,
    Return,
    Step,
    Test,
    Translate,
    Unclear,
    Untrack,
)
from readiness_tui.probes.kinds.firewall.readers.nft_expressions import (
    Elements,
    compare,
    concat_element,
    unwrapped,
    values_test,
)
from readiness_tui.probes.kinds.firewall.readers.nft_subjects import subject

_WITHOUT_EFFECT = (
    "counter", "log", "comment", "ct helper", "ct timeout", "ct expectation", "secmark", "flow", "dup",
    "last",
)  # fmt: skip
_VERDICTS = ("accept", "drop", "return", "jump", "goto", "continue")
IPV4: Condition = Test("nfproto", ((2, 2),))
IPV6: Condition = Test("nfproto", ((10, 10),))
TCP: Condition = Test("l4proto", ((6, 6),))


def steps(expressions: Json, family: str, elements: Elements) -> tuple[Step, ...]:
    """A rule's statements in order. family: of its table; what is not understood is Obscure."""
    found: list[Step] = []
    for statement in expressions if isinstance(expressions, list) else []:
        try:
            found.extend(_statement(statement, family, elements))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            found.append(Obscure(f"a statement that is not understood ({str(error)[:40]})"))
    return tuple(found)


def _statement(statement: Json, family: str, elements: Elements) -> list[Step]:
    if isinstance(statement, str):
        statement = {statement: None}
    ((name, body),) = statement.items()
    if name == "match":
        return [Match(compare(body["left"], str(body.get("op", "==")), body["right"], elements))]
    if name in _VERDICTS:
        return [] if name == "continue" else [verdict({name: body})]
    if name in _WITHOUT_EFFECT:
        return []
    if name in ("limit", "ct count", "quota", "connlimit"):
        return [_rate(name, body)]
    if name == "vmap":
        return [_vmap(body, elements)]
    if name == "reject":
        return _reject(body, family)
    if name == "mangle":
        return _mangle(body)
    if name in ("dnat", "redirect"):
        return _translate(name, body)
    return _other(name, body)


def _other(name: str, body: Json) -> list[Step]:
    match name:
        case "notrack":
            return [Untrack()]
        case "snat" | "masquerade":
            return [Accept()]
        case "queue":
            return [Queue()]
        case "set" | "map" if isinstance(body, dict) and body.get("op") in ("add", "update"):
            return [_rate(*item) for inner in body.get("stmt", ()) for item in inner.items()]
        case "meter":
            return [_rate(*item) for item in body["stmt"].items()]
        case _:
            return [Obscure(f"a statement {name}")]


def _rate(name: str, body: Json) -> Match:
    """A condition on how many packets came before."""
    if name == "counter":
        return Match(ALWAYS)
    if name in ("limit", "ct count", "connlimit") and isinstance(body, dict):
        return Match(ALWAYS, Often.RARELY if body.get("inv") else Often.AT_TIMES)
    return Match(Unclear(f"{name} {body}" if isinstance(body, str) else name))


def verdict(body: Json) -> Step:
    """A verdict statement. Raises ValueError for none."""
    ((name, target),) = body.items()
    match name:
        case "accept":
            return Accept()
        case "drop":
            return Drop()
        case "return":
            return Return()
        case "jump" | "goto":
            return Jump(str(target["target"]), goto=name == "goto")
        case "continue":
            return Match(ALWAYS)
        case _:
            raise ValueError(f"verdict {name}")


def _reject(body: Json, family: str) -> list[Step]:
    """A reject answers only the family or protocol its answer belongs to; others go on."""
    kind = body.get("type") if isinstance(body, dict) else None
    if kind == "tcp reset":
        hidden = family not in ("ip", "ip6")
        doubt = (Match(Unclear('"reject with tcp reset", whose family is not listed')),) if hidden else ()
        return [Match(TCP), *doubt, Drop()]
    if kind in ("icmp", "icmpv6"):
        return [Match(IPV4 if kind == "icmp" else IPV6), Drop()]
    return [Drop()]


def _mangle(body: Json) -> list[Step]:
    key, value = body["key"], body["value"]
    if "payload" in key or "exthdr" in key or "tcp option" in key:
        place = key.get("payload", {})
        harmless = place.get("field") in ("dscp", "ecn", "ttl", "hoplimit", "flowlabel") or not place
        return [] if harmless else [Obscure(f"a change of {place.get('protocol')} {place.get('field')}")]
    left = subject(key)
    if left.field not in ("mark", "ct mark"):
        return []
    connection = left.field == "ct mark"
    if isinstance(value, int):
        return [Mark(value, connection=connection)]
    source = subject(value)
    if source.mask is None and source.field == ("mark" if connection else "ct mark"):
        return [CopyMark(to_connection=connection)]
    return [Mark(None, connection=connection)]


def _translate(name: str, body: Json) -> list[Step]:
    body = body if isinstance(body, dict) else {}
    port = body.get("port")
    fixed = port if isinstance(port, int) else None
    unknown = port is not None and fixed is None
    only: list[Step] = []
    if body.get("family") in ("ip", "ip6"):
        only = [Match(IPV4 if body["family"] == "ip" else IPV6)]
    if name == "redirect":
        return [*only, Translate(port=fixed, own=True, unknown_port=unknown)]
    address = body.get("addr")
    if isinstance(address, str):
        return [
            *only,
            Translate(int(ipaddress.ip_address(address.split("/")[0])), fixed, unknown_port=unknown)
            if "/" not in address
            else Translate(unknown_address=True, unknown_port=unknown),
        ]
    concat = isinstance(address, dict)
    return [*only, Translate(None, fixed, unknown_address=True, unknown_port=unknown or concat)]


def _vmap(body: Json, elements: Elements) -> Step:
    """A verdict map; its catch-all element comes last."""
    data, key = body["data"], body.get("key", body.get("of"))
    pairs = elements(data[1:]) if isinstance(data, str) else data["set"]
    if pairs is None:
        return Obscure(f"verdict map {data} is not listed")
    pairs = sorted(pairs, key=lambda pair: unwrapped(pair[0])[0] == "*")
    branches = []
    for value, goal in pairs:
        branches.append((_branch(key, value, elements), verdict(goal)))
    return Choice(tuple(branches))


def _branch(key: Json, value: Json, elements: Elements) -> Condition:
    plain, rated = unwrapped(value)
    if rated:
        return Unclear("a verdict map with limits")
    if isinstance(key, dict) and "concat" in key:
        lefts = [subject(part) for part in key["concat"]]
        if any(left.unclear or left.kind in ("bits", "exists", "exthdr") for left in lefts):
            return Unclear("a verdict map over " + " . ".join(left.field or left.unclear for left in lefts))
        if any(left.kind == "absent" for left in lefts):
            return Any(())
        return All((*(Test(left.field, negated=True) for left in lefts), concat_element(lefts, value)))
    left = subject(key)
    if plain == "*" and not left.unclear:
        return values_test(left, ["*"])
    return compare(key, "==", plain, elements)
