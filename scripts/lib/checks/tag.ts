// The gate's tag stands on the gate's commit, here and on the remote.

import {check} from '../kit/definition.ts'
import {tagPlaced} from '../proofs/tag-placed.ts'

export const tag = check({
  name: 'tag',
  describe: {
    fr: 'Le tag du gate est sur le commit du gate, ici et sur le dépôt distant.',
    en: 'The gate’s tag is on the gate’s commit, here and on the remote.',
  },
  parameters: {},
  judge: tagPlaced,
})
