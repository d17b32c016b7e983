"""Triggers that follow from the registers: history, and no state change but the declared ones."""

from __future__ import annotations

from typing import Any

from django.db import connection

from gonghui.kernel.ledger import triggers as ledger_triggers
from gonghui.kernel.records import triggers as history_triggers
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.registry import all_registers

STATE_GUARD = """
CREATE OR REPLACE FUNCTION "gonghui_state_{table}"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  action text := coalesce(current_setting('gonghui.verb', true), '');
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state NOT IN ({begins}) THEN
      RAISE EXCEPTION '{key}: a record begins as {initial}, not as %', NEW.state
        USING ERRCODE = 'check_violation';
    END IF;
  ELSIF (OLD.state, NEW.state, action) NOT IN ({moves}) THEN
    RAISE EXCEPTION '{key}: no action % from % to %', action, OLD.state, NEW.state
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER gonghui_state_insert BEFORE INSERT ON "{table}"
  FOR EACH ROW EXECUTE FUNCTION "gonghui_state_{table}"();
CREATE OR REPLACE TRIGGER gonghui_state_update BEFORE UPDATE OF state ON "{table}"
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION "gonghui_state_{table}"();
"""


def _state_guard(register: Register) -> str:
    workflow = register.workflow
    if workflow is None:
        return ""
    moves = [
        f"('{source}', '{t.target}', 'perform:{t.name}')"
        for t in workflow.transitions
        for source in t.sources
    ]
    return STATE_GUARD.format(
        table=register.model._meta.db_table,
        key=register.key,
        initial=workflow.initial.code,
        begins=", ".join(f"'{code}'" for code in (workflow.initial.code, *workflow.begins)),
        moves=", ".join(moves) or "('', '', '')",
    )


def install(**_: Any) -> None:
    """Make the database's triggers what the registers declare; runs after every migration."""
    registers = all_registers()
    history_triggers.install([register.model for register in registers])
    guards = "".join(_state_guard(register) for register in registers)
    if guards:
        with connection.cursor() as cursor:
            cursor.execute(guards)
    ledger_triggers.install()
