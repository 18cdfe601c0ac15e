// What is written behind a command's name, read or refused in words that help.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {parseArguments} from '../../../scripts/lib/base/arguments.ts'
import {toolArguments} from '../../../scripts/lib/base/tool-arguments.ts'
import {Problem} from '../../../scripts/lib/domain/problem.ts'
import {inLang} from '../../../scripts/lib/domain/text.ts'
import {breaks} from '../../../scripts/lib/sandbox/breaks.ts'
import {help} from '../../../scripts/lib/words/help.ts'

const flags = suite('flags')

function refused(read: () => unknown): {fr: string; en: string; exit: number} {
  try {
    read()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const {what, why = '', next = '', exit} = error.parts
    const in_ = (lang: 'fr' | 'en') =>
      [what, why, next].map((text) => inLang(text, lang)).join(' | ')
    return {fr: in_('fr'), en: in_('en'), exit}
  }
  throw new Error('it was read')
}

const both = (words: readonly string[]) => [
  refused(() => parseArguments(words, 'staging')),
  refused(() => toolArguments(words, {plan: {type: 'boolean'}, gate: {type: 'string'}})),
]

flags('a flag that is nearly one says which', () => {
  for (const {fr, en, exit} of both(['--plam'])) {
    assert.is(exit, 2)
    assert.match(fr, /--plam \| cette option n’existe pas \| vouliez-vous dire --plan \?/)
    assert.match(en, /there is no such flag \| did you mean --plan\?/)
  }
})

flags('a slip of two letters in a short flag still says which', () => {
  for (const [written, meant] of [
    ['--brake', '--break'],
    ['--statuts', '--status'],
    ['--abrot', '--abort'],
  ] as const)
    assert.match(
      refused(() => parseArguments([written], 'staging')).en,
      `${written} | there is no such flag | did you mean ${meant}?`,
    )
})

flags('one that is like none points at the list', () => {
  for (const {fr} of both(['--xyzzy'])) assert.match(fr, /--help$/)
})

flags('a value that is missing, and one that is too many, are said in one language', () => {
  for (const words of [['--gate'], ['--gate', '--plan'], ['--gate', '-x']])
    for (const {fr} of both(words)) assert.match(fr, /--gate \| elle attend une valeur/)
  for (const {fr, en} of both(['--plan=1'])) {
    assert.match(fr, /--plan=1 \| elle n’attend pas de valeur/)
    assert.match(en, /it takes no value/)
  }
  assert.is(parseArguments(['--gate=-x'], 'staging').gate, '-x')
})

flags('a word that nobody expects is named', () => {
  assert.match(refused(() => parseArguments(['staging'], 'staging')).fr, /: staging \| aucun mot/)
})

flags('the sandbox is no other project', () => {
  for (const {fr} of both(['--sandbox', '--project', 'x'])) assert.match(fr, /l’un ou l’autre/)
})

flags('the help lists what can be broken', () => {
  for (const lang of ['fr', 'en'] as const) {
    const words = help('staging', lang)
    for (const name of Object.keys(breaks)) assert.match(words, new RegExp(`\\b${name}\\b`))
  }
})

flags.run()
