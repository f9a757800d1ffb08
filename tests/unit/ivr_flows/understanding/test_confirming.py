"""Whether he wants no more calls: yes, no, or the wish itself, and nothing beside it."""

import pytest

from ivr_flows.understanding.answers import Answer, AnswerLanguage, Question
from ivr_flows.understanding.lexicon import lexicon
from ivr_flows.understanding.meaning import understand


@pytest.mark.parametrize(
    ("said", "language", "answer"),
    [
        ("是 的", "zh", Answer.OPT_OUT),
        ("嗯 对", "zh", Answer.OPT_OUT),
        ("别 再 打 了", "zh", Answer.OPT_OUT),
        ("不 是", "zh", Answer.NO),
        ("不对", "zh", Answer.NO),
        ("转 人工", "zh", Answer.PERSON),
        ("不要", "zh", Answer.UNCLEAR),
        ("是 还是 不 是", "zh", Answer.UNCLEAR),
        ("你 好 请 留言", "zh", Answer.UNCLEAR),
        ("满意", "zh", Answer.UNCLEAR),
        ("yes", "en", Answer.OPT_OUT),
        ("no", "en", Answer.NO),
        ("yes no", "en", Answer.UNCLEAR),
        ("네", "ko", Answer.OPT_OUT),
        ("아니요", "ko", Answer.NO),
        ("연락 하지 마세요", "ko", Answer.OPT_OUT),
    ],
)
def test_only_a_plain_yes_or_the_wish_confirms_it(
    said: str, language: AnswerLanguage, answer: Answer
) -> None:
    assert understand(said, Question.OPT_OUT, language).answer is answer


@pytest.mark.parametrize(
    ("language", "yes"), [("zh", "是的"), ("en", "yes"), ("ko", "네")]
)
def test_recogniser_listens_for_the_yes_that_is_asked_for(
    language: AnswerLanguage, yes: str
) -> None:
    words = lexicon(language).grammar(Question.OPT_OUT)
    assert yes in words
    assert any(
        understand(one, Question.OPT_OUT, language).answer is Answer.NO for one in words
    )
