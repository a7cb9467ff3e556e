# `make` without a target prints the targets. Everything is installed into this folder: target, .venv, node_modules.

export CARGO_TARGET_DIR := $(CURDIR)/target
export CARGO_TERM_COLOR ?= auto
STAMPS := target/stamps
VENV   := .venv
COMMA  := ,
PYTHON := $(CURDIR)/$(VENV)/bin/python

sources = $(shell find $(1) \( -name target -o -name node_modules -o -name dist -o -name fuzz -o -name __pycache__ \) -prune -o -type f -print)

.PHONY: help demo test test-data lint docs bench fuzz install-c clean build tools rust python node c jvm jvm-border jvm-release grails page dist dist-check coverage
help:
	@echo "make demo    run a program in every language against a local server; SERVER=grails uses a real Grails server"
	@echo "make test    build everything, and run all tests"
	@echo "make test-data   install dlt and Spark (600 MB), and run the tests that need them"
	@echo "make lint    run formatters, linters and type checkers; warnings are errors"
	@echo "make docs    build the site of the documentation in target/site/html"
	@echo "make bench   run the benchmarks, compared with code that people write by hand; ROUNDS=1 ONLY=python for a part"
	@echo "make fuzz    run the fuzz targets of the core; SECONDS=60 for each"
	@echo "make coverage   measure which lines the tests of the core, of Python and of Node.js run"
	@echo "make build   set up and build everything"
	@echo "make dist    build the packages of a release for this platform in dist/; make dist-check installs and runs each one"
	@echo "make install-c PREFIX=/usr/local DESTDIR=   install libegito with its headers, pkg-config file and CMake package"
	@echo "make clean   remove everything that was built or installed into this folder"

# The first demo builds only what it runs. `make build` then builds the core again, since the other crates need more features of some
# dependencies.
FIRST_DEMO := $(if $(filter demo,$(MAKECMDGOALS)),$(if $(wildcard $(STAMPS)/rust),,yes))
demo: $(if $(FIRST_DEMO),tools python node $(STAMPS)/demo-c jvm,build) $(if $(filter grails,$(SERVER)),grails)
	@SERVER=$(SERVER) scripts/demo.sh

test: build grails page
	@scripts/test.sh

# Runs the tests of the data tools, which `make test` runs only once this has installed them.
test-data: rust python $(STAMPS)/data
	@scripts/test-data.sh

DATA := target/venv-data
$(STAMPS)/data: bindings-python/tests-data/requirements.txt
	@scripts/need.sh python3 java
	python3 -m venv $(DATA)
	$(DATA)/bin/python -m pip install --quiet --disable-pip-version-check --prefer-binary -r $<
	@mkdir -p $(STAMPS) && touch $@

lint: build $(STAMPS)/docs
	@scripts/lint.sh

docs: python node $(STAMPS)/docs
	@scripts/docs.sh

$(STAMPS)/docs: docs/site/requirements.txt $(STAMPS)/venv
	$(PYTHON) -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

install-c:
	$(MAKE) -C bindings-c --no-print-directory install

bench:
	@ROUNDS="$(ROUNDS)" ONLY="$(ONLY)" SCALE="$(SCALE)" scripts/bench.sh

SECONDS ?= 60
fuzz:
	@scripts/need.sh cargo cc c++
	@scripts/fuzz.sh $(SECONDS)

# Builds the packages of a release for this platform: docs/internals/releasing.md. GLIBC=host does without zig.
GLIBC ?= 2.17
dist: $(STAMPS)/release-tools $(STAMPS)/npm
	@scripts/need.sh cargo cc c++ python3 node npm javac mvn composer dpkg-deb
	@GLIBC=$(GLIBC) scripts/release/build.sh

# Installs each package of dist/ in an empty environment, and runs a program with it.
dist-check:
	@scripts/release/check.sh

$(STAMPS)/release-tools: scripts/release/requirements.txt scripts/release/tools.sh
	@GLIBC=$(GLIBC) scripts/release/tools.sh
	@mkdir -p $(STAMPS) && touch $@

# Needs llvm-tools: `rustup component add llvm-tools`.
coverage: build
	@scripts/coverage.sh

clean:
	rm -rf dist target .venv bindings-node/node_modules bindings-node/dist bindings-node/egito.node
	rm -rf bindings-python/python/egito/*.so .ruff_cache */.ruff_cache */.mypy_cache
	find tests bindings-python -name __pycache__ -prune -exec rm -rf {} +

build: tools rust python node c jvm

# Reports all missing programs at once, before anything is built.
tools:
	@scripts/need.sh cargo cc c++ python3 node npm

# Whether the machine has a JDK and Maven, so that the Kotlin and Java package is built.
HAS_JDK := $(shell scripts/need.sh javac mvn 2>/dev/null && echo yes)

# What the packages of the languages are built from.
LIBRARIES := $(STAMPS)/$(if $(FIRST_DEMO),demo-rust,rust)
RUST_SOURCES := Cargo.toml Cargo.lock $(call sources,core sandbox cli bindings-node/src bindings-c/src bindings-jvm/src tests/adapters/rust examples/rust) bindings-c/build.rs bindings-node/build.rs $(wildcard */Cargo.toml)
TEST_PANIC := --features egito-c/test-panic,egito-node/test-panic$(if $(HAS_JDK),$(COMMA)egito-jvm/test-panic)

