"""Values as text in a form, and back."""

import pytest

from config.agent_settings import WrittenProfile
from config.queue_settings import WrittenRules
from console.pages.setting_forms import AGENT, QUEUE, FormFault, given, texts

RULES = WrittenRules.model_validate(
    {
        "title": "综合",
        "skills": {"tax": 2, "housing": 1},
        "max_penalty": 0,
        "relax": [{"after_seconds": 30, "lower_skills_by": 1}],
        "overflow": [{"when": "no_agents", "to": "general"}],
        "hours": {"workday": "08:30-17:30"},
        "admission": {"places_per_agent": 3},
        "weight": 0.5,
    }
)


@pytest.mark.parametrize("rules", [RULES, WrittenRules()])
def test_rules_come_back_from_their_form_as_they_were(rules: WrittenRules) -> None:
    written = texts(QUEUE, rules.model_dump(mode="json"))
    assert set(written) == set(WrittenRules.model_fields)
    assert WrittenRules.model_validate(given(QUEUE, written)) == rules


def test_profile_comes_back_from_its_form_as_it_was() -> None:
    profile = WrittenProfile(
        contact="sip:1001@192.0.2.1",
        queues=("general", "tax"),
        skills={"tax": 3},
        penalties={"tax": 1},
        weight=2.25,
    )
    written = texts(AGENT, profile.model_dump(mode="json"))
    assert set(written) == set(WrittenProfile.model_fields)
    assert WrittenProfile.model_validate(given(AGENT, written)) == profile


def test_what_the_form_does_not_name_is_left_as_it_is() -> None:
    assert given(QUEUE, {"title": " 税务 ", "csrf": "x"}) == {"title": "税务"}


@pytest.mark.parametrize(
    "wrong",
    [{"priority": "high"}, {"skills": "tax"}, {"skills": "tax=a"}, {"relax": "{"}],
)
def test_what_cannot_be_read_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(FormFault):
        given(QUEUE, wrong)
