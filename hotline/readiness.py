"""What makes the service not ready, in words."""

from collections.abc import Mapping

from acd.reception import Reception
from console.view import Check
from hotline.records import Records
from telephony.pjsua.endpoint import PjsuaEndpoint

SLOW_RECORDS_SECONDS = 30.0


def readiness(
    endpoint: PjsuaEndpoint, reception: Reception, records: Records
) -> Mapping[str, Check]:
    """The checks of the running service; each says "" when all is well."""

    def sip() -> str:
        return "" if endpoint.is_open else "the SIP endpoint is down; the log says why"

    def calls() -> str:
        return "the service is stopping: no new calls" if reception.draining else ""

    def database() -> str:
        lag = records.writer.lag_seconds
        if lag < SLOW_RECORDS_SECONDS:
            return ""
        return f"the database has taken no records for {lag:.0f} s; the log says why"

    return {"sip": sip, "calls": calls, "records": database}
