#!/usr/bin/env bash
# Builds the documentation of the Kotlin and Java package with Dokka. A public item without a comment is an error, and so is a wrong link.
set -euo pipefail
cd "$(dirname "$0")/.."
mvn -B -f bindings-jvm/pom.xml -P release org.jetbrains.dokka:dokka-maven-plugin:javadocJar >target/jvm/dokka.log 2>&1 ||
    { cat target/jvm/dokka.log && exit 1; }

# What an enum, a `Map`, a `Flow` or every class has needs no comment.
inherited='(toString|equals|hashCode|values|valueOf|Record/(get|containsKey|getSize)|getEntries|CoroutineBulkRows/collect)'
if grep '^\[WARNING\] ' target/jvm/dokka.log | grep -v -E "Undocumented: pl\.egito/.*$inherited/#"; then
    exit 1
fi
