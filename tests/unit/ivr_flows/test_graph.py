"""The picture of a flow."""

from pathlib import Path

from ivr_flows.flow import BUILT_IN, load_flow
from ivr_flows.graph import mermaid
from ivr_flows.prompts.catalogue import Catalogue
from tests.unit.ivr_flows.flows import CATALOGUE, findings, flow_of


def test_default_flow_shows_that_every_way_leads_to_a_person() -> None:
    lines = mermaid(load_flow(BUILT_IN / "citizen.yaml"), CATALOGUE).splitlines()
    assert lines[0] == "flowchart TD"
    assert '    call(["call"]) --> step_greeting' in lines
    assert '    step_greeting -- "1, no key, other key" --> step_person' in lines
    box = "person: enqueue, 3: to enterprise, 4: to expert<br/>正在为您转接人工坐席，请稍候。"
    assert f'    step_person[["{box}"]]' in lines
    assert '    step_person -- "after the talk" --> step_opinion' in lines
    assert any("greeting: menu<br/>您好，一二三四五" in line for line in lines)


def test_every_step_has_a_box_and_every_exit_an_arrow(tmp_path: Path) -> None:
    flow = flow_of(
        tmp_path,
        """\
        steps:
          a: {do: say, say: 'A "quoted" & <odd> text'}
          hours: {do: opening_hours, hours: {}, closed: end}
          b: {do: transfer, target: 'sip:110@127.0.0.3', then: end, failed: end}
          end: {do: hang_up}
        """,
    )
    text = mermaid(flow, Catalogue())
    assert 'step_a["a: say<br/>A #quot;quoted#quot; #amp; #lt;odd#gt; text"]' in text
    assert 'step_hours -- "closed" --> step_end' in text
    assert 'step_hours -- "open" --> step_b' in text
    assert 'step_b -- "after the talk, no answer" --> step_end' in text
    assert 'step_end(["end: hang_up"])' in text


def test_page_on_flows_shows_the_default_flow_as_it_is() -> None:
    page = Path(__file__).parents[3] / "docs" / "flows.md"
    picture = mermaid(load_flow(BUILT_IN / "citizen.yaml"), CATALOGUE)
    assert f"```mermaid\n{picture}```" in page.read_text(encoding="utf-8")


def test_example_of_the_page_is_a_good_flow(tmp_path: Path) -> None:
    page = Path(__file__).parents[3] / "docs" / "flows.md"
    example = page.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    assert findings(tmp_path, example) == []
