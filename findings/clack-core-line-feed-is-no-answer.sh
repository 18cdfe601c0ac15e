#!/usr/bin/env bash
# Question:  A prompt made with @clack/core gets its answer from a pipe: `printf 'abc\n' | node ask.mjs`. What does
#            the program read, and how does it end?
# Guess:     "abc", as with Node's readline or any shell's `read`; where input ends early, an error or a cancel.
# Version:   @clack/core 1.6.0 (npm).
# Behaviour: Only a carriage return answers. A line feed, which is what every shell, file and `yes` write, empties
#            the field that was typed and the prompt goes on; when the input then ends, the promise is never
#            settled: what follows it does not run, no handler is called, and the program ends with code 0.
# Seen:      "\r": answer "abc", done, code 0. "\n": no answer, no "done", code 0.
# Means:     Who reads answers from pipes turns line feeds into carriage returns, listens to the end of input, and
#            sets an exit code before asking.
# Source:    https://www.npmjs.com/package/@clack/core; Node's readline names the keys "return" and "enter".
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init --yes >npm.log 2>&1
npm install --silent --ignore-scripts @clack/core@1.6.0 >>npm.log 2>&1 || { cat npm.log; exit 1; }
cat >ask.mjs <<'JS'
import {writeSync} from 'node:fs'
import {TextPrompt} from '@clack/core'

async function main() {
  const answer = await new TextPrompt({render: () => ''}).prompt()
  writeSync(3, `answer ${JSON.stringify(answer)}\n`)
}

main().then(
  () => writeSync(3, 'done\n'),
  (error) => writeSync(3, `error ${error}\n`),
)
JS

fail() { echo "changed: $*"; exit 1; }
for end in '\r' '\n'; do
  code=0
  printf "abc$end" | node ask.mjs 3>said >screen || code=$?
  echo "ends with $end: $(tr '\n' ' ' <said)code $code"
  [ "$code" = 0 ] || fail "the code is $code"
  case $end in
    '\r') [ "$(cat said)" = $'answer "abc"\ndone' ] || fail 'a carriage return does not answer' ;;
    '\n') [ ! -s said ] || fail 'a line feed answers, or the end of input is told' ;;
  esac
done
