#!/usr/bin/env bash
# Question:  simple-git hands an environment to git with `.env(...)`. Does the usual way to keep git from asking for
#            a password (`GIT_TERMINAL_PROMPT=0`), or a whole environment with one variable more, still work in 4?
# Guess:     Yes: the guard of simple-git is about variables that run programs, and this one forbids something.
# Version:   simple-git 4.0.2 (npm), beside 3.27.0.
# Behaviour: 3.27 takes both. 4 refuses `GIT_TERMINAL_PROMPT` and any other `GIT_*` that it does not know, and
#            `PREFIX`, a variable that conda and package builds set and that git's programs do not read at run time:
#            so `{...process.env, LANG: 'C'}` works on one machine and raises on the next. The same variables pass
#            where `.env` is not called, since then git inherits them unseen.
# Seen:      'Use of "GIT_TERMINAL_PROMPT" is blocked by the environment guard - add it to the allowEnvironment
#            option to permit it', 'Use of "PREFIX" is not permitted without enabling allowUnsafeConfigPaths'.
# Source:    https://github.com/steveukx/git-js, the README of version 4.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init --yes >npm.log 2>&1
npm install --silent --ignore-scripts three@npm:simple-git@3.27.0 four@npm:simple-git@4.0.2 >>npm.log 2>&1 ||
  { cat npm.log; exit 1; }
cat >ask.mjs <<'JS'
const [, , version, name, way] = process.argv
const {simpleGit} = await import(version)
process.env[name] ??= '0'
const git = way === 'inherited' ? simpleGit() : simpleGit().env({...process.env, LANG: 'C'})
try {
  await git.raw('version')
  console.log('taken')
} catch (error) {
  console.log(error.message)
}
JS

fail() { echo "changed: $*"; exit 1; }
for name in GIT_TERMINAL_PROMPT PREFIX; do
  for ask in 'three handed' 'four inherited' 'four handed'; do
    # Nothing of the machine's own variables may decide.
    said=$(env -i PATH="$PATH" HOME="$place" node ask.mjs ${ask% *} "$name" "${ask#* }")
    echo "$name, $ask: $said"
    case $ask in
      'four handed') [[ $said == "Use of \"$name\""* ]] || fail "$name is taken" ;;
      *) [ "$said" = taken ] || fail "$name is refused" ;;
    esac
  done
done
