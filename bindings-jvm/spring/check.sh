#!/usr/bin/env bash
# Runs the tests of the Spring Boot example with the jar that was built. Installs the jar into the local Maven repository first.
# The application logs much, so its output is shown only if a test fails.
set -euo pipefail
cd "$(dirname "$0")/../.."
mvn -B -q install:install-file -Dfile=target/jvm/egito.jar -DpomFile=bindings-jvm/pom.xml
mvn -B -q -f bindings-jvm/spring/pom.xml test >target/spring.log 2>&1 || { cat target/spring.log && exit 1; }
echo "Spring Boot example: passed"
