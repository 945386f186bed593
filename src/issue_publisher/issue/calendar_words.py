"""Dates as a nameplate says them (星期一, 丙午年十月十五), understood and compared with the calendar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

STEMS, BRANCHES, ANIMALS = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥", "鼠牛虎兔龙蛇马羊猴鸡狗猪"
FIRST_YEAR = 1645  # since when the Chinese calendar is reckoned as it is today (时宪历)
WEEKDAYS = "一二三四五六日"
_DIGITS = "〇一二三四五六七八九"
_MONTHS = ("正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_OTHER_MONTHS = {"一": 1, "冬": 11, "腊": 12, "臘": 12}


def _day_names() -> tuple[str, ...]:
    tens = ("初", "十", "廿")
    names = [f"{tens[day // 10]}{_DIGITS[day % 10]}" for day in range(1, 30)]
    names[9], names[19] = "初十", "二十"
    return (*names, "三十")


DAYS = _day_names()
_OTHER_DAYS = {"廿": 20, "廿十": 20, "卅": 30} | {f"二十{_DIGITS[unit]}": 20 + unit for unit in range(1, 10)}

_MONTH_NUMBERS = {name: number for number, name in enumerate(_MONTHS, 1)} | _OTHER_MONTHS
_DAY_NUMBERS = {name: number for number, name in enumerate(DAYS, 1)} | _OTHER_DAYS


def _any_of(names: dict[str, int]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_LUNAR = re.compile(
    rf"(?:(?:农历|農曆|夏历|阴历)?[：:]?\s*)"
    rf"(?:(?P<stem>[{STEMS}])(?P<branch>[{BRANCHES}])\s*)?"
    rf"(?:[（(〔]?(?P<animal>[{ANIMALS}])年?[）)〕]?)?\s*年?\s*"
    rf"(?P<leap>[闰閏])?(?P<month>{_any_of(_MONTH_NUMBERS)})月(?:[大小])?\s*"
    rf"(?P<day>{_any_of(_DAY_NUMBERS)})日?(?![{_DIGITS}十])"
)


@dataclass(frozen=True, slots=True)
class LunarDay:
    """A day of the Chinese calendar; `year` is that of the solar calendar in which the lunar year begins."""

    year: int
    month: int
    day: int
    leap: bool = False

    def __str__(self) -> str:
        leap = "闰" if self.leap else ""
        return f"{self.stem}{self.branch}年{leap}{_MONTHS[self.month - 1]}月{DAYS[self.day - 1]}"

    @property
    def stem(self) -> str:
        """天干 of the year."""
        return STEMS[(self.year - 4) % 10]

    @property
    def branch(self) -> str:
        """地支 of the year."""
        return BRANCHES[(self.year - 4) % 12]

    @property
    def animal(self) -> str:
        """生肖 of the year."""
        return ANIMALS[(self.year - 4) % 12]


def lunar_day(day: date) -> LunarDay:
    """The day by the Chinese calendar.

    By lunar_python: MIT, and right where lunardate is a day out (1978's 中秋, 1954's eleventh month).
    """
    from lunar_python import Solar

    lunar = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    month = int(lunar.getMonth())  # negative for a leap month
    return LunarDay(int(lunar.getYear()), abs(month), int(lunar.getDay()), month < 0)


def says_lunar_day(words: str, day: LunarDay) -> bool | None:
    """Whether words such as 农历丙午年十月十五 name this day; None when they cannot be understood.

    Year, animal and 农历 may be left out; what follows the day (a solar term) is not looked at.
    """
    said = _LUNAR.match(words.strip())
    if not said:
        return None
    return (
        said["stem"] in (None, day.stem)
        and said["branch"] in (None, day.branch)
        and said["animal"] in (None, day.animal)
        and bool(said["leap"]) == day.leap
        and _MONTH_NUMBERS[said["month"]] == day.month
        and _DAY_NUMBERS[said["day"]] == day.day
    )


def weekday(day: date) -> str:
    """星期一"""
    return f"星期{WEEKDAYS[day.weekday()]}"


def says_weekday(words: str, day: date) -> bool | None:
    """Whether words such as 星期一 or 周一 name this day's weekday; None when they cannot be understood."""
    said = re.search(rf"(?:星期|周|週|礼拜)([{WEEKDAYS}天])", words)
    return WEEKDAYS.index(said[1].replace("天", "日")) == day.weekday() if said else None


def says_date(words: str, day: date) -> bool | None:
    """Whether words such as 2026年11月23日 name this day; None when they cannot be understood."""
    numeral = "([0-9〇零○一二三四五六七八九十廿卅]+)"
    said = re.search(rf"{numeral}\s*年\s*{numeral}\s*月\s*{numeral}\s*[日号]", words)
    numbers = [number(part) for part in said.groups()] if said else []
    return None if None in numbers or not numbers else numbers == [day.year, day.month, day.day]


def number(words: str) -> int | None:
    """A number in Arabic or Chinese digits: 23, 二十三, 二〇二六, 八; None for anything else."""
    if re.fullmatch("[0-9]+", words):
        return int(words)
    words = (
        words.replace("零", "〇")
        .replace("○", "〇")
        .replace("廿", "二十")
        .replace("卅", "三十")
        .replace("两", "二")
    )
    if re.fullmatch(f"[{_DIGITS}]+", words):
        return int("".join(str(_DIGITS.index(digit)) for digit in words))
    if tens := re.fullmatch(f"([{_DIGITS}]?)十([{_DIGITS}]?)", words):
        ten, unit = (_DIGITS.index(digit) if digit else None for digit in tens.groups())
        return (1 if ten is None else ten) * 10 + (unit or 0)
    return None
