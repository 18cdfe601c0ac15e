// Goal: what a chat is sent reads as it was written, and calls nobody.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {chatText, escapeProse} from '../../../scripts/lib/documents/escape.ts'

const plain = suite('plain text')

plain('values and addresses come back as they were', () => {
  for (const text of [
    'main est protégée : https://github.com/o/r/compare/main...postgate/x_1?expand=1',
    'docs/_POST_MORTEM_2026.md, `pg_dump`, 5 * 3 [x] #1 ~ !',
    '- une liste',
    '1. une autre',
  ]) {
    assert.is(chatText(escapeProse(text)), text)
  }
})

plain('what would call people, or be read as an entity, does not come back', () => {
  assert.is(chatText(escapeProse('<!channel> & @here')), '&lt;!channel&gt; &amp; @\u2060here')
})

plain.run()
