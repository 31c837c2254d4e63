"""Random rulesets for nft and iptables: legal, with what administrators write and what they rarely do."""

from __future__ import annotations

from random import Random

PORTS = (22, 53, 80, 443, 1022, 1500, 5000, 5432, 8000, 8080, 30000, 40000, 50000, 65000)
_SOURCES4 = ("198.51.100.0/24", "203.0.113.77", "10.0.0.0/8", "192.0.2.0/24", "0.0.0.0/1", "128.0.0.0/1")
_SOURCES6 = ("2001:db8::/64", "2001:db8:5::77", "fd00::/8", "2001:db8::/32", "::/1")


def nft(random: Random) -> str:
    """A file for `nft -f`: one to three tables."""
    return "\n".join(_table(random, number) for number in range(random.choice((1, 1, 1, 2, 3))))


def _table(random: Random, number: int) -> str:
    family = random.choice(("inet", "inet", "inet", "ip", "ip6"))
    side = [f"side{at}" for at in range(random.randint(0, 3))]
    lines = [f"table {family} t{number} {{"]
    if random.random() < 0.08:
        lines.append("  flags dormant")
    lines.append("  set ports { type inet_service; flags interval; elements = { 22, 5000-5999, 40000 } }")
    lines.append("  set odd { type inet_proto . inet_service; elements = { tcp . 80, udp . 53 } }")
    if family != "ip6":
        lines.append("  set v4 { type ipv4_addr; flags interval; elements = { 10.0.0.0/8, 203.0.113.0/28 } }")
    lines.append("  map where { type inet_service : verdict; elements = { 22 : accept, 8080 : drop } }")
    for at, name in enumerate(side):
        lines += [f"  chain {name} {{", *_rules(random, family, side[at + 1 :], "filter"), "  }"]
    for at in range(random.choice((1, 1, 2, 3))):
        lines += _base(random, family, side, at)
    return "\n".join([*lines, "}"])


def _base(random: Random, family: str, side: list[str], at: int) -> list[str]:
    hook = random.choice(("input", "input", "input", "prerouting"))
    kind = "nat" if hook == "prerouting" and random.random() < 0.4 else "filter"
    priority = random.choice((-300, -250, -150, -100, -10, 0, 0, 0, 10)) if kind == "filter" else -100
    policy = random.choice(("accept", "drop"))
    if kind == "nat" or (hook == "prerouting" and random.random() < 0.7):
        policy = "accept"
    head = f"    type {kind} hook {hook} priority {priority}; policy {policy};"
    return [f"  chain base{at} {{", head, *_rules(random, family, side, kind, hook), "  }"]


def _rules(random: Random, family: str, side: list[str], kind: str, hook: str = "") -> list[str]:
    return [
        f"    {_matches(random, family)} {_action(random, family, side, kind, hook)}"
        for _ in range(random.randint(0, 7))
    ]


def _matches(random: Random, family: str) -> str:
    chosen = [_match(random, family) for _ in range(random.choice((0, 1, 1, 1, 2, 2)))]
    return " ".join(chosen)


def _match(random: Random, family: str) -> str:
    port, other = random.choice(PORTS), random.choice(PORTS)
    low, high = sorted((port, other))
    choices = [
        f"tcp dport {port}",
        f"udp dport {port}",
        f"tcp dport != {port}",
        f"tcp dport {low}-{max(high, low + 1)}",
        f"tcp dport {{ {port}, {random.choice((9, 11))}, {max(low, 100)}-{max(high, 101) + 1} }}",
        "tcp dport @ports",
        "tcp dport != @ports",
        "meta l4proto . th dport @odd",
        "th dport > 1023",
        "ct state new",
        "ct state established,related",
        "ct state { established, related, new }",
        "ct state != established",
        "ct state invalid",
        "ct state untracked",
        "ct status dnat",
        'iifname "eth0"',
        "iif lo",
        'iifname != "eth0"',
        'iifname "eth*"',
        "meta l4proto tcp",
        "meta l4proto { tcp, udp }",
        "meta mark 7",
        "meta mark != 0",
        "meta mark & 0xff == 7",
        "tcp flags syn",
        "tcp flags & (syn | ack) == syn",
        "tcp flags & (fin|syn|rst|ack) != syn",
        "fib daddr type local",
        "fib daddr type != local",
        "fib saddr . iif oif missing",
        "meta pkttype host",
        "meta pkttype { broadcast, multicast }",
        "limit rate 5/second",
        "limit rate over 1000/second",
        "meta nfproto ipv4",
        "meta nfproto ipv6",
        "th sport 1024-65535",
        "tcp sport 53",
        "udp sport 53",
        "ct direction original",
        "meta length > 30",
        "counter",
    ]
    if family in ("ip", "inet"):
        source = random.choice(_SOURCES4)
        choices += [
            f"ip saddr {source}",
            f"ip saddr != {source}",
            "ip daddr 198.51.100.1",
            "icmp type echo-request",
        ]
        choices += [
            "ip saddr @v4",
            "ip saddr != @v4",
            "ip protocol tcp",
            f"ip saddr . tcp dport {{ 203.0.113.77 . {port} }}",
        ]
    if family in ("ip6", "inet"):
        source = random.choice(_SOURCES6)
        choices += [
            f"ip6 saddr {source}",
            f"ip6 saddr != {source}",
            "ip6 nexthdr udp",
            "icmpv6 type echo-request",
        ]
    return random.choice(choices)


