// A 1,000-item runbook read and looked at a second time, line by line, against reading it alone.

import {missedItems} from '../../scripts/lib/documents/missed-items.ts'
import {readRunbook} from '../../scripts/lib/policy/runbook.ts'
import {type Figure, inTurn, round, timed} from './measure.ts'

const count = 1_000

export const secondLook: Figure = {
  name: 'a 1,000-item runbook read and looked at a second time against reading it alone',
  limit: 1.3,
  unit: 'ratio',
  measure: async () => {
    const items = `## Pré-requis\n\n${Array.from({length: count}, (_, index) => `- [ ] **Élément ${index}** : ce qui est prouvé ici – et rien d’autre –, avec \`code\` et [lien](https://example.org/${index}) <!-- check: tag -->\n`).join('')}`
    // A title of its own each time: a text that was read is kept.
    let texts = 0
    const next = () => `# Runbook ${texts++}\n\n${items}`
    const path = 'runbooks/bench.md'
    const {ours, theirs, ratio} = await inTurn(
      7,
      () =>
        timed(async () => {
          const {document, items: read} = await readRunbook(next(), path)
          if (read.length !== count || missedItems(document).length > 0)
            throw new Error('not every item was read, or more was found')
        }),
      () => timed(() => readRunbook(next(), path)),
    )
    return {
      value: round(ratio),
      raw: {'read twice ms': round(ours), 'read once ms': round(theirs)},
    }
  },
}
