"""The dated parameters of imports."""

from gonghui.kernel.parameters.values import declare

declare("imports.background_rows", "导入转入后台办理的行数", 500, "行", "系统默认")
declare("imports.keep_days", "导入原表保存天数", 90, "天", "个人信息最小必要原则")
