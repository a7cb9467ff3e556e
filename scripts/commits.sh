#!/usr/bin/env bash
# Checks the subjects of commits: `area: imperative summary` in at most 72 characters, without a full stop.
# usage: scripts/commits.sh                  the commits since the newest tag, or since this rule exists
#        scripts/commits.sh RANGE            such as main..HEAD
#        scripts/commits.sh --message FILE   a message that is not committed yet, for a hook
set -euo pipefail
export LC_ALL=C.UTF-8 # count characters, not bytes
cd "$(dirname "$0")/.."

if [ "${1:-}" = --message ]; then
    subjects=$(grep -v '^#' "$2" | head -n 1 | sed 's/^/new /')
else
    range=${1:-}
    if [ -z "$range" ]; then
        since=$(git describe --tags --abbrev=0 2>/dev/null || git log --diff-filter=A --format=%H -- scripts/commits.sh | tail -n 1)
        range=${since:+$since..}HEAD
        [ -n "$since" ] || range=HEAD~0..HEAD # the rule is not committed yet
    fi
    subjects=$(git log --no-merges --format='%h %s' "$range")
fi

bad=0
while read -r commit subject; do
    [ -n "$commit" ] || continue
    case $subject in 'Revert "'*) continue ;; esac
    if ! [[ $subject =~ ^[a-z][a-z0-9+.,/\ -]*:\ [^\ ].*[^.]$ ]]; then
        echo "$commit: invalid subject: expected \"area: summary\", got \"$subject\""
        bad=1
    elif [ ${#subject} -gt 72 ]; then
        echo "$commit: invalid subject: expected at most 72 characters, got ${#subject}: \"$subject\""
        bad=1
    fi
done <<<"$subjects"
exit $bad
