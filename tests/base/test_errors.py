from gonghui.base.errors import Conflict, DomainError, Invalid, NotAllowed, Outdated


def test_an_error_carries_its_message_field_and_code():
    error = DomainError("金额有误。", field="amount", code="amount")
    assert (str(error), error.field, error.code) == ("金额有误。", "amount", "amount")
    assert DomainError("有误。").code == "invalid"


def test_each_kind_has_its_own_code():
    assert NotAllowed("无权办理。").code == "not_allowed"
    assert Conflict("已被修改。").code == "conflict"
    assert Conflict("已被修改。").details == {}
    outdated = Outdated("已被修改。", details={"amount": ("1", "2")})
    assert (outdated.code, outdated.details) == ("outdated", {"amount": ("1", "2")})


def test_several_wrong_fields_are_said_at_once():
    error = Invalid({"amount": ["不能为负", "小数超过两位"], "": ["请核对"]})
    assert error.message == "不能为负；小数超过两位；请核对"
    assert error.field == "amount"
    assert error.errors[""] == ["请核对"]


def test_an_error_of_a_record_behind_a_sheet_stands_at_the_sheets_column():
    moved = DomainError("号码有误。", field="id_no", code="check").under("person")
    assert (moved.message, moved.field, moved.code) == ("号码有误。", "person__id_no", "check")
    assert DomainError("有误。").under("person").field is None
    several = Invalid({"name": ["必填"], "": ["请核对"]}).under("person")
    assert several.errors == {"person__name": ["必填"], "": ["请核对"]}
