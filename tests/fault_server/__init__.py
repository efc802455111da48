"""An endpoint that misbehaves on purpose: real sockets, every fault of faults.json that lies between it and us."""

from tests.fault_server.call import Call, Request
from tests.fault_server.faults import FAULTS, Fault
from tests.fault_server.scenarios import SCENARIOS
from tests.fault_server.server import FaultServer

__all__ = ["FAULTS", "SCENARIOS", "Call", "Fault", "FaultServer", "Request"]
