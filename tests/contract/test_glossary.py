"""One Chinese term, one English name: what is declared stands in the glossary."""

from pathlib import Path

from gonghui.kernel.access.roles import Role
from gonghui.kernel.registers.registry import all_registers

DOCS = Path(__file__).resolve().parents[2] / "docs"
GLOSSARY = "\n".join(
    path.read_text() for path in [DOCS / "glossary.md", *sorted((DOCS / "glossary").glob("*.md"))]
)


def test_every_register_and_its_model_are_in_the_glossary():
    missing = [
        register.key
        for register in all_registers()
        if register.line != "sample"
        and not (f"`{register.model.__name__}`" in GLOSSARY and register.title in GLOSSARY)
    ]
    assert missing == []


def test_every_role_is_in_the_glossary():
    assert [role.value for role in Role if f"`{role.value}`" not in GLOSSARY] == []
