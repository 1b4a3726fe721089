#!/usr/bin/env bash
# Saves screenshots of every page and of the Aspire dashboard to artifacts/screenshots and updates the screenshots of the README.
# Sets up missing prerequisites, like ./test.sh.
set -euo pipefail
cd "$(dirname "$0")"
folder=artifacts/screenshots
rm -rf "$folder"
SCREENSHOTS=$PWD/$folder ./test.sh --filter-class '*.EveryPageTests' --filter-class '*.RestartTests'
mkdir -p docs/images
cp "$folder/gallery-1280-light.jpg" "$folder/job-1280-dark.jpg" "$folder/gallery-390-light.jpg" "$folder/dashboard-1280-light.jpg" docs/images
