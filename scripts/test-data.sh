#!/usr/bin/env bash
# Runs the tests that need dlt or Spark, in the environment that `make test-data` installs.
set -euo pipefail
cd "$(dirname "$0")/.."
PYTHONPATH=$PWD/bindings-python/python target/venv-data/bin/pytest -q bindings-python/tests-data
