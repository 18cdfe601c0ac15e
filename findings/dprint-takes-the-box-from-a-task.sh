#!/usr/bin/env bash
# Question:  A task's text begins with a year and a full stop, or with a dash: `- [ ] 2026. budget`. Is it still a
#            task after dprint has formatted the file?
# Guess:     Yes: a formatter that knows task lists keeps them.
# Version:   @dprint/markdown 0.28.1 by @dprint/formatter 0.6.0, remark 15.0.1 with remark-gfm 4.0.1 (npm).
# Behaviour: No. After the box, what looks like the mark of another list loses the blank before it. Without that
#            blank the box is no box in GFM: the item is ordinary text, whether it was ticked or not.
# Seen:      "- [x] 2026. budget" becomes "- [x]2026. budget"; remark reads checked true, then null.
# Source:    GFM 0.29, 5.3 "Task list items": the marker is followed by whitespace.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init --yes >npm.log 2>&1
npm install --silent --ignore-scripts @dprint/formatter@0.6.0 @dprint/markdown@0.28.1 remark@15.0.1 \
  remark-gfm@4.0.1 >>npm.log 2>&1 || { cat npm.log; exit 1; }
cat >format.mjs <<'JS'
import {readFileSync} from 'node:fs'
import {createFromBuffer} from '@dprint/formatter'
import {getPath} from '@dprint/markdown'
import {remark} from 'remark'
import gfm from 'remark-gfm'

const formatter = createFromBuffer(readFileSync(getPath()))
formatter.setConfig({}, {})
const checked = (text) => remark().use(gfm).parse(text).children[0].children[0].checked
const expected = {
  '- [x] budget of 2026\n': [true, true],
  '- [x] 2026. budget\n': [true, null],
  '- [ ] - budget\n': [false, null],
}
for (const [text, [before, after]] of Object.entries(expected)) {
  const formatted = formatter.formatText({filePath: 'tasks.md', fileText: text})
  console.log(JSON.stringify(text), checked(text), '->', JSON.stringify(formatted), checked(formatted))
  if (checked(text) !== before || checked(formatted) !== after) {
    console.log('changed')
    process.exitCode = 1
  }
}
JS
node format.mjs
