"""The flows that new calls meet, by name: the same mapping, whatever is published."""

from collections.abc import Iterator, Mapping

from ivr_flows.language import Flow


class PublishedFlows(Mapping[str, Flow]):
    """Looked into when a call begins; a call keeps the flow that it found."""

    def __init__(self, flows: Mapping[str, Flow]) -> None:
        self._flows = dict(flows)

    def __getitem__(self, name: str) -> Flow:
        return self._flows[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._flows)

    def __len__(self) -> int:
        return len(self._flows)

    def put(self, flow: Flow) -> None:
        """Let new calls meet this one."""
        self._flows[flow.name] = flow
