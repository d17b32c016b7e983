"""Times of the reports, with their sources."""

from __future__ import annotations

from gonghui.kernel.parameters.values import declare

declare(
    "reports.vouch_days", "部室认数期限", 1, "工作日", "市总内部管理规定", to_verify=True
)  # fmt: skip
declare(
    "reports.minute_characters", "讲话每分钟字数", 180, "字", "市总内部管理规定", to_verify=True
)
declare(
    "reports.speech_minutes", "会议主报告最长时间", 60, "分钟",
    "整治形式主义为基层减负若干规定：会议主报告不超过1小时",
)  # fmt: skip
declare(
    "reports.comprehensive_characters", "综合类文稿字数上限", 5000, "字",
    "整治形式主义为基层减负若干规定：全面性、综合性文件一般不超过5000字",
)  # fmt: skip
declare(
    "reports.special_characters", "专项类文稿字数上限", 4000, "字",
    "整治形式主义为基层减负若干规定：专项工作文件一般不超过4000字",
)  # fmt: skip
declare(
    "reports.archive_months", "印发后归档期限", 6, "月",
    "机关档案管理规定：文书材料一般在次年6月底前归档", to_verify=True,
)  # fmt: skip
