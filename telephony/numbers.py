"""Telephone numbers: what a peer sent, made into one form.

Numbers are kept in E.164 (`+8613812345678`, ITU-T E.164); short codes and service
numbers that have no international form (`110`, `12345`, `95588`, `4008…`) as they are
dialled. The empty string is a caller who withheld his number, or sent none.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

import phonenumbers

from telephony.events import Invitation

EMERGENCY_NUMBERS: Final = frozenset({"110", "119", "120", "122"})
"""Police, fire, ambulance, road accidents."""
_SEPARATORS = re.compile(r"[\s().\-\u2010-\u2015]")
_DIALLABLE = re.compile(r"\+?[0-9*#]{1,20}", re.ASCII)
_USER = re.compile(r"(?:sips?|tel):(?P<user>[^@;>?]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberPlan:
    """The city's place in the numbering plan: country code "86", area code "0531"."""

    country_code: str
    area_code: str

    def normalise(self, raw: str) -> str:
        """Bring what was sent into the kept form; "" when it is no number.

        What no numbering plan knows (an extension, a fault of the trunk) stays as sent.
        """
        number = _SEPARATORS.sub("", raw)
        if not _DIALLABLE.fullmatch(number):
            return ""
        if not number.lstrip("+").isdigit():
            return number
        kept = self._international(number)
        bare = self._without_prefixes(kept)
        return bare if _is_short(bare) else kept

    def _without_prefixes(self, number: str) -> str:
        """`+8653112345` and `053112345` are the hotline itself, not a subscriber."""
        country = rf"(?:\+|00)?{self.country_code}0?"
        area = self.area_code.removeprefix("0")
        return re.sub(rf"^(?:{country}{area}|{country}|0{area})", "", number)

    def _international(self, number: str) -> str:
        code = self.country_code
        forms = (
            re.sub(r"^00(?=[1-9])", "+", number),
            self.area_code + number,
            f"+{number}" if number.startswith(code) else "",
        )
        return next((valid for form in forms if (valid := _valid(form, code))), number)

    def dialled(self, number: str) -> str:
        """The form an agent's phone shows and dials: national, without `+86`."""
        if not number.startswith(f"+{self.country_code}"):
            return number
        parsed = phonenumbers.parse(number)
        national = phonenumbers.national_significant_number(parsed)
        is_mobile = phonenumbers.number_type(parsed) == (
            phonenumbers.PhoneNumberType.MOBILE
        )
        return national if is_mobile else f"0{national}"

    def caller(self, invitation: Invitation) -> str:
        """Who calls: P-Asserted-Identity (RFC 3325) before From; "" when withheld."""
        if invitation.withheld:
            return ""
        asserted = self.normalise(user_of(invitation.asserted_uri))
        return asserted or self.normalise(user_of(invitation.from_uri))

    def called(self, invitation: Invitation) -> str:
        """Which number the citizen dialled: the user part of the Request-URI."""
        return self.normalise(user_of(invitation.request_uri))


def is_sip_uri(target: str) -> bool:
    """Whether this is a SIP URI, not a number."""
    return target.lower().startswith(("sip:", "sips:"))


def user_of(uri: str) -> str:
    """The user part of a sip:, sips: or tel: URI, unescaped; "" when it has none."""
    found = _USER.search(uri)
    if not found or ("@" not in uri and not uri.lower().lstrip("<").startswith("tel")):
        return ""
    return unquote(found["user"])


def mask(number: str) -> str:
    """The number for people who need not know it: `138****5678`."""
    bare = number.removeprefix("+86")
    if len(bare) < 7:
        return bare
    return f"{bare[:3]}****{bare[-4:]}"


@lru_cache(maxsize=4096)
def _valid(number: str, country_code: str) -> str:
    """In E.164; "" when no subscriber can have it. Each call asks several times."""
    region = phonenumbers.region_code_for_country_code(int(country_code))
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(parsed):
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _is_short(number: str) -> bool:
    """Short codes of China: 1xx, 12xxx, 10xxx, 95xxx, 96xxx(x), and 400/800 numbers."""
    return bool(
        re.fullmatch(
            r"1[0-2]\d|1[0-2]\d{3}|1[0-2]\d{2}|9[56]\d{3,6}|[48]00\d{7}", number
        )
    )
