// Goal: a command that is shown can be pasted. Method: the ways in which our sentences name one, and every
// command that stands in our sources.

import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {globbySync} from 'globby'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {createTerminal} from '../../../scripts/lib/base/terminal.ts'
import {commandsWith, committing} from '../../../scripts/lib/words/commands.ts'
import {wrapped} from '../../../scripts/lib/words/wrap.ts'

const commands = suite('commands that are shown')
const here = {call: 'npx postgate', flags: ' --project ../shop'}
const inside = {call: 'node release/scripts/postgate.js', flags: ''}

commands('begin with what starts them here, with the flags that find the project again', () => {
  const told: readonly (readonly [string, string])[] = [
    ['npx zx scripts/lint.ts', 'npx postgate lint --project ../shop'],
    [
      'en sortir : npx zx scripts/freeze.ts --exit',
      'en sortir : npx postgate freeze --project ../shop --exit',
    ],
    [
      '`npx zx scripts/gate.ts check` dit ce qui manque',
      '`npx postgate gate check --project ../shop` dit ce qui manque',
    ],
    [
      'git pull, puis npx zx scripts/status.ts ; la même commande',
      'git pull, puis npx postgate status --project ../shop ; la même commande',
    ],
    ['npx zx scripts/staging.ts --sandbox (la même)', 'npx postgate staging --sandbox (la même)'],
    [
      'npx zx scripts/approve.ts production --role "QA Lead" --project ../other',
      'npx postgate approve production --role "QA Lead" --project ../other',
    ],
    [
      'npx zx scripts/lint.ts, puis npx zx scripts/staging.ts --sandbox',
      'npx postgate lint --project ../shop, puis npx postgate staging --sandbox',
    ],
    ['npx zx scripts/staging/2-reset.ts', 'npx postgate staging/2-reset --project ../shop'],
    ['npx zx autre.ts', 'npx zx autre.ts'],
  ]
  for (const [before, after] of told) {
    assert.is(commandsWith(before, here), after)
    assert.is(commandsWith(after, here), after, 'and only once')
  }
  assert.is(
    commandsWith('`npx zx scripts/gate.ts check`, puis `npx zx scripts/staging.ts`', inside),
    '`node release/scripts/postgate.js gate check`, puis `node release/scripts/postgate.js staging`',
  )
})

commands('of git name the project where it is elsewhere; a runbook’s own are left', () => {
  const elsewhere = {...here, folder: '../shop'}
  const told: readonly (readonly [string, string])[] = [
    [
      'le publier : git push origin refs/tags/v1',
      'le publier : git -C ../shop push origin refs/tags/v1',
    ],
    [
      'git add a && git commit -m "b" -- a',
      'git -C ../shop add a && git -C ../shop commit -m "b" -- a',
    ],
    [
      'git pull, puis npx zx scripts/lint.ts',
      'git -C ../shop pull, puis npx postgate lint --project ../shop',
    ],
    ['la règle interdit « git push --force »', 'la règle interdit « git push --force »'],
    ['git worktree add --detach x', 'git worktree add --detach x'],
    ['.git push', '.git push'],
  ]
  for (const [before, after] of told) {
    assert.is(commandsWith(before, elsewhere), after)
    assert.is(commandsWith(after, elsewhere), after, 'and only once')
    assert.not.match(commandsWith(before, here), 'git -C')
  }
})

commands('of files to commit name them from the root of their repository', () => {
  const place = {remote: 'origin', branch: 'main', root: '/w', message: 'Postgate'}
  assert.equal(committing({...place, project: '/w', paths: ['a b', 'runbooks']}), [
    "git add 'a b' runbooks",
    `git commit -m Postgate -- 'a b' runbooks`,
    'git push origin main',
  ])
  const quoted = {...place, remote: null, project: '/w/app', message: 'a "$b"', ignored: true}
  assert.equal(committing({...quoted, paths: ['app/x']}), [
    'git add --force :/app/x',
    `git commit -m 'a "$b"' -- :/app/x`,
  ])
})

commands('of our sources are all of a form that is given them', () => {
  const root = join(import.meta.dirname, '../../..')
  const sources = globbySync(['scripts/lib/**/*.ts', '!scripts/lib/words/commands.ts'], {cwd: root})
  let seen = 0
  for (const path of sources) {
    const text = readFileSync(join(root, path), 'utf8')
    for (const [found] of text.matchAll(/npx zx scripts\/[\w/-]+\.ts/g)) {
      seen += 1
      assert.match(commandsWith(found, here), /^npx postgate [\w/-]+ --project \.\.\/shop$/, path)
    }
  }
  assert.ok(seen > 40, `${seen} commands found`)
})

commands('are completed on the terminal before its lines are folded, and in JSON', () => {
  const written: string[] = []
  const terminal = createTerminal({
    ...{lang: 'fr', json: false, now: () => new Date(0), environment: {}},
    mask: (text) => text,
    complete: (text) => commandsWith(text, here),
    stream: {isTTY: true, columns: 40, write: (text) => written.push(text)},
  })
  terminal.say({fr: 'suite : npx zx scripts/staging.ts', en: ''})
  terminal.outcome({
    ...{verdict: 'fail', title: 'Nightly', observed: 'rouge'},
    next: 'voir npx zx scripts/decide.ts',
  })
  const text = written.join('').replace(/\s+/g, ' ')
  assert.match(text, 'npx postgate staging --project ../shop')
  assert.match(text, 'npx postgate decide --project ../shop')
})

commands('are never broken over two lines, whose first half would run by itself', () => {
  const sentences = [
    'suite : node ../../une-appli/release/scripts/postgate.js staging --project ../shop --answers FILE (la même commande)',
    "à lancer : node 'mes projets/release/scripts/postgate.js' gate open --tag v1.0.0, puis le remplir",
    'obtenir l’accord, ou signé : npx postgate approve staging --role "Release Manager" ; attendre ensuite la réponse',
  ]
  for (const sentence of sentences) {
    const folded = wrapped(sentence, 40, 4)
    const [whole = ''] = /(?:node|npx) .*?(?=,| \(| ;)/.exec(sentence) ?? []
    assert.match(folded, whole)
    assert.is(folded.replace(/\s+/g, ' '), sentence)
    assert.ok(folded.includes('\n'), 'the rest is folded')
  }
})

commands.run()
