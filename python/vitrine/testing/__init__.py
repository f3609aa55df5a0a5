"""Doubles for tests of code that uses Vitrine: services that cost money or need a network, played on this machine."""

from __future__ import annotations

from vitrine.testing.bfl_faults import Fault as Fault, FaultKind as FaultKind
from vitrine.testing.bfl_ledger import Bill as Bill, Order as Order
from vitrine.testing.bfl_server import FakeBfl as FakeBfl
from vitrine.testing.fake_gcs import FakeGcs as FakeGcs
