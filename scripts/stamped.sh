#!/bin/sh
# Usage: stamped.sh STAMP "INPUT ..." COMMAND...
# Runs the command only when the content of the inputs differs from the last successful run.
set -eu
stamp=$1 inputs=$2
shift 2
# shellcheck disable=SC2086  # The inputs are a list of words.
now=$(cat $inputs | cksum)
[ -f "$stamp" ] && [ "$(cat "$stamp")" = "$now" ] && exit 0
"$@"
mkdir -p "$(dirname "$stamp")"
printf '%s\n' "$now" >"$stamp"
