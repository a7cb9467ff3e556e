#!/usr/bin/env bash
# Signs the jars of dist/ and uploads them to Maven Central, for a person to confirm there. Needs MAVEN_TOKEN (the base64 of
# "user:password" of a token of central.sonatype.com) and GPG_KEY (a private key without a passphrase, in ASCII).
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${MAVEN_TOKEN:?expected a token of central.sonatype.com}" "${GPG_KEY:?expected a private key}"
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)
work=$(mktemp -d)
trap 'gpgconf --kill gpg-agent; rm -rf "$work"' EXIT
export GNUPGHOME=$work/gnupg
mkdir -m 700 "$GNUPGHOME"
gpg --batch --quiet --import <<<"$GPG_KEY"

folder=$work/bundle/pl/egito/egito/$version
mkdir -p "$folder"
cp dist/egito-"$version"{.jar,-sources.jar,-javadoc.jar,.pom} "$folder"
for file in "$folder"/*; do
    gpg --batch --quiet --armor --detach-sign "$file"
    md5sum "$file" | cut -d ' ' -f 1 | tr -d '\n' >"$file.md5"
    sha1sum "$file" | cut -d ' ' -f 1 | tr -d '\n' >"$file.sha1"
done
(cd "$work/bundle" && python3 -m zipfile -c "$work/bundle.zip" pl)
[ -z "${DRY_RUN:-}" ] || { python3 -m zipfile -l "$work/bundle.zip" && exit; }
# The token is read from standard input, so it is not among the arguments that other processes see.
curl --fail-with-body --silent --show-error --config - --form "bundle=@$work/bundle.zip" \
    "https://central.sonatype.com/api/v1/publisher/upload?name=egito-$version&publishingType=USER_MANAGED" <<<"header = \"Authorization: Bearer $MAVEN_TOKEN\""
