#!/bin/sh
here=$PWD; cd "$(dirname "$0")/.." && exec npx zx scripts/d1_one_shot.ts --from "$here" "$@"
