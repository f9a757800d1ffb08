"""What is said in the two sets, by whom. The frozen one is never changed."""

from dataclasses import dataclass
from typing import Final

from benchmarks.answering.speaking import Voice

MANDARIN: Final = "cmn-latn-pinyin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Sentences by kind, voices, how many cases and the seed that they grow from."""

    seed: int
    cases: int
    voices: tuple[Voice, ...]
    short: tuple[str, ...]
    hello: tuple[str, ...]
    long: tuple[str, ...]
    voicemail: tuple[str, ...]
    announcements: tuple[str, ...]


FROZEN: Final = Script(
    seed=20261128,
    cases=168,
    voices=(
        Voice(name=f"{MANDARIN}+f2", speed=175, pitch=60),
        Voice(name=f"{MANDARIN}+f4", speed=160, pitch=45),
        Voice(name=f"{MANDARIN}+m1", speed=185, pitch=40),
        Voice(name=f"{MANDARIN}+m3", speed=150, pitch=30),
        Voice(name=f"{MANDARIN}+m7", speed=200, pitch=55),
    ),
    short=("喂", "喂？", "你好", "喂，你好", "哎", "哪位"),
    hello=(
        "喂，你好，哪位",
        "你好，请讲",
        "喂，是谁啊",
        "您好，请问您找谁",
        "喂，听得到吗",
    ),
    long=(
        "喂，你好，我现在在外面，请问你是哪里",
        "喂，你好你好，我是老王，什么事啊",
        "您好，这里是张家，请问您是哪一位",
        "喂，你大声一点，我这边听不太清楚",
    ),
    voicemail=(
        "您好，我现在不方便接听电话，请在嘀声后留言，我会尽快给您回电",
        "这里是语音信箱，机主暂时不能接听您的来电，请在提示音后留下您的姓名和电话",
        "你好，我是小李，我现在不在，有事请留言",
        "您呼叫的用户已开通来电助理，我是他的智能秘书，请问您找他有什么事情",
    ),
    announcements=(
        "您好，您拨打的电话暂时无法接通，请稍后再拨",
        "您拨打的用户正忙，请稍后再拨",
        "您好，您所拨打的电话已关机",
        "对不起，您拨打的号码是空号，请核对后再拨",
        "您拨打的电话已停机",
    ),
)

TUNING: Final = Script(
    seed=7,
    cases=112,
    voices=(
        Voice(name=f"{MANDARIN}+f1", speed=165, pitch=55),
        Voice(name=f"{MANDARIN}+f3", speed=190, pitch=50),
        Voice(name=f"{MANDARIN}+m2", speed=170, pitch=35),
        Voice(name=f"{MANDARIN}+m5", speed=155, pitch=50),
    ),
    short=("嗯，喂", "喂喂", "您好", "谁呀", "说"),
    hello=("喂，什么事", "喂您好，请说", "你好，你找哪位", "喂，哪里啊"),
    long=(
        "喂，你好，我正在开车，你有什么事情快说",
        "您好，我是他爱人，他不在家，你是哪里",
        "喂，我在地铁上，信号不好，你再说一遍",
    ),
    voicemail=(
        "你好，机主现在无法接听您的电话，请在听到嘀的一声之后留言",
        "我暂时不能接电话，请留下您的口信，谢谢",
        "欢迎使用语音留言服务，请在滴声后开始录音，录音结束后请挂机",
    ),
    announcements=(
        "您拨叫的用户不在服务区，请稍后再拨",
        "对不起，您呼叫的用户已启用来电提醒功能",
        "您好，您所呼叫的用户正在通话中，请不要挂机",
        "该用户已暂停服务",
    ),
)

SCRIPTS: Final = {"frozen": FROZEN, "tuning": TUNING}
