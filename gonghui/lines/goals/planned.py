"""Indicators that targets may name before the line of work that counts them is there.

A target of such an indicator is told as 尚未接入, never as zero; once the code is declared by its
line, the declaration goes before what stands here.
"""

from __future__ import annotations

from gonghui.kernel.ledger import catalogue

# code: name, unit
PLANNED: dict[str, tuple[str, str]] = {
    "aid.jqzx_raised": ("金秋助学筹资额", "元"),
    "aid.jqzx_students": ("金秋助学资助学生数", "人"),
    "aid.love_hospitals": ("爱心医院数", "个"),
    "aid.township_stations": ("乡镇（街道）帮扶工作站数", "个"),
    "bargaining.coverage_rate": ("工资集体协商建会企业覆盖率", "%"),
    "bargaining.instructors": ("工资集体协商指导员数", "人"),
    "bargaining.model_cases": ("工资集体协商先进典型数", "个"),
    "competitions.ankang_employers": ("安康杯参赛企业数", "家"),
    "competitions.ankang_workers": ("安康杯覆盖职工数", "人"),
    "competitions.games_coverage": ("职工运动会组队覆盖率", "%"),
    "culture.bookrooms_new": ("新建职工书屋数", "家"),
    "culture.film_sessions": ("百场电影进企业场数", "场"),
    "culture.theme_sessions": ("千场宣讲场数", "场"),
    "employment.loan_out": ("小额借款发放额", "元"),
    "employment.trainees": ("培训人数", "人"),
    "employment.training_placed": ("培训后就业创业人数", "人"),
    "innovation.key_suggestions": ("重要合理化建议数", "件"),
    "innovation.results": ("职工技术创新成果数", "项"),
    "mutual.enrollments": ("大病医疗互助参保人次", "人次"),
    "rights.courts": ("劳动者权益保护审判庭数", "个"),
    "teams.studios": ("职工创新工作室数", "个"),
    "women.screened": ("困难女职工两癌检查人数", "人"),
}


def is_declared(code: str) -> bool:
    """Whether a line counts it."""
    return any(each.code == code for each in catalogue.all_indicators())


def code_of(code: str) -> str:
    """The code under which a target is kept; an unknown one is refused with those like it."""
    if code in PLANNED and not is_declared(code):
        return code
    return catalogue.behind_alias(code).code


def codes_named(texts: set[str]) -> dict[str, str]:
    """The codes of indicators that a sheet names, by code or by Chinese name."""
    names = {name: code for code, (name, _) in PLANNED.items()}
    for declared in catalogue.all_indicators():
        names |= dict.fromkeys((declared.name, *declared.aliases), declared.code)
    known = {*names.values(), *PLANNED}
    found = {text: text if text in known else names.get(text) for text in texts}
    return {text: code for text, code in found.items() if code is not None}


def named(code: str) -> tuple[str, str]:
    """The name and the unit of an indicator, empty where nobody knows it."""
    for declared in catalogue.all_indicators():
        if declared.code == code:
            return declared.name, declared.unit
    return PLANNED.get(code, ("", ""))


def choices() -> list[tuple[str, str]]:
    """Codes and labels for a form: what is counted, then what is not yet."""
    declared = [(each.code, f"{each.name}（{each.code}）") for each in catalogue.all_indicators()]
    known = {code for code, _ in declared}
    return declared + [
        (code, f"{name}（{code}，尚未接入）")
        for code, (name, _) in PLANNED.items()
        if code not in known
    ]


def may_be_assessed(code: str) -> bool:
    """Whether a figure may be reported; those that are for inside use alone judge nobody."""
    return catalogue.indicator(code).reportable
