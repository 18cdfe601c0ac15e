// Goal: who leaves a question of init leaves it whole: told, with the code of a pause, and nothing written.
// Method: a project of a team's own in real git, init at a pseudo-terminal of 40, 80 and 200 columns.

import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {gitEnvironment, testRepository} from '../../../helpers/repository.ts'
import {keys, sitAt} from '../../../helpers/terminal.ts'

const left = suite('a question of init that is left')
const root = join(import.meta.dirname, '../../../..')
const loader = join(root, 'scripts/lib/loader/index.js')

/** All answers but those that a test wants to be asked. */
const given: Readonly<Record<string, string>> = {
  ...{builder: 'command', build: 'make', output: 'out', hosting: 'folder', database: 'none'},
  ...{'staging-target': 'srv/a', 'production-target': 'srv/b'},
  ...{'staging-url': 'https://a.example.org', 'production-url': 'https://b.example.org'},
  ...{'staging-env': 'env/.env.a', 'production-env': 'env/.env.b'},
}

interface Way {
  /** The answer that is missing; none: only whether to write is asked. */
  readonly missing: string | null
  readonly asks: Readonly<Record<'fr' | 'en', RegExp>>
  readonly typed?: string
}

const ways: Readonly<Record<string, Way>> = {
  'a field': {
    missing: 'staging-url',
    asks: {fr: /Adresse\s+de\s+STAGING/, en: /Address\s+of\s+STAGING/},
  },
  'a field with words in it': {
    missing: 'staging-url',
    asks: {fr: /Adresse\s+de\s+STAGING/, en: /Address\s+of\s+STAGING/},
    typed: 'https://a.exam',
  },
  'a choice': {missing: 'hosting', asks: {fr: /Hébergeur/, en: /Host/}},
  'whether to write': {
    missing: null,
    asks: {fr: /rien[\s│]+n’est[\s│]+écrasé/, en: /overwritten\)\?/},
  },
}

for (const [name, {missing, asks, typed}] of Object.entries(ways)) {
  for (const [lang, columns, key] of [
    ['fr', 40, 'end'],
    ['en', 80, 'interrupt'],
    ['fr', 200, 'interrupt'],
    ['en', 200, 'end'],
  ] as const) {
    left(`at ${name}, is a pause that wrote nothing (${lang}, ${columns}, ${key})`, async () => {
      const repository = testRepository({'README.md': 'a site\n'})
      try {
        const flags = Object.entries(given).flatMap(([flag, value]) =>
          flag === missing ? [] : [`--${flag}`, value],
        )
        const seat = sitAt({
          file: process.execPath,
          args: [
            ...[`--import=${loader}`, join(root, 'scripts/init.ts'), '--lang', lang],
            ...['--project', repository.clone, ...flags],
          ],
          ...{cwd: root, env: gitEnvironment, columns},
        })
        await seat.sees(asks[lang], 60_000)
        if (typed !== undefined) {
          seat.types(typed)
          await seat.sees(typed)
        }
        seat.types(keys[key])
        assert.is(await seat.ended(), 4, seat.seen())
        const seen = seat.seen().replace(/\s+/g, ' ')
        assert.match(seen, lang === 'fr' ? 'Rien n’a été écrit.' : 'Nothing was written.')
        assert.match(seen, /(suite|next) .*(postgate(\.js)?|scripts\/init\.ts)/)
        assert.is(repository.git(['status', '--porcelain']), '')
      } finally {
        repository.close()
      }
    })
  }
}

left.run()
