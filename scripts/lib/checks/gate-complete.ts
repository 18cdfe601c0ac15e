// The Release Gate's checklist: every entry of its section 4 validated, and nothing else will do.

import type {Text} from '../domain/text.ts'
import {fail, pass, unknown} from '../domain/verdict.ts'
import {check} from '../kit/definition.ts'
import type {GateEntry} from '../policy/gate-file.ts'
import {shortList, words} from '../words/observed.ts'

const shownMost = 12

export const gateComplete = check({
  name: 'gate-complete',
  describe: {
    fr: 'Chaque ligne de la section 4 du Release Gate est validée, sans réserve.',
    en: 'Every entry of section 4 of the Release Gate is validated, without reservation.',
  },
  parameters: {},
  async judge({gate}) {
    const {entries, path} = gate
    const link = {label: path, link: path}
    if (entries.length === 0) {
      return unknown(
        words`${path} : ${{fr: 'la section 4 ne contient aucune ligne à valider', en: 'section 4 holds nothing to validate'}}`,
        {
          evidence: [link],
          next: {
            fr: 'écrire la checklist sous un titre « 4. … » du gate, puis la faire valider',
            en: 'write the checklist under a heading “4. …” of the gate, and have it validated',
          },
        },
      )
    }
    const missing = entries.filter(({mark}) => mark !== 'validated')
    if (missing.length === 0) {
      return pass(
        {
          fr: `${entries.length} ${entries.length > 1 ? 'lignes' : 'ligne'} sur ${entries.length} ${entries.length > 1 ? 'validées' : 'validée'}`,
          en: `${entries.length} of ${entries.length} entries validated`,
        },
        {evidence: [link]},
      )
    }
    return fail(
      words`${missing.length} ${{fr: 'sur', en: 'of'}} ${entries.length} ${{fr: 'non validées', en: 'not validated'}} : ${shortList(
        missing.map((entry) => named(path, entry)),
        shownMost,
      )}`,
      {
        evidence: [link],
        next: {
          fr: 'faire lever ces lignes par leur responsable, puis committer le gate',
          en: 'have these entries settled by whoever answers for them, then commit the gate',
        },
      },
    )
  },
})

const meaning: Readonly<Record<Exclude<GateEntry['mark'], 'validated'>, Text>> = {
  refused: {fr: 'refusée', en: 'refused'},
  unclear: {fr: 'incertaine', en: 'unclear'},
  open: {fr: 'ouverte', en: 'open'},
}

function named(path: string, {text, mark, raw, line}: GateEntry): Text {
  const said = raw.trim() === '' || mark === 'validated' ? '' : ` ${raw.trim()}`
  const word = mark === 'validated' ? '' : meaning[mark]
  return words`${path}:${line} « ${text} » (${word}${said})`
}
