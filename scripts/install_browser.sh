#!/bin/sh
# Makes a Chromium available for the browser tests where that needs nobody's permission: root on a Debian system.
set -eu
for name in chromium chromium-browser google-chrome google-chrome-stable; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Debian's chromium for the browser tests"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } >/dev/null || echo "apt-get could not install chromium" >&2
else
  echo "No Chromium on PATH: the browser tests will be skipped" >&2
fi
