#!/usr/bin/env bash
# Question:  Which command does a Bash parser name in `label=<(sort list) deploy --now`?
# Guess:     `deploy`, with the variable `label` set for it, as for `label=$(sort list) deploy --now`.
# Version:   unbash 6.0.4 (npm), which promises process substitution; GNU Bash 5.2 for comparison.
# Behaviour: The assignment ends at `=`. The substitution becomes the name of the command, and `deploy` its
#            first argument, without an error. The same holds behind `+=` and behind `label=x`; in quotes,
#            within an array and with `$(...)` the command is named rightly.
# Seen:      "<(true) [printf,ran]" for the first line, "printf [ran]" for the second; Bash prints "ran" for both.
# Means:     Whoever judges commands by name with this parser has to refuse a name that is no constant word.
# Source:    https://www.npmjs.com/package/unbash (README, "Supported syntax"); Bash manual, 3.5.6 "Process
#            Substitution" and 3.7.1 "Simple Command Expansion".
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init --yes >npm.log 2>&1
npm install --silent --ignore-scripts unbash@6.0.4 >>npm.log 2>&1 || { cat npm.log; exit 1; }

cat >names.mjs <<'JS'
import {forEachChild, parse} from 'unbash'

const script = parse(process.argv[2])
if (script.errors?.length > 0) throw new Error(script.errors[0].message)
const visit = (node) => {
  if (node.type === 'Command')
    console.log(`${node.name?.text} [${node.suffix.map((word) => word.text).join(',')}]`)
}
forEachChild(script, (statement) => {
  visit(statement)
  forEachChild(statement, visit)
})
JS

fail() { echo "changed: $*"; exit 1; }
for text in 'label=<(true) printf ran' 'label=$(true) printf ran'; do
  echo "$text"
  echo "  unbash: $(node names.mjs "$text" | head -1)"
  echo "  bash:   $(bash -c "$text")"
  [ "$(bash -c "$text")" = ran ] || fail "Bash does not run printf"
done
[ "$(node names.mjs 'label=<(true) printf ran' | head -1)" = '<(true) [printf,ran]' ] || fail 'the name of the first'
[ "$(node names.mjs 'label=$(true) printf ran' | head -1)" = 'printf [ran]' ] || fail 'the name of the second'
