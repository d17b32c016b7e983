"""Chinese alphabetical order and initials, the same on every database server.

The key holds the syllables with their tones, then a TAB and the name: TAB sorts before the
blank between syllables, so that a short name stands before a longer one that begins like it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT

# Readings that a surname has as a surname, where the general dictionary gives another one.
SURNAMES = {
    "单": "shan4",
    "仇": "qiu2",
    "曾": "zeng1",
    "区": "ou1",
    "解": "xie4",
    "查": "zha1",
    "盖": "ge3",
    "缪": "miao4",
    "覃": "qin2",
    "朴": "piao2",
    "任": "ren2",
    "华": "hua4",
    "宁": "ning4",
    "纪": "ji3",
    "乐": "yue4",
    "员": "yun4",
    "召": "shao4",
    "哈": "ha3",
    "牟": "mu4",
    "隗": "wei3",
    "郗": "chi1",
    "佴": "nai4",
    "能": "nai4",
    "阚": "kan4",
    "宓": "fu2",
    "要": "yao1",
    "盛": "sheng4",
    "折": "she2",
    "黑": "he4",
    "祭": "zhai4",
    "繁": "po2",
    "种": "chong2",
    "秘": "bi4",
    "翟": "zhai2",
    "藏": "zang1",
    "薄": "bo2",
    "卜": "bu3",
    "那": "na1",
    "燕": "yan1",
    "应": "ying1",
    "钻": "zuan1",
    "曲": "qu1",
    "葛": "ge3",
    "洗": "xian3",
    "冼": "xian3",
    "重": "chong2",
    "逄": "pang2",
    "郇": "xun2",
    "乜": "nie4",
    "句": "gou1",
    "尹": "yin3",
    "长孙": "zhang3 sun1",
    "尉迟": "yu4 chi2",
    "万俟": "mo4 qi2",
    "单于": "chan2 yu2",
    "澹台": "tan2 tai2",
    "令狐": "ling2 hu2",
    "皇甫": "huang2 fu3",
    "宰父": "zai3 fu3",
    "夏侯": "xia4 hou2",
    "诸葛": "zhu1 ge3",
    "欧阳": "ou1 yang2",
    "上官": "shang4 guan1",
    "司马": "si1 ma3",
    "公孙": "gong1 sun1",
    "东方": "dong1 fang1",
    "慕容": "mu4 rong2",
    "闻人": "wen2 ren2",
    "赫连": "he4 lian2",
    "申屠": "shen1 tu2",
    "呼延": "hu1 yan2",
    "钟离": "zhong1 li2",
    "宇文": "yu3 wen2",
}

# Places in and around the city, and elsewhere in the province, that are easily misread.
PLACES = {
    "平顶山": "ping2 ding3 shan1",
    "新华区": "xin1 hua2 qu1",
    "卫东": "wei4 dong1",
    "湛河": "zhan4 he2",
    "石龙": "shi2 long2",
    "宝丰": "bao3 feng1",
    "叶县": "ye4 xian4",
    "鲁山": "lu3 shan1",
    "郏县": "jia2 xian4",
    "舞钢": "wu3 gang1",
    "汝州": "ru3 zhou1",
    "长葛": "chang2 ge3",
    "长桥": "chang2 qiao2",
    "长垣": "chang2 yuan2",
    "长社": "chang2 she4",
    "长安": "chang2 an1",
    "滍阳": "zhi4 yang2",
    "磙子营": "gun3 zi ying2",
    "背孜": "bei4 zi1",
    "瀙水": "qin4 shui3",
    "冢头": "zhong3 tou2",
    "堂街": "tang2 jie1",
    "漯河": "luo4 he2",
    "舞阳": "wu3 yang2",
    "浚县": "xun4 xian4",
    "渑池": "mian3 chi2",
    "柘城": "zhe4 cheng2",
    "泌阳": "bi4 yang2",
    "尉氏": "wei4 shi4",
    "武陟": "wu3 zhi4",
    "鄢陵": "yan1 ling2",
    "郾城": "yan3 cheng2",
    "召陵": "shao4 ling2",
    "睢县": "sui1 xian4",
    "睢阳": "sui1 yang2",
    "濮阳": "pu2 yang2",
    "中牟": "zhong1 mu4",
    "荥阳": "xing2 yang2",
    "单县": "shan4 xian4",
    "洧川": "wei3 chuan1",
    "重庆": "chong2 qing4",
    "栾川": "luan2 chuan1",
}

_HAN = re.compile(r"[一-鿿㐀-䶿]+")
_RUN = re.compile(r"[一-鿿㐀-䶿]+|[^一-鿿㐀-䶿]+")
_SYLLABLE = re.compile(r"[a-zêü]{1,6}[1-4]?")
_NOT_A_PERSON = re.compile(r".*[会局厂店院社县区市镇乡村所部司站校矿处委办组家]")
_PLACE = re.compile("|".join(sorted(PLACES, key=len, reverse=True)))


def sort_key(name: str, *, person: bool | None = None) -> str:
    """The text to sort by; `person` says whether it begins with a surname, None lets it be guessed."""
    return f"{' '.join(part for part, _ in _parts(name, person))}\t{name}"


def initials(name: str, *, person: bool | None = None) -> str:
    """What people type to find a name: pds for 平顶山; letters and digits stay."""
    return "".join(
        part[0] if is_syllable else re.sub(r"[^0-9a-z]", "", part)
        for part, is_syllable in _parts(name, person)
    )


@lru_cache(maxsize=50_000)
def _parts(name: str, person: bool | None) -> tuple[tuple[str, bool], ...]:
    """The syllables, and between them what is not Chinese, in lower case; names recur."""
    parts: list[tuple[str, bool]] = []
    rest = name
    if _is_person(name) if person is None else person:
        surname, rest = _split(name)
        known = SURNAMES.get(surname)
        parts += [(each, True) for each in known.split()] if known else _read(surname)
    start = 0
    for place in _PLACE.finditer(rest):
        parts += _read(rest[start : place.start()])
        parts += [(syllable, True) for syllable in PLACES[place.group()].split()]
        start = place.end()
    return (*parts, *_read(rest[start:]))


def _split(name: str) -> tuple[str, str]:
    """Surname and given name, which are read apart: many share one, few share both."""
    known = next((size for size in (2, 1) if name[:size] in SURNAMES), 0)
    size = known or int(_HAN.match(name) is not None)
    return name[:size], name[size:]


def _is_person(name: str) -> bool:
    if (
        not 2 <= len(name) <= 4
        or not _HAN.fullmatch(name)
        or _NOT_A_PERSON.fullmatch(name)
        or _PLACE.match(name)
    ):
        return False
    return name not in PHRASES_DICT


@lru_cache(maxsize=50_000)
def _read(text: str) -> tuple[tuple[str, bool], ...]:
    parts: list[tuple[str, bool]] = []
    for run in _RUN.findall(text):
        for part in lazy_pinyin(run, style=Style.TONE3):
            spoken = _HAN.match(run) is not None and _SYLLABLE.fullmatch(part) is not None
            parts.append((part.lower(), spoken))
    return tuple(parts)
