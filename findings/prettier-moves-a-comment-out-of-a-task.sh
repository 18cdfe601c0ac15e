#!/usr/bin/env bash
# Question:  A comment stands on the second line of a list item, indented under its text. Where does it stand after
#            Prettier?
# Guess:     Within the item: formatting moves nothing from one node of a document to another.
# Version:   prettier 3.10.1, remark 15.0.1 with remark-gfm 4.0.1 as the reader (npm).
# Behaviour: Within a plain item it stays. Within a task (`- [ ]`, `- [x]`, numbered ones too) that begins with a
#            plain word it moves to the margin: it then stands between two lists, and belongs to no item. Where the
#            task begins with a word in bold it stays.
# Seen:      "- [ ] plain text\n  <!-- owner: ops -->" becomes "- [ ] plain text\n<!-- owner: ops -->", and the
#            reader finds a list, a comment and a list instead of one list.
# Means:     A directive in a comment is to be on the item's own line, and one without an item is to be an error.
# Source:    https://prettier.io/docs/options (nothing is said of it); CommonMark 0.31, 4.6 and 5.2.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init --yes >npm.log 2>&1
npm install --silent --ignore-scripts prettier@3.10.1 remark@15.0.1 remark-gfm@4.0.1 >>npm.log 2>&1 ||
  { cat npm.log; exit 1; }
cat >format.mjs <<'JS'
import {format} from 'prettier'
import {remark} from 'remark'
import gfm from 'remark-gfm'

const blocks = (text) =>
  remark().use(gfm).parse(text).children.map(({type}) => type).join(' ')
const expected = {
  '- plain text\n  <!-- owner: ops -->\n- next\n': ['list', 'list'],
  '- [ ] **bold** text\n  <!-- owner: ops -->\n- [ ] next\n': ['list', 'list'],
  '- [ ] plain text\n  <!-- owner: ops -->\n- [ ] next\n': ['list', 'list html list'],
  '1. [x] plain text\n   <!-- owner: ops -->\n2. [ ] next\n': ['list', 'list html list'],
}
for (const [text, [before, after]] of Object.entries(expected)) {
  const formatted = await format(text, {parser: 'markdown'})
  console.log(JSON.stringify(text), '->', JSON.stringify(formatted))
  console.log(`  ${blocks(text)} -> ${blocks(formatted)}`)
  if (blocks(text) !== before || blocks(formatted) !== after) {
    console.log('changed')
    process.exitCode = 1
  }
}
JS
node format.mjs
