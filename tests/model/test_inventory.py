"""Hosts and their addresses, as `--host` and the session file write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness_tui.model.inventory import Address, Host


def ssh(host: str, user: str = "", port: int | None = None) -> Address:
    return Address(transport="ssh", host=host, user=user, port=port)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("local", Address(transport="local")),
        ("app-1", ssh("app-1")),
        ("ana@app-1.internal:2222", ssh("app-1.internal", "ana", 2222)),
        ("ana@corp@app-1", ssh("app-1", "ana@corp")),
        ("[::1]:2222", ssh("::1", port=2222)),
        ("[::1]", ssh("::1")),
        ("::1", ssh("::1")),
        ("ana@[fe80::1%eth0]:22", ssh("fe80::1%eth0", "ana", 22)),
        ("2001:db8::7", ssh("2001:db8::7")),
        ("localhost", ssh("localhost")),
        ("exec:podman exec -i web sh", Address(transport="exec", rest="podman exec -i web sh")),
        ("replay:old.jsonl", Address(transport="replay", rest="old.jsonl")),
        ("ssm:i-0abc, eu-west-1", Address(transport="ssm", rest="i-0abc, eu-west-1")),
        ("app:ssh", Address(transport="app", rest="ssh")),
        ("cafe::1", ssh("cafe::1")),
        ("fe80::1%eth0", ssh("fe80::1%eth0")),
    ],
)
def test_an_address_is_taken_apart(text: str, expected: Address) -> None:
    assert Address.parse(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not a host name or address"),
        ("@app", "no user name before the @"),
        ("ana@", "not a host name or address"),
        ("-oProxyCommand=x", "not a host name or address"),
        ("ana@-oProxyCommand=x", "not a host name or address"),
        ("-l@app", "not a user name"),
        ("app one", "not a host name or address"),
        ("app\n", "not a host name or address"),
        ("ssh://app/x", "not a host name or address"),
        ("local:app", "not a host name or address"),
        ("ssm:\n", "not a port"),
        ("app:0", "not a port"),
        ("app:65536", "not a port"),
        ("app:", "not a port"),
        ("App:ssh", "not a port"),
        ("app:²", "not a port"),
        ("[::1]:x", "not a host name or address"),
        ("[::1", "not a host name or address"),
        ("[::1]:22\n", "not a host name or address"),
        ("exec:", "needs a value after the colon"),
        ("replay:  ", "needs a value after the colon"),
    ],
)
def test_an_invalid_address_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Address.parse(text)


@given(st.text())
def test_any_text_is_an_address_or_a_value_error(text: str) -> None:
    try:
        address = Address.parse(text)
    except ValueError:
        return
    if address.transport == "ssh":
        assert address.host
        assert not address.host.startswith("-")
        assert not address.user.startswith("-")
        assert not any(char.isspace() for char in address.host + address.user)
        assert address.port is None or 0 < address.port < 65536


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "web=ana@10.0.0.1:22,app,proxy",
            Host(name="web", address="ana@10.0.0.1:22", roles=("app", "proxy")),
        ),
        ("me=local", Host(name="me", address="local")),
        ("me=local,app,app", Host(name="me", address="local", roles=("app",))),
        ("v6=[::1]:2222,db", Host(name="v6", address="[::1]:2222", roles=("db",))),
        (
            "c=exec:docker exec -i c sh,app",
            Host(name="c", address="exec:docker exec -i c sh", roles=("app",)),
        ),
        ("c=ssm:A,B,app", Host(name="c", address="ssm:A,B", roles=("app",))),
        ("c=exec:f --a=B,C,app", Host(name="c", address="exec:f --a=B,C", roles=("app",))),
        (" web = a , app ", Host(name="web", address="a", roles=("app",))),
    ],
)
def test_a_host_is_read_with_its_roles(text: str, expected: Host) -> None:
    assert Host.parse(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("web", "not a host"),
        ("=local", "not a host"),
        ("web=", "not a host"),
        ("web=a,App", "not a role: 'App'"),
        ("web=a,,app", "not a role"),
        ("local=a", "a host cannot be called 'local'"),
        ("all=a", "a host cannot be called 'all'"),
        ("network=a", "a host cannot be called 'network'"),
        ("../x=a", "match pattern"),
        ("x" * 64 + "=a", "match pattern"),
        ("web=a b", "not a host name or address"),
    ],
)
def test_an_invalid_host_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Host.parse(text)
