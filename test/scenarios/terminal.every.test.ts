// Goal: a run at a terminal is left in every way that people leave one, under npx as they call it, and the
// same command goes on. Method: a sandbox of its own, a pseudo-terminal of 40, of 80 and of 200 columns around it.

import {execFileSync} from 'node:child_process'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {asking} from '../../scripts/lib/words/asking.ts'
import {type Bundle, copyOfBundle} from '../helpers/bundle.ts'
import {gitEnvironment} from '../helpers/repository.ts'
import {keys, type Seat, sitAt} from '../helpers/terminal.ts'

const terminal = suite('a run at a terminal')
let bundle: Bundle | undefined

async function sit(words: readonly string[], columns: number): Promise<Seat> {
  bundle ??= await copyOfBundle()
  return sitAt({
    file: words[0] ?? '',
    args: words.slice(1),
    ...{cwd: bundle.path, env: gitEnvironment, columns},
  })
}

const staging = ['npx', 'zx', 'scripts/staging.ts', '--sandbox']
const wait = 90_000
const flat = (text: string) => text.replace(/\s*\n\s*/g, ' ')

for (const [lang, columns] of [
  ['fr', 40],
  ['en', 80],
  ['fr', 200],
  ['en', 200],
] as const) {
  const words = asking[lang]

  terminal(`the end of the input is a pause with the way on (${lang}, ${columns})`, async () => {
    const seat = await sit([...staging, '--lang', lang], columns)
    await seat.sees(words.choose, wait)
    seat.types(keys.end)
    assert.is(await seat.ended(wait), 4)
    assert.match(flat(seat.seen()), /(suite|next) ?: \S.*postgate(\.js)? staging --sandbox/)
  })

  terminal(`Ctrl-C leaves at the first press (${lang}, ${columns})`, async () => {
    const seat = await sit([...staging, '--lang', lang], columns)
    await seat.sees(words.choose, wait)
    seat.types(keys.interrupt)
    assert.is(await seat.ended(wait), 4)
    assert.match(flat(seat.seen()), /(suite|next) ?: \S.*postgate/)
  })
}

terminal('Ctrl-Z stops the whole job, and fg asks the question again', async () => {
  const seat = await sit(['bash', '--norc', '--noprofile', '-i'], 80)
  seat.types(`${staging.join(' ')}${keys.enter}`)
  await seat.sees(asking.fr.choose, wait)
  seat.types(keys.suspend)
  await seat.sees('Stopped')
  // Whoever asks meanwhile learns why nothing goes on.
  const asked = await bundle?.run('status.ts', ['--sandbox'])
  assert.match(asked?.said ?? '', /au travail : .*suspendu par Ctrl-Z/)
  const second = await bundle?.run('staging.ts', ['--sandbox'])
  assert.is(second?.exit, 3, second?.said)
  assert.match(second?.said ?? '', /raison {2}.*suspendu par Ctrl-Z/, second?.said)
  seat.types(`fg; echo "ended $?"${keys.enter}`)
  await seat.sees(/Stopped[\s\S]*◆ {2}Cela tient-il/, wait)
  seat.types(keys.end)
  await seat.sees('ended 4', wait)
  seat.types(`exit${keys.enter}`)
  await seat.ended()
})

terminal(
  'a person’s answers and a typed name take it through, told before what it does',
  async () => {
    const seat = await sit(staging, 80)
    await seat.sees(asking.fr.choose, wait)
    seat.types(keys.down + keys.enter)
    await seat.sees(asking.fr.observed)
    seat.types(`accord au point de 9 h${keys.enter}`)
    await seat.sees('● Claire Moreau')
    seat.types(keys.enter)
    await seat.sees(/Sera effacé : \d+ tables/, wait)
    await seat.sees('Pour la commencer, écrire STAGING')
    // Nothing typed: nothing begun.
    seat.types(keys.enter)
    assert.is(await seat.ended(wait), 4)
    const status = await bundle?.run('status.ts', ['--sandbox', '--json'])
    assert.match(status?.stdout ?? '', /STAGING/)
  },
)

