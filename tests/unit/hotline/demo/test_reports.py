"""What the demo's processes tell each other survives the way."""

import pytest

from hotline.demo.reports import (
    Heard,
    Message,
    Moment,
    Opened,
    Order,
    Step,
    Word,
    from_line,
    to_line,
)

STEP = Step(
    leg="01", agent="1001", number="138", moment=Moment.RANG, at=1.5, sip_code=200
)


@pytest.mark.parametrize(
    "message",
    [
        Opened(legs_allowed=4),
        STEP,
        Heard(leg="01", seconds={2600: 1.25}),
        *(Order(word=word) for word in Word),
    ],
)
def test_message_is_the_same_after_the_way(message: Message) -> None:
    line = to_line(message)
    assert line.count(b"\n") == 1
    assert from_line(line) == message


@pytest.mark.parametrize(
    "line",
    [b"", b"noise", b"[]", b"{}", b'{"kind": "Other"}', b'{"kind": "Order"}',
     b'{"kind": "Order", "word": "dance"}', b'{"kind": "Opened", "legs": 1}'],
)  # fmt: skip
def test_what_is_no_message_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"demo|Expecting|valid"):
        from_line(line)
