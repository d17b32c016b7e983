# `make demo` shows the program, `make test` runs every test. Nothing is fetched twice.
#
#   make test SELECT="not browser"     some of the tests (a pytest mark expression)
#   make test PYTEST="tests/base -x"   pytest's own arguments
#   make test DATABASE_URL=...         on a PostgreSQL of your own instead of the embedded one
#   make setup WHEELS=folder           install from a folder of wheels, without network
#   make browser OFFICE=1              also what turns documents into pictures of their pages

PY := .venv/bin/python
RUNTIME := .venv/.runtime
DEV := .venv/.dev
ASSETS := build/static/.complete
SYSTEM := chromium chromium-l10n fonts-noto-cjk $(if $(OFFICE),libreoffice-writer-nogui poppler-utils)
SELECT ?=
PYTEST ?=
DJANGO := $(PY) -m django
LOCK := uv pip compile -q --generate-hashes --no-header --no-annotate --python-version 3.11
export PYTHON WHEELS
export PATH := $(PATH):.venv/bin

.PHONY: help setup demo test check bench browser assets lock clean
.DEFAULT_GOAL := help

help:
	@sed -n '/^$$/q; s/^# \{0,1\}//p' Makefile
	@echo "目标：setup demo test check bench browser assets lock clean"

setup: $(RUNTIME) $(ASSETS)

demo: setup
	@.venv/bin/gonghui demo serve

test: setup $(DEV) $(if $(SELECT)$(PYTEST),,browser)
	@$(PY) -m pytest -n 2 --dist loadgroup $(if $(SELECT),-m "$(SELECT)") $(PYTEST)

check: setup $(DEV)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) .venv/bin/lint-imports
	DJANGO_SETTINGS_MODULE=gonghui.config.settings $(DJANGO) check
	DJANGO_SETTINGS_MODULE=gonghui.config.settings $(DJANGO) makemigrations --check --dry-run
	$(PY) -m mypy gonghui
	@$(PY) -m pytest -n 2 -m "not browser and not demo and not fault and not slow"

bench: setup
	@.venv/bin/gonghui bench

browser:
	@tools/debian.sh $(SYSTEM) || { \
	  echo '或者不跑浏览器测试：make test SELECT="not browser"' >&2; exit 1; }

assets: $(ASSETS)

# `make lock UPGRADE=--upgrade` also takes newer versions.
lock:
	@command -v uv >/dev/null || { echo '需要 uv，请先运行 make .venv/.dev' >&2; exit 1; }
	$(LOCK) $(UPGRADE) requirements.in -o requirements.lock
	$(LOCK) $(UPGRADE) dev.in -o dev.lock
	$(LOCK) $(UPGRADE) --no-deps assets.in -o assets.lock

clean:
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(RUNTIME): requirements.lock tools/install.sh
	@echo "正在安装运行所需的软件包（首次约半分钟）……" >&2
	@tools/install.sh requirements.lock
	@touch $@

$(DEV): dev.lock $(RUNTIME)
	@echo "正在安装测试所需的软件包……" >&2
	@tools/install.sh dev.lock
	@touch $@

# The carriers are dependencies of nothing and only get in the way of pip in the environment.
$(ASSETS): assets.lock tools/assets.py tools/install.sh | $(RUNTIME)
	@echo "正在取出网页所需的文件……" >&2
	@rm -rf build/carriers
	@tools/install.sh assets.lock --carriers build/carriers
	@$(PY) tools/assets.py build/carriers build/static
	@rm -rf build/carriers
	@touch $@
