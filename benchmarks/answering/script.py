"""What is said in the sets, by whom. The frozen ones are never changed."""

from dataclasses import dataclass
from typing import Final

from benchmarks.answering.speaking import Voice
from ivr_flows.understanding.answers import AnswerLanguage

MANDARIN: Final = "cmn-latn-pinyin"
KOREAN: Final = "ko"


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Sentences by kind, voices, how many cases and the seed that they grow from."""

    language: AnswerLanguage = "zh"
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

KOREAN_FROZEN: Final = Script(
    language="ko",
    seed=20261129,
    cases=168,
    voices=(
        Voice(name=f"{KOREAN}+f2", speed=150, pitch=60),
        Voice(name=f"{KOREAN}+f4", speed=140, pitch=45),
        Voice(name=KOREAN, speed=160, pitch=45),
        Voice(name=f"{KOREAN}+m3", speed=145, pitch=35),
        Voice(name=f"{KOREAN}+m7", speed=165, pitch=55),
    ),
    short=("여보세요", "네", "네 여보세요", "예", "누구세요", "네 말씀하세요"),
    hello=(
        "여보세요 누구세요",
        "네 안녕하세요 말씀하세요",
        "여보세요 어디세요",
        "네 누구시죠",
        "여보세요 잘 안 들려요",
    ),
    long=(
        "여보세요 지금 제가 밖에 있는데요 어디시라고요",
        "네 안녕하세요 제가 지금 통화 중인데 무슨 일이세요",
        "여보세요 김 과장입니다 누구 찾으세요",
        "네 지금은 전화를 받기가 어려운데 나중에 다시 걸어 주세요",
    ),
    voicemail=(
        "지금은 전화를 받을 수 없습니다 삐 소리가 나면 메시지를 남겨 주세요",
        "고객님이 전화를 받을 수 없어 음성 사서함으로 연결됩니다 삐 소리 후 말씀하세요",
        "안녕하세요 저는 지금 자리에 없으니 용건을 남겨 주시면 다시 연락 드리겠습니다",
        "소리샘으로 연결되었습니다 녹음하시려면 삐 소리 후 말씀해 주세요",
    ),
    announcements=(
        "지금 거신 번호는 없는 번호입니다 다시 확인하시고 걸어 주십시오",
        "고객님의 전화기가 꺼져 있습니다 잠시 후 다시 걸어 주십시오",
        "고객님이 통화 중이오니 잠시 후 다시 걸어 주십시오",
        "지금 거신 전화는 고객의 사정으로 당분간 착신이 정지되어 있습니다",
        "고객님이 전화를 받지 않아 통화가 종료됩니다",
    ),
)

KOREAN_TUNING: Final = Script(
    language="ko",
    seed=8,
    cases=112,
    voices=(
        Voice(name=f"{KOREAN}+f1", speed=150, pitch=55),
        Voice(name=f"{KOREAN}+f3", speed=160, pitch=50),
        Voice(name=f"{KOREAN}+m2", speed=145, pitch=40),
        Voice(name=f"{KOREAN}+m5", speed=155, pitch=50),
    ),
    short=("네네", "여보세요 네", "누구야", "말씀하세요"),
    hello=(
        "네 여보세요 누구십니까",
        "여보세요 네 말씀하십시오",
        "안녕하세요 어디십니까",
        "네 전화 받았습니다",
    ),
    long=(
        "여보세요 제가 지금 운전 중인데 빨리 말씀하세요",
        "네 그 사람은 지금 집에 없는데 어디세요",
        "여보세요 지하철이라서 잘 안 들리는데 다시 한번 말씀해 주세요",
    ),
    voicemail=(
        "전화를 받을 수 없으니 삐 소리 후 메시지를 남겨 주십시오",
        "부재중입니다 성함과 연락처를 녹음해 주세요 감사합니다",
        "음성 메시지 서비스입니다 삐 소리가 나면 녹음하시고 끝나면 끊어 주세요",
    ),
    announcements=(
        "지금은 통화할 수 없습니다 다시 걸어 주시기 바랍니다",
        "없는 번호이거나 사용이 정지된 번호입니다",
        "고객님의 전원이 꺼져 있어 연결할 수 없습니다",
        "통화량이 많아 연결이 지연되고 있습니다 잠시 후 다시 걸어 주세요",
    ),
)

SCRIPTS: Final = {
    "frozen": FROZEN,
    "tuning": TUNING,
    "korean_frozen": KOREAN_FROZEN,
    "korean_tuning": KOREAN_TUNING,
}
