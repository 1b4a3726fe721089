#!/usr/bin/env bash
# Takes pictures of every page and of Aspire's dashboard into artifacts/screenshots and renews those of the README. Sets up what is missing, as ./test.sh does.
set -euo pipefail
cd "$(dirname "$0")"
pictures=artifacts/screenshots
rm -rf "$pictures"
SCREENSHOTS=$PWD/$pictures ./test.sh --filter-class '*.EveryPageTests' --filter-class '*.RestartTests'
mkdir -p docs/images
cp "$pictures/gallery-1280-light.jpg" "$pictures/job-1280-dark.jpg" "$pictures/gallery-390-light.jpg" "$pictures/dashboard-1280-light.jpg" docs/images