for (const [lang, columns, key] of [
  ['fr', 40, keys.end],
  ['en', 80, keys.interrupt],
  ['fr', 200, keys.interrupt],
  ['en', 200, keys.end],
] as const) {
  terminal(
    `the question who operates is left as every other one (${lang}, ${columns})`,
    async () => {
      // Somebody whom neither address nor key tells.
      bundle ??= await copyOfBundle()
      const address = ['config', 'user.email', 'personne@example.org']
      execFileSync('git', address, {cwd: bundle.project, env: gitEnvironment})
      const seat = await sit(
        ['npx', 'zx', 'scripts/production.ts', '--sandbox', '--lang', lang],
        columns,
      )
      await seat.sees(lang === 'fr' ? /Qui\s+opère/ : /Who\s+operates/, wait)
      seat.types(key)
      assert.is(await seat.ended(wait), 4)
      assert.match(flat(seat.seen()), /(suite|next) ?: \S.*postgate(\.js)? production --sandbox/)
    },
  )
}

const refs = () =>
  execFileSync('git', ['ls-remote', 'origin', 'refs/postgate/*'], {
    ...{cwd: bundle?.project, env: gitEnvironment, encoding: 'utf8'},
  })

for (const [lang, columns, key] of [
  ['fr', 40, keys.end],
  ['en', 80, keys.interrupt],
  ['fr', 200, keys.interrupt],
  ['en', 200, keys.end],
] as const) {
  terminal(`a signature that is left signs nothing (${lang}, ${columns})`, async () => {
    bundle ??= await copyOfBundle()
    const before = refs()
    const approve = ['npx', 'zx', 'scripts/approve.ts', 'production', '--sandbox']
    const seat = await sit([...approve, '--role', 'Directeur', '--lang', lang], columns)
    await seat.sees(lang === 'fr' ? /taper[\s│]+le[\s│]+tag/ : /type[\s│]+the[\s│]+tag/, wait)
    seat.types(key)
    assert.is(await seat.ended(wait), 4)
    assert.match(flat(seat.seen()), lang === 'fr' ? 'Rien n’a été signé' : 'Nothing was signed')
    assert.match(flat(seat.seen()), /(suite|next) .*--confirm prod-ready/)
    assert.is(refs(), before)
  })
}

terminal('the end of a freeze that is left leaves the freeze as it was', async () => {
  bundle ??= await copyOfBundle()
  // What stands open is given up first: nothing was changed by it.
  await bundle.run('staging.ts', ['--sandbox', '--abort', 'au terminal'])
  const frozen = await bundle.run('freeze.ts', ['--sandbox'])
  assert.is(frozen.exit, 0, frozen.said)
  for (const [lang, columns, key] of [
    ['fr', 40, keys.end],
    ['en', 80, keys.interrupt],
    ['fr', 200, keys.interrupt],
    ['en', 200, keys.end],
  ] as const) {
    const exit = ['npx', 'zx', 'scripts/freeze.ts', '--sandbox', '--exit', '--lang', lang]
    const seat = await sit(exit, columns)
    await seat.sees(asking[lang].choose, wait)
    seat.types(key)
    assert.is(await seat.ended(wait), 4, seat.seen())
    assert.match(flat(seat.seen()), /(suite|next) ?: \S.*postgate(\.js)? freeze --sandbox/)
    const refused = await bundle.run('staging.ts', ['--sandbox', '--plan'])
    assert.is(refused.exit, 3, 'the freeze holds')
  }
  // The same command goes on.
  const left = await bundle.run('freeze.ts', ['--sandbox', '--exit'])
  assert.is(left.exit, 0, left.said)
})

terminal('the copy is removed', () => bundle?.remove())

terminal.run()
