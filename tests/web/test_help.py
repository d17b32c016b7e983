from __future__ import annotations

from gonghui.web.views import help
from tests.support.people import client_for


def page_of(client, address):
    return client.get(address).content.decode()


def test_every_page_of_help_opens_with_what_is_written_in_it(clerk):
    client = client_for(clerk)
    contents = page_of(client, "/help/")
    assert next(iter(help.pages())) == "todo"
    for name, title in help.pages().items():
        assert f'href="/help/{name}/"' in contents
        assert f"<h1>{title}</h1>" in page_of(client, f"/help/{name}/")
    assert "<th>页签</th>" in page_of(client, "/help/todo/")
    assert client.get("/help/..%2Fsecret/").status_code == 404
    assert client.get("/help/nothing/").status_code == 404


def test_html_in_a_page_is_shown_as_it_is_written(tmp_path, monkeypatch):
    (tmp_path / "odd.md").write_text(
        "# 奇\n\n<script>alert(1)</script> [坏](javascript:alert(1))", "utf-8"
    )
    monkeypatch.setattr(help, "FOLDER", tmp_path)
    text = help._text.__wrapped__("odd")
    assert "<script" not in text
    assert 'href="javascript' not in text


def test_a_list_leads_to_the_help_of_its_line_where_there_is_one(county_clerk):
    client = client_for(county_clerk)
    assert 'href="/help/members/"' in page_of(client, "/r/members.membership/")
    assert 'href="/help/sample/"' not in page_of(client, "/r/sample.visit/")
