PYTHON ?= python3

# No cache: nothing is read or written outside this folder and the temporary one.
UV = UV_NO_CACHE=1 UV_PYTHON_DOWNLOADS=never .venv/bin/uv --quiet
ENVIRONMENT = .venv
SYNC = $(UV) pip sync --python $(ENVIRONMENT)/bin/python --require-hashes
ITSELF = $(UV) pip install --python $(ENVIRONMENT)/bin/python --no-deps --build-constraints requirements/build.txt -e .
RESOLVE = $(UV) --no-config pip compile --no-header --no-annotate --no-emit-index-url $(LOCK_ARGS)
COMPILE = $(RESOLVE) --universal --python-version 3.11
HASHED = $(COMPILE) --generate-hashes

.PHONY: help lab test soak bench site test-site notebooks pages hub dist lock clean

help:
	@echo 'make lab        open the first lesson in JupyterLab (JUPYTER_ARGS="..." is passed on to it)'
	@echo 'make test       check format, lint and types, and run every test (PYTEST_ARGS="..." is passed on to pytest)'
	@echo 'make soak       the full size of the tests that kill, crowd, starve, fuzz and rerun: an hour or two'
	@echo 'make bench      measure the emulator beside boto3 alone and beside others; needs Node.js for one of them'
	@echo 'make site       the tutorial as a static site that runs in a browser tab, in _site/; needs Node.js to fetch Pyodide'
	@echo 'make test-site  walk through that site in a browser'
	@echo 'make notebooks  run the lessons, save the outputs that teach, and write the cheat sheet and the reference'
	@echo 'make pages      write the lessons as web pages to read without Jupyter, to notebooks/html/'
	@echo 'make hub        start a hub here, let 20 learners do the core lessons at once, and measure (HUB_ARGS=3 for 3); needs Node.js'
	@echo 'make dist       build the wheel and the source distribution into dist/, and check them'
	@echo 'make lock       bring requirements/ in line with pyproject.toml (LOCK_ARGS=--upgrade for newer releases)'
	@echo 'make clean      remove what the others made'
	@echo 'PYTHON=python3.12, say, chooses the Python for a new environment.'

lab: .venv/lab.ready
	.venv/bin/cognito-tutorial lab -- $(JUPYTER_ARGS)

# Hundreds of processes start: each finds compiled what one before it has compiled, also where Python is told to keep none of it.
test: export PYTHONDONTWRITEBYTECODE =
test: .venv/test.ready
	.venv/bin/ruff format --check --quiet .
	.venv/bin/ruff check --quiet .
	.venv/bin/python -m pytest --numprocesses=auto --dist=worksteal $(PYTEST_ARGS)

soak: .venv/test.ready
	.venv/bin/python -m pytest tests/robust --thorough $(PYTEST_ARGS)

bench: .bench/ready
	.bench/bin/python -m tests.bench --write

site: .site/ready
	@rm -rf .site/itself
	@$(UV) build --wheel --build-constraints requirements/build.txt --require-hashes --out-dir .site/itself .
	@.site/bin/python -m etc.site.build

test-site: .venv/test.ready site
	.venv/bin/python -m pytest --site _site tests/site $(PYTEST_ARGS)

notebooks: .venv/test.ready
	.venv/bin/python -m etc.tools.save_outputs

pages: .venv/test.ready
	@.venv/bin/python -m etc.tools.web_pages

hub: .hub/ready
	.hub/bin/python -m etc.hub.try_hub $(HUB_ARGS)

