"""Fixtures of the engine's tests."""

from tests.transports.conftest import sshds as sshds
