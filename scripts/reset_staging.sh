#!/bin/sh
here=$PWD; cd "$(dirname "$0")/.." && exec npx zx scripts/reset_staging.ts --from "$here" "$@"
