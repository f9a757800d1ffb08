"""The called number chooses the flow, in whatever form the settings write it."""

import pytest

from config.settings import Settings
from hotline.calls_in import flow_of_number
from ivr_flows.flow import BUILT_IN, load_flow
from telephony.numbers import NumberPlan

JINAN = NumberPlan(country_code="86", area_code="0531")
FLOW = load_flow(BUILT_IN / "citizen.yaml")
OTHER = FLOW.model_copy(update={"title": "other"})


@pytest.mark.parametrize(
    "written", ["12315", "053112315", "82345678", "+8653182345678"]
)
def test_number_of_the_settings_is_found_as_it_is_dialled(written: str) -> None:
    settings = Settings(numbers=[{"called": written, "flow": "other"}])
    flow_of = flow_of_number(settings, {"citizen": FLOW, "other": OTHER})
    assert flow_of(JINAN.normalise(written)) is OTHER
    assert flow_of("12345") is FLOW
