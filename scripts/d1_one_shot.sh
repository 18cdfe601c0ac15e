#!/bin/sh
here=$PWD; cd "$(dirname "$(readlink -f "$0")")/.." && exec npx zx scripts/d1_one_shot.ts --from "$here" "$@"
