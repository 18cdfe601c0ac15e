import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {relinked} from '../../../scripts/lib/derive/relink.ts'
import {parse} from '../../../scripts/lib/documents/parse.ts'

const relink = suite('relink')

const move = {from: 'runbooks/staging.md', to: 'docs/runs/x/runbook.md'}
const moved = async (text: string) => relinked(await parse(text, move.from), move)

relink('relative links, images, definitions and HTML lead where they led', async () => {
  const links: Readonly<Record<string, string>> = {
    '[a](common-rules.md)': '[a](../../../runbooks/common-rules.md)',
    '[a](./decision.md#personnes "qui")': '[a](../../../runbooks/decision.md#personnes "qui")',
    '[a](../docs/GATE.md?x=1#y)': '[a](../../GATE.md?x=1#y)',
    '![a](<images/b c.png>)': '![a](<../../../runbooks/images/b c.png>)',
    '[a]: ../README.md\n\n[a]': '[a]: ../../../README.md\n\n[a]',
    '<a href="../README.md">x</a>': '<a href="../../../README.md">x</a>',
    '- [ ] **A** : [b](c.md) <!-- check: tag -->':
      '- [ ] **A** : [b](../../../runbooks/c.md) <!-- check: tag -->',
    '[![i](i.png)](j.md)': '[![i](../../../runbooks/i.png)](../../../runbooks/j.md)',
    '| [a](b.md) |\n| --- |\n| [c](../d/) |':
      '| [a](../../../runbooks/b.md) |\n| --- |\n| [c](../../../d/) |',
  }
  for (const [before, after] of Object.entries(links)) assert.is(await moved(before), after, before)
})

relink('what leads elsewhere stays, byte for byte', async () => {
  const texts = [
    '[a](https://example.org/b.md) [b](#ici) [c](/etc) [d](mailto:x@example.org)',
    '`[a](b.md)` et \\[a](b.md)',
    '[a](../../outside.md)',
    '\uFEFF# T\r\n\r\n- [x] a\r\n',
  ]
  for (const text of texts) assert.is(await moved(text), text)
})

relink.run()
