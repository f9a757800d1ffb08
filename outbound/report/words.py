"""What things are called in the report: Chinese first, then English."""

from typing import Final

RATES: Final = {
    "attempted": ("回访率", "attempted"),
    "reached": ("联系率", "reached"),
    "completed": ("完成率", "completed"),
    "satisfied": ("满意率", "satisfied"),
    "solved": ("解决率", "solved"),
}
OF: Final = {
    "attempted": "已办结工单 of closed orders",
    "reached": "已办结工单 of closed orders",
    "completed": "已办结工单 of closed orders",
    "satisfied": "有效评价 of valid answers",
    "solved": "有效评价 of valid answers",
}
LEVELS: Final = {
    "very_satisfied": "非常满意 very satisfied",
    "satisfied": "满意 satisfied",
    "neutral": "基本满意 basically",
    "dissatisfied": "不满意 dissatisfied",
    "very_dissatisfied": "非常不满意 very dissatisfied",
}
OUTCOMES: Final = {
    "completed": "完成 completed",
    "partial": "部分完成 partial",
    "person": "转人工 asked for a person",
    "refused": "拒答 refused",
    "opted_out": "要求不再回访 opted out",
    "talked": "人工回访 talked with an agent",
    "abandoned": "接通无座席 abandoned",
    "hung_up": "接通后挂断 hung up",
    "silent": "无应答声 silent",
    "machine": "语音信箱 machine",
    "network_announcement": "网络提示音 network",
    "busy": "忙 busy",
    "no_answer": "无人接听 no answer",
    "rejected": "拒接 rejected",
    "unreachable": "无法接通 unreachable",
    "no_line": "无空闲线路 no line",
    "no_agent": "座席离开 no agent",
    "not_allowed": "主叫号码不可显示 not allowed",
    "cut_off": "中断 cut off",
    "service_killed": "服务中断 service killed",
}
ANSWERS: Final = {
    "solved": {"yes": "已解决", "no": "未解决", "partly": "部分解决"},
    "contacted": {"yes": "已联系", "no": "未联系"},
    "satisfied": {
        "very_satisfied": "非常满意",
        "satisfied": "满意",
        "neutral": "基本满意",
        "dissatisfied": "不满意",
        "very_dissatisfied": "非常不满意",
    },
}
WISHES: Final = {
    "person": "要求人工",
    "refuses": "拒答",
    "opted_out": "不再回访",
    "unclear": "听不清",
}


def outcome_name(outcome: str) -> str:
    """How a try ended."""
    return OUTCOMES.get(outcome, outcome.replace("_", " "))


def answer_name(question: str, answer: str) -> str:
    """What was answered; what the report does not know stays as it is."""
    known = WISHES | ANSWERS.get(question, {})
    return known.get(answer, f"{question}: {answer}")


def unit_name(unit: str | None) -> str:
    """A handling unit, or that none was given."""
    return unit or "未注明 not given"