# The wheel is built from the source distribution, as anyone else would build it. Twine runs in an environment of its own, made for this once.
dist: .venv/uv.ready
	@rm -rf dist
	@$(UV) build --build-constraints requirements/build.txt --require-hashes --out-dir dist .
	@$(UV) tool run twine@7.0.0 check --strict dist/*

# Marks are written last, so an interrupted install is done again. The first one's text is this folder,
# since an environment holds absolute paths: one that was moved, or lost its Python, is created again.
# Python writes and compares it: a folder's name may hold what make or the shell would read as its own.
MADE_HERE := $(shell .venv/bin/python -c 'import os; print(open(".venv/uv.ready", "rb").read() == os.getcwdb())' 2>/dev/null)
ifneq ($(MADE_HERE),True)
.PHONY: .venv/uv.ready
endif

.venv/uv.ready: requirements/installer.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	echo 'This needs Python 3.11 or newer, and "$(PYTHON)" is not: install it, or name another with make PYTHON=...' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	echo '"$(PYTHON)" cannot make environments: install the rest of it (on Debian and Ubuntu: apt install python3-venv).' >&2; exit 1; }
	@echo 'Making the environment in .venv: a minute or so, the first time only ...'
	@rm -rf .venv
	@$(PYTHON) -m venv .venv
	@.venv/bin/python -m pip install --quiet --no-cache-dir --require-hashes -r requirements/installer.txt
	@.venv/bin/python -c 'import os; open("$@", "wb").write(os.getcwdb())'

.venv/lab.ready: .venv/uv.ready pyproject.toml etc/ipython/ipython_config.py requirements/build.txt requirements/lab.txt
	@$(SYNC) requirements/lab.txt
	@$(ITSELF)
	@touch $@

# The lab's packages and a few more, so one environment serves both. Compiled at once, since the
# tests start many kernels, and some machines never keep what Python compiles by itself. The sync takes
# the package itself out for a moment: until it is back, the lab is not ready either.
.venv/test.ready: .venv/lab.ready requirements/test.txt
	@rm .venv/lab.ready
	@$(SYNC) --compile-bytecode requirements/test.txt
	@$(ITSELF)
	@touch .venv/lab.ready $@

# An environment of its own: nothing that the benchmark compares with is beside the lab or the tests.
.bench/ready: ENVIRONMENT = .bench
.bench/ready: .venv/uv.ready pyproject.toml requirements/build.txt requirements/bench.txt tests/bench/package-lock.json
	@$(UV) venv --clear --python .venv/bin/python .bench
	@$(SYNC) --compile-bytecode requirements/bench.txt
	@$(ITSELF)
	@rm -rf tests/bench/node_modules
	@cd tests/bench && npm ci --ignore-scripts --cache "$$(mktemp -d)" >/dev/null || \
	echo 'cognito-local cannot be installed: the benchmark goes on without it.' >&2
	@touch $@

# An environment of its own again, and beside it what the tab gets: Pyodide from npm, and wheels for it, none of them compiled.
.site/ready: ENVIRONMENT = .site
.site/ready: .venv/uv.ready requirements/site.txt requirements/tab.txt etc/site/package-lock.json
	@command -v npm >/dev/null || { echo 'The site is built with Node.js: install it, with npm.' >&2; exit 1; }
	@$(UV) venv --clear --python .venv/bin/python .site
	@$(SYNC) requirements/site.txt
	@.venv/bin/python -m pip download --quiet --no-cache-dir --disable-pip-version-check --require-hashes --no-deps --only-binary :all: \
	--platform any --python-version 3.14 --implementation py --abi none -r requirements/tab.txt -d .site/wheels
	@rm -rf etc/site/node_modules
	@cd etc/site && npm ci --ignore-scripts --cache "$$(mktemp -d)" >/dev/null
	@touch $@

# And one for the hub, with its proxy from npm.
.hub/ready: ENVIRONMENT = .hub
.hub/ready: .venv/uv.ready pyproject.toml requirements/build.txt requirements/hub.txt etc/hub/package-lock.json
	@command -v npm >/dev/null || { echo 'The proxy of the hub runs in Node.js: install it, with npm.' >&2; exit 1; }
	@$(UV) venv --clear --python .venv/bin/python .hub
	@$(SYNC) --compile-bytecode requirements/hub.txt
	@$(ITSELF)
	@rm -rf etc/hub/node_modules
	@cd etc/hub && npm ci --ignore-scripts --cache "$$(mktemp -d)" >/dev/null
	@touch $@

lock: .venv/uv.ready
	@echo uv | $(HASHED) - -o requirements/installer.txt >/dev/null
	@echo hatchling | $(HASHED) - -o requirements/build.txt >/dev/null
	@$(HASHED) pyproject.toml -o requirements/lab.txt >/dev/null
	@$(HASHED) pyproject.toml --extra test -c requirements/lab.txt -o requirements/test.txt >/dev/null
	@$(COMPILE) pyproject.toml -c requirements/lab.txt -o requirements/constraints.txt >/dev/null
	@$(HASHED) pyproject.toml --extra site -c requirements/lab.txt -o requirements/site.txt >/dev/null
	@$(HASHED) pyproject.toml --extra hub -c requirements/lab.txt -o requirements/hub.txt >/dev/null
# For the tab: what is not compiled, so PyJWT without cryptography; and the page brings the widgets' front end itself.
	@echo PyJWT | $(RESOLVE) --python-platform wasm32-pyodide2025 --python-version 3.14 --only-binary :all: --generate-hashes pyproject.toml --extra tab \
	-c requirements/lab.txt --override - --no-emit-package widgetsnbextension --no-emit-package jupyterlab-widgets -o requirements/tab.txt >/dev/null
# ministack asks for one release of botocore, which is older than ours; what it does for Cognito needs none.
	@echo botocore | $(HASHED) pyproject.toml --extra bench -c requirements/lab.txt --override - -o requirements/bench.txt >/dev/null

clean:
	rm -rf .venv .bench .site .hub .hypothesis tests/browser/failures .pytest_cache .ruff_cache _site build dist notebooks/html tests/clients/javascript/node_modules
	rm -rf tests/bench/node_modules etc/site/node_modules etc/hub/node_modules
	find . -name __pycache__ -prune -exec rm -rf {} +
	find . -name .ipynb_checkpoints -prune -exec rm -rf {} +