$(STAMPS)/demo-rust: $(RUST_SOURCES)
	cargo build --locked $(addprefix -p ,egito egito-sandbox egito-c egito-node $(if $(HAS_JDK),egito-jvm)) --lib --bins --examples $(TEST_PANIC)
	@mkdir -p $(STAMPS) && touch $@

# Builds the core, the sandbox, all libraries but Python's, and the Rust adapters in one command, so shared crates are built once.
rust: $(STAMPS)/rust
$(STAMPS)/rust: $(RUST_SOURCES)
	cargo build --locked --workspace $(addprefix --exclude ,egito-python egito-bench egito-jvm-bindgen $(if $(HAS_JDK),,egito-jvm)) --lib --bins --examples $(TEST_PANIC)
	@mkdir -p $(STAMPS) && touch $@

python: $(STAMPS)/python
$(STAMPS)/python: $(STAMPS)/$(if $(FIRST_DEMO),maturin,venv) $(LIBRARIES) $(call sources,bindings-python/src bindings-python/python) $(wildcard bindings-python/*.toml) bindings-python/README.md
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(VENV)/bin/maturin develop --locked --quiet --features test-panic -m bindings-python/Cargo.toml
	@touch $@

$(STAMPS)/maturin:
	python3 -m venv $(VENV)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check $$(grep '^maturin==' bindings-python/requirements-dev.txt)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/venv: tests/requirements.txt bindings-python/requirements-dev.txt
	python3 -m venv $(VENV)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt -r bindings-python/requirements-dev.txt
	@mkdir -p $(STAMPS) && touch $@

node: $(STAMPS)/node
$(STAMPS)/node: $(STAMPS)/npm $(LIBRARIES) $(call sources,bindings-node/lib) bindings-node/tsconfig.json
	ln -f target/debug/libegito_node.so bindings-node/egito.node
	cd bindings-node && npm run --silent build:lib
	@touch $@

$(STAMPS)/npm: bindings-node/package.json bindings-node/package-lock.json
	cd bindings-node && npm ci --no-fund --no-audit
	@mkdir -p $(STAMPS) && touch $@

c: $(STAMPS)/c
$(STAMPS)/c: $(STAMPS)/rust $(call sources,bindings-c/include bindings-c/examples tests/adapters/c tests/adapters/cpp tests/dates) bindings-c/Makefile
	$(MAKE) -C bindings-c --no-print-directory BUILT=1 adapters examples
	@touch $@

$(STAMPS)/demo-c: $(LIBRARIES)
	$(MAKE) -C bindings-c --no-print-directory BUILT=1 examples
	@touch $@

# Builds the Kotlin and Java package if the machine has a JDK and Maven; otherwise it is reported as not built.
jvm: $(if $(HAS_JDK),$(STAMPS)/jvm)
	@scripts/need.sh javac mvn || echo "NOT BUILT: the Kotlin and Java package"
$(STAMPS)/jvm: $(LIBRARIES) bindings-jvm/pom.xml bindings-jvm/package.sh $(call sources,bindings-jvm/border bindings-jvm/src/main bindings-jvm/src/test bindings-jvm/examples tests/adapters/jvm tests/dates)
	bindings-jvm/package.sh debug $(CURDIR)/target/jvm --strip-debug -DskipTests
	@touch $@

# Writes the Kotlin that calls the library of egito-jvm again, after a change of its exported functions.
jvm-border: rust
	bindings-jvm/generate.sh

# Writes the jars of a release: those of the classes, with the native library, of the sources and of the documentation.
jvm-release:
	@scripts/need.sh cargo javac mvn
	cargo build --locked --release -p egito-jvm
	bindings-jvm/package.sh release $(CURDIR)/target/jvm-release --strip-all -P release -Dmaven.test.skip
	bindings-jvm/check-jar.sh target/jvm-release

# Builds the Grails application of the suite if the machine has a JDK and Maven; otherwise the tests report it as not run.
grails:
	@scripts/need.sh java mvn || echo "NOT RUN: the real Grails server"
	@if scripts/need.sh java mvn 2>/dev/null; then $(MAKE) --no-print-directory $(STAMPS)/grails; fi
$(STAMPS)/grails: tests/grails/pom.xml $(call sources,tests/grails/src tests/grails/grails-app)
	mvn -B -q -f tests/grails/pom.xml process-classes
	@mkdir -p $(STAMPS) && touch $@

# Installs what drives Chromium if the machine has it; otherwise the tests of the sandbox's page report it as not run.
page:
	@if scripts/need.sh chromium 2>/dev/null; then $(MAKE) --no-print-directory $(STAMPS)/page; fi
$(STAMPS)/page: sandbox/tests/page/requirements.txt $(STAMPS)/venv
	$(PYTHON) -m pip install --quiet --disable-pip-version-check -r $<
	@mkdir -p $(STAMPS) && touch $@
