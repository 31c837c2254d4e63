"""Memory, processors and disks of a host, as far as its control group lets it use them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from readiness_tui.model.facts import Fact, Missing
from readiness_tui.model.outcome import Cause
from readiness_tui.probes.facts import ParsedReply, fields, first_missing, number

MEMORY_BACKED = frozenset({"tmpfs", "devtmpfs", "ramfs", "none"})
"""Devices of `df` that are no storage."""

LOW_FREE_PCT = 15
"""Free space under which a file system is named in the evidence."""

CONTAINERS = frozenset(
    {"container", "docker", "podman", "lxc", "lxc-libvirt", "openvz", "rkt", "systemd-nspawn", "wsl", "pouch"}
)
"""What `systemd-detect-virt` calls the container technologies; `container` is our own marker."""


def capacity(told: ParsedReply) -> dict[str, Fact | Missing]:
    """The facts below, from what host.resources told."""
    return {
        "mem_mib": _whole(_least(_in(told, "mem_kb", 1024), told.known("cgroup_memory.max"), _mib)),
        "cpus": _least(_in(told, "cpus", 1), told.known("cgroup_cpu.max"), _processors),
        "os": told.text("os", default="unknown"),
        "virt": told.text("virt"),
        "container": container(told),
        **_disks(told),
    }


def resource_problems(
    facts: Mapping[str, Fact | Missing], floors: Mapping[str, float], slack: Mapping[str, float]
) -> tuple[str, ...]:
    """Each figure under its floor, less the share that `slack` forgives."""
    found = []
    for name, words in (("mem_mib", "{} MiB RAM"), ("cpus", "{} CPU"), ("disk_gb", "{} GB of disks")):
        have, floor = facts[name], floors.get(name)
        if floor is None or isinstance(have, Missing) or not isinstance(have, (int, float)):
            continue
        least = floor * (1 - slack.get(name, 0))
        if have < least:
            bound = f"{least:.0f}" if least >= 10 else f"{least:g}"
            found.append(f"{words.format(f'{have:g}')} (expected: at least {bound})")
    return tuple(found)


def container(told: ParsedReply) -> bool | Missing:
    """Whether the host is a container, which has its host's clock, kernel and disk."""
    virt = told.text("virt")
    return virt if isinstance(virt, Missing) else virt in CONTAINERS


def _in(told: ParsedReply, name: str, unit: int) -> float | Missing:
    have = told.number(name)
    return have if isinstance(have, Missing) else have / unit


def _least(
    have: float | Missing, limits: tuple[str, ...], read: Callable[[str], float | None]
) -> float | Missing:
    """The host's own figure, or the control group's when that is smaller."""
    if isinstance(have, Missing):
        return have
    allowed = [limit for limit in map(read, limits) if limit is not None]
    return round(min(have, *allowed), 1) if allowed else round(have, 1)


def _whole(mib: float | Missing) -> int | Missing:
    return mib if isinstance(mib, Missing) else int(mib)


def _mib(text: str) -> float | None:
    """`memory.max`: bytes, or `max`."""
    return int(text) // (1024 * 1024) if text.isdecimal() else None


def _processors(text: str) -> float | None:
    """`cpu.max`: quota and period in microseconds, or `max` and the period."""
    parts = text.split()
    if len(parts) != 2 or not all(part.isdecimal() for part in parts) or int(parts[1]) == 0:
        return None
    return int(parts[0]) / int(parts[1])


def _disks(told: ParsedReply) -> dict[str, Fact | Missing]:
    rows = told.rows("fs")
    if isinstance(rows, Missing):
        return dict.fromkeys(("disk_gb", "free_pct", "space_note", "mounts"), rows)
    by_device = {fields(row, 4)[0]: fields(row, 4) for row in reversed(rows)}
    stores = [disk for disk in reversed(by_device.values()) if disk[0] not in MEMORY_BACKED]
    sizes = [number("fs", disk[1]) for disk in stores]
    free = [number("fs", disk[2]) for disk in stores]
    missing = first_missing([*sizes, *free])
    if missing is None and any(disk[0] in ("overlay", "overlayfs") for disk in stores):
        missing = Missing(Cause.UNSUPPORTED, "fs: an overlay shows its host's disk, not its own size")
    if missing is None and not sum(size for size in sizes if not isinstance(size, Missing)):
        missing = Missing(Cause.GARBLED, "fs: no file system on a disk was told")
    if missing is not None:
        return dict.fromkeys(("disk_gb", "free_pct", "space_note", "mounts"), missing)
    total = [float(size) for size in sizes if not isinstance(size, Missing)]
    left = [float(size) for size in free if not isinstance(size, Missing)]
    low = [
        f"{disk[3]} {100 * spare / size:.0f} % free"
        for disk, size, spare in zip(stores, total, left, strict=True)
        if size and 100 * spare / size < LOW_FREE_PCT
    ]
    return {
        "disk_gb": round(sum(total) * 1024 / 1e9, 1),
        "free_pct": int(100 * sum(left) / sum(total)),
        "space_note": f", low: {', '.join(low)}" if low else "",
        "mounts": " ".join(disk[3] for disk in stores),
    }


FACTS: dict[str, str] = {
    "mem_mib": "Memory in MiB, the control group's limit when that is smaller.",
    "cpus": "Processors online, the control group's quota when that is smaller.",
    "disk_gb": "Size of the distinct file systems of /, of those under /var, /opt, /home and /srv, and of "
    "the volumes, in 1e9 bytes.",
    "resource_problems": "What is under its floor, a sentence each.",
    "free_pct": "Free space on them, per cent.",
    "space_note": "Those of them with under 15 per cent free, as a clause for the evidence.",
    "mounts": "Where they are mounted.",
    "os": "Distribution and version, as /etc/os-release has them.",
    "virt": "Virtualisation, as systemd-detect-virt calls it.",
    "container": "Whether the host is a container.",
}
