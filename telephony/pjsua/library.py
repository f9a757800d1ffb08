"""The loaded pjsua2: which build it is, what it allows, and its usual parameters."""

import ctypes
import sys
from collections.abc import Iterable
from types import ModuleType
from typing import Final

import pjsua2 as pj

TUNED_LEGS: Final = 1000
"""The legs of our own build; the library's default, and the wheel's, is 4."""

EVERY_CALL: Final = 100_000
"""More than any build allows: the library lowers it to its own limit."""

WITHOUT_RECEIVING: Final = 1
"""For `libDestroy`: do not wait a second for late answers (PJSUA_DESTROY_NO_RX_MSG)."""


def _native() -> ModuleType:
    """The C extension under the Python wrapper; its package differs between builds."""
    return sys.modules.get("_pjsua2") or sys.modules["pjsua2._pjsua2"]


def native_library() -> ctypes.PyDLL:
    """The loaded shared object, for the few functions that pjsua2 does not wrap."""
    return ctypes.PyDLL(str(_native().__file__))


def legs_allowed() -> int:
    """How many legs the loaded build allows at once; valid after `libInit`."""
    return int(native_library().pjsua_call_get_max_count())


def silence_log() -> None:
    """Keep the library from writing to standard output before it is configured."""
    native_library().pj_log_set_level(0)


def call_parameters(
    code: int = 0, headers: Iterable[tuple[str, str]] = ()
) -> pj.CallOpParam:
    """Parameters of answer, call and hang-up: one audio stream and nothing else.

    Without `textCount = 0` pjproject 2.17 offers T.140 text, and each hang-up then
    blocks for 0.3 s.
    """
    parameters = pj.CallOpParam(True)
    parameters.statusCode = code
    only_audio(parameters.opt)
    add_headers(parameters.txOption, headers)
    return parameters


def only_audio(setting: pj.CallSetting) -> None:
    """One audio stream, no video, no text."""
    setting.audioCount = 1
    setting.videoCount = 0
    if hasattr(setting, "textCount"):
        setting.textCount = 0


def add_headers(options: pj.SipTxOption, headers: Iterable[tuple[str, str]]) -> None:
    """Put more headers on the message that is sent."""
    for name, value in headers:
        header = pj.SipHeader()
        header.hName, header.hValue = name, value
        options.headers.append(header)
