#!/bin/sh
here=$PWD; cd "$(dirname "$(readlink -f "$0")")/.." && exec npx zx scripts/reset_staging.ts --from "$here" "$@"
