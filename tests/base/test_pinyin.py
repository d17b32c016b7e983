import pytest

from gonghui.base.pinyin import initials, sort_key


@pytest.mark.parametrize(
    ("name", "syllables"),
    [
        ("单田芳", "shan4 tian2 fang1"),
        ("仇和", "qiu2 he2"),
        ("曾庆红", "zeng1 qing4 hong2"),
        ("区小明", "ou1 xiao3 ming2"),
        ("解晓东", "xie4 xiao3 dong1"),
        ("查文斌", "zha1 wen2 bin1"),
        ("盖叫天", "ge3 jiao4 tian1"),
        ("缪瑞林", "miao4 rui4 lin2"),
        ("覃伟中", "qin2 wei3 zhong1"),
        ("翟志刚", "zhai2 zhi4 gang1"),
        ("尉迟恭", "yu4 chi2 gong1"),
        ("王菊红", "wang2 ju2 hong2"),
    ],
)
def test_surnames_are_read_as_surnames(name, syllables):
    assert sort_key(name) == f"{syllables}\t{name}"


@pytest.mark.parametrize(
    ("name", "syllables"),
    [
        ("平顶山市总工会", "ping2 ding3 shan1 shi4 zong3 gong1 hui4"),
        ("长葛市", "chang2 ge3 shi4"),
        ("叶县", "ye4 xian4"),
        ("郏县堂街镇", "jia2 xian4 tang2 jie1 zhen4"),
        ("宝丰县", "bao3 feng1 xian4"),
        ("舞钢市", "wu3 gang1 shi4"),
        ("汝州市", "ru3 zhou1 shi4"),
        ("漯河", "luo4 he2"),
        ("浚县", "xun4 xian4"),
        ("河南长葛", "he2 nan2 chang2 ge3"),
    ],
)
def test_places_are_read_as_the_region_reads_them(name, syllables):
    assert sort_key(name) == f"{syllables}\t{name}"


@pytest.mark.parametrize(
    ("name", "first"), [("单位", "dan1"), ("区总工会", "qu1"), ("解放", "jie3"), ("查处", "cha2")]
)
def test_words_and_organisations_are_not_taken_for_persons(name, first):
    assert sort_key(name).split()[0] == first


def test_the_caller_may_say_whether_it_is_a_person():
    assert sort_key("单位", person=True) == "shan4 wei4\t单位"
    assert sort_key("单小云", person=False) == "dan1 xiao3 yun2\t单小云"
    assert sort_key("张三", person=True) == "zhang1 san1\t张三"


def test_a_short_name_stands_before_a_longer_one_that_begins_like_it():
    names = ["李明亮", "李娜", "李明", "黎明", "安民"]
    assert sorted(names, key=sort_key) == ["安民", "黎明", "李明", "李明亮", "李娜"]


def test_what_is_not_chinese_stays_in_lower_case():
    assert sort_key("平煤1矿") == "ping2 mei2 1 kuang4\t平煤1矿"
    assert sort_key("ABC公司") == "abc gong1 si1\tABC公司"
    assert sort_key("") == "\t"


def test_initials_are_what_people_type():
    assert initials("平顶山") == "pds"
    assert initials("长葛市总工会") == "cgszgh"
    assert initials("平煤（集团）12矿") == "pmjt12k"
    assert initials("AB公司") == "abgs"
    assert initials("单田芳") == "stf"
    assert initials("单位", person=False) == "dw"


def test_a_character_without_a_reading_stays_itself():
    assert sort_key("㐂厂") == "㐂 chang3\t㐂厂"
    assert initials("㐂厂") == "c"
