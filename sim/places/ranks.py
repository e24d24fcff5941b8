"""Words for the rank of a place at the end of its name, 省, 市, 县 and the like, and their pinyin."""

from __future__ import annotations

from typing import Final

_PINYIN: Final = {
    "自治区": "zizhiqu",
    "自治州": "zizhizhou",
    "自治县": "zizhixian",
    "自治旗": "zizhiqi",
    "地区": "diqu",
    "省": "sheng",
    "市": "shi",
    "县": "xian",
    "区": "qu",
    "盟": "meng",
    "旗": "qi",
}
"""Those that end in another one stand before it."""
_WORDS: Final = (*_PINYIN, *_PINYIN.values())


def stem(name: str) -> str:
    """A name, in Chinese or pinyin, without the word for its rank; itself where it has none or is one."""
    return next((name.removesuffix(rank) for rank in _WORDS if name.endswith(rank) and name != rank), name)


def stem_pinyin(pinyin: str, name: str) -> str:
    """The pinyin of a place without that of the rank in its Chinese name; whole where nothing is left."""
    rank = next((said for word, said in _PINYIN.items() if name.endswith(word)), "")
    return pinyin.removesuffix(rank) or pinyin


def is_rank(pinyin: str) -> bool:
    """Whether pinyin is a rank's and nothing else."""
    return pinyin in _PINYIN.values()