def _action(random: Random, family: str, side: list[str], kind: str, hook: str) -> str:
    if kind == "nat":
        to = random.choice(PORTS)
        return random.choice(
            (
                f"tcp dport {random.choice(PORTS)} redirect to :{to}",
                f"udp dport {random.choice(PORTS)} redirect to :{to}",
                "accept",
                "return",
            )
        )
    choices = ["accept"] * 4 + ["drop"] * 4 + ["return", "continue", "counter", 'log prefix "x: " drop']
    choices += ["meta mark set 7", "meta mark set 8 accept", "ct mark set 3", "tcp dport vmap @where"]
    choices += (
        ["th dport vmap { 80 : accept, 5000-6000 : drop, 22 : return }", "queue"]
        if random.random() < 0.3
        else []
    )
    choices += [f"{word} {name}" for name in side for word in ("jump", "jump", "goto")]
    if hook != "prerouting":
        choices += ["reject", "reject", "meta l4proto tcp reject with tcp reset"]
        if family == "inet":
            choices += [
                "reject with icmpx admin-prohibited",
                "meta nfproto ipv4 reject",
                "reject with icmpv6 no-route",
            ]
    elif random.random() < 0.5:
        choices += ["notrack"]
    return random.choice(choices)


def iptables(random: Random, family: int) -> str:
    """A file for iptables-restore: filter, at times raw, mangle and nat."""
    tables = ["filter"] + [name for name in ("raw", "mangle", "nat") if random.random() < 0.25]
    return "".join(_saved(random, name, family) for name in tables)


def _saved(random: Random, table: str, family: int) -> str:
    chains = {
        "filter": ["INPUT"],
        "raw": ["PREROUTING"],
        "mangle": ["PREROUTING", "INPUT"],
        "nat": ["PREROUTING"],
    }
    own = [f"own{at}" for at in range(random.randint(0, 3))]
    lines = [f"*{table}"]
    for chain in chains[table]:
        dropping = table == "filter" and random.random() < 0.5
        lines.append(f":{chain} {'DROP' if dropping else 'ACCEPT'} [0:0]")
    lines += [f":{name} - [0:0]" for name in own]
    for chain in chains[table]:
        lines += [_rule(random, chain, own, table, family) for _ in range(random.randint(0, 7))]
    for at, chain in enumerate(own):
        lines += [_rule(random, chain, own[at + 1 :], table, family) for _ in range(random.randint(0, 4))]
    return "\n".join([*lines, "COMMIT\n"])


def _rule(random: Random, chain: str, own: list[str], table: str, family: int) -> str:
    matches = " ".join(_option(random, family) for _ in range(random.choice((0, 1, 1, 2))))
    words = matches.split()
    if words.count("-p") > 1 or words.count("-s") > 1 or words.count("-i") > 1:
        matches = ""
    return f"-A {chain} {matches} {_target(random, own, table)}"


def _option(random: Random, family: int) -> str:
    port, other = sorted((random.choice(PORTS), random.choice(PORTS)))
    source = random.choice(_SOURCES4 if family == 4 else _SOURCES6)
    return (
        random.choice(
            (
                f"-p tcp -m tcp --dport {port}",
                f"-p udp -m udp --dport {port}",
                f"-p tcp -m tcp --dport {port}:{other}",
                f"-p tcp -m multiport --dports {port},{other},9",
                f"-p tcp -m tcp ! --dport {port}",
                "-p tcp",
                "-p udp",
                f"-s {source}",
                f"! -s {source}",
                "-i eth0",
                "-i lo",
                "! -i eth0",
                "-i eth+",
                "-m conntrack --ctstate NEW",
                "-m conntrack --ctstate RELATED,ESTABLISHED",
                "-m state --state NEW",
                "-m conntrack ! --ctstate ESTABLISHED",
                "-m conntrack --ctstate INVALID",
                "-m conntrack --ctstate DNAT",
                "-p tcp -m tcp --syn",
                "-p tcp -m tcp ! --syn",
                "-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN",
                "-m mark --mark 0x7",
                "-m mark ! --mark 0x7/0xff",
                "-m addrtype --dst-type LOCAL",
                "-m limit --limit 5/sec",
                "-m pkttype --pkt-type broadcast",
                '-m comment --comment "a -j ACCEPT in words"',
                "-m set --match-set fwset src",
                "-p udp -m udp --sport 53",
                "-m length --length 10:2000",
            )
        )
        if family == 4
        else random.choice(
            (
                f"-p tcp -m tcp --dport {port}",
                f"-p udp -m udp --dport {port}",
                f"-s {source}",
                f"! -s {source}",
                "-i eth0",
                f"-p tcp -m multiport --dports {port},{other}",
                "-m conntrack --ctstate NEW",
                "-p ipv6-icmp",
                "-p tcp -m tcp --syn",
                "-m conntrack --ctstate RELATED,ESTABLISHED",
                "-m mark --mark 0x7",
                "-i lo",
                "-p udp",
            )
        )
    )


def _target(random: Random, own: list[str], table: str) -> str:
    choices = ["-j ACCEPT"] * 3 + ["-j RETURN", "", '-j LOG --log-prefix "in -j DROP "']
    choices += [f"{word} {name}" for name in own for word in ("-j", "-j", "-g")]
    if table == "filter":
        choices += ["-j DROP"] * 3 + ["-j REJECT", "-p tcp -j REJECT --reject-with tcp-reset"]
    if table == "raw":
        choices += ["-j CT --notrack", "-j DROP"]
    if table == "mangle":
        choices += ["-j MARK --set-xmark 0x7/0xffffffff", "-j MARK --set-xmark 0x1/0xff"]
    if table == "nat":
        choices = [
            "-j RETURN",
            *(
                f"-p tcp -m tcp --dport {port} -j REDIRECT --to-ports {to}"
                for port, to in ((8080, 80), (5000, 22), (443, 1022))
            ),
        ]
    return random.choice(choices)
