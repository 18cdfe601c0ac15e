// 1,000 outcomes stamped into a 1,000-item runbook against one remark parse of it.

import {remark} from 'remark'
import remarkFrontmatter from 'remark-frontmatter'
import remarkGfm from 'remark-gfm'
import {items} from '../../scripts/lib/documents/checklist.ts'
import {parse} from '../../scripts/lib/documents/parse.ts'
import {stamp} from '../../scripts/lib/documents/stamp.ts'
import {type Figure, inTurn, round, timed} from './measure.ts'

const count = 1_000

export const stamping: Figure = {
  name: '1,000 outcomes stamped into a 1,000-item runbook against one remark parse of it',
  limit: 2,
  unit: 'ratio',
  measure: async () => {
    const source = `# Runbook\n\n## Pré-requis\n\n${Array.from({length: count}, (_, index) => `- [ ] **Élément ${index}** : ce qui est prouvé ici, avec \`code\` et [lien](https://example.org/${index}) <!-- check: tag -->\n`).join('')}`
    const parser = remark().use(remarkGfm).use(remarkFrontmatter)
    const at = new Date('2026-01-23T09:00:00Z')
    const {ours, theirs, ratio} = await inTurn(
      7,
      () =>
        timed(async () => {
          const document = await parse(source, 'runbooks/bench.md')
          const outcomes = items(document).map((item) => ({
            item,
            mark: '✅' as const,
            at,
            who: 'automatique',
            observed: 'conforme',
          }))
          if (stamp(document, outcomes).split('↳').length !== count + 1)
            throw new Error('not every item was stamped')
        }),
      () => timed(async () => parser.parse(source)),
    )
    return {
      value: round(ratio),
      raw: {'parse, list and stamp ms': round(ours), 'remark parse ms': round(theirs)},
    }
  },
}
