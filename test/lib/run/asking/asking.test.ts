// Goal: what a person answers at a terminal is what was meant, however narrow it is and in whatever way
// they leave it. Method: a real pseudo-terminal of 40, 80 and 200 columns with one question on it.

import {join} from 'node:path'
import {PassThrough} from 'node:stream'
import {setTimeout as delay} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {openAsker} from '../../../../scripts/lib/run/asking/ask.ts'
import {asking} from '../../../../scripts/lib/words/asking.ts'
import {keys, type Seat, sitAt} from '../../../helpers/terminal.ts'

const test = suite('asking')
const root = join(import.meta.dirname, '../../../..')
const program = fileURLToPath(new URL('asked.ts', import.meta.url))
const loader = join(root, 'scripts/lib/loader/index.js')

type Lang = 'fr' | 'en'

const asked = (kind: string, {lang = 'fr', columns = 80, now}: Given = {}): Seat =>
  sitAt({
    file: process.execPath,
    args: [`--import=${loader}`, program, JSON.stringify({kind, lang, now})],
    ...{cwd: root, columns, env: process.env},
  })

interface Given {
  readonly lang?: Lang
  readonly columns?: number
  readonly now?: string
}

const {enter, down} = keys

async function got(seat: Seat): Promise<unknown> {
  await seat.sees(/GOT [{n"]/)
  await seat.ended()
  const [, text = ''] = /GOT (.*)/s.exec(seat.seen()) ?? []
  return JSON.parse(text.trim())
}

const literally = (word: string) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const unbroken = (text: string) => text.replace(/\s*\n[│└ ]*\s*/g, ' ')

for (const lang of ['fr', 'en'] as const) {
  for (const columns of [40, 80, 200]) {
    const words = asking[lang]
    test(`a person is chosen, not typed (${lang}, ${columns} columns)`, async () => {
      const seat = asked('plain', {lang, columns})
      await seat.sees(words.holds)
      await seat.sees(words.choose)
      seat.types(down + enter)
      await seat.sees(words.observed)
      seat.types(`trois parcours sans écart${enter}`)
      await seat.sees(words.who)
      // Who sits there comes first, and nobody else's words stand anywhere.
      await seat.sees('● Nadia Keller, QA Lead')
      seat.types(enter)
      assert.equal(await got(seat), {
        by: {role: 'QA Lead', name: 'Nadia Keller'},
        ...{answer: 'yes', observed: 'trois parcours sans écart'},
      })
      for (const line of seat.seen().split('\n')) assert.ok([...line].length <= columns * 9, line)
    })

    test(`somebody else gives a role and a name (${lang}, ${columns} columns)`, async () => {
      const seat = asked('plain', {lang, columns})
      await seat.sees(words.holds)
      seat.types(down + enter)
      await seat.sees(words.observed)
      seat.types(`vu${enter}`)
      await seat.sees(words.somebodyElse)
      seat.types(down + enter)
      await seat.sees(words.role)
      await seat.sees('● Release Manager')
      seat.types(down + down + enter)
      await seat.sees(words.name)
      seat.types(`Paul Roy${enter}`)
      assert.equal(await got(seat), {
        by: {role: 'PCA', name: 'Paul Roy'},
        ...{answer: 'yes', observed: 'vu'},
      })
    })

    test(`a window too short for its step is asked again (${lang}, ${columns} columns)`, async () => {
      const seat = asked('window', {lang, columns})
      await seat.sees(words.answer)
      seat.types(`2026-01-26 22:00–23:30${enter}`)
      await seat.sees(/Fenêtre\s+ouverte/)
      // As it stands in the field, the answer is corrected: nothing else is asked again.
      seat.types(`${'\u007F'.repeat(5)}02:00 UTC${enter}`)
      await seat.sees(words.who)
      seat.types(enter)
      const answer = await got(seat)
      assert.match(JSON.stringify(answer), '2026-01-26 22:00–02:00 UTC')
    })
  }
}

test('a command in what is asked is the one that is typed here, whole', async () => {
  const seat = asked('plain', {columns: 40})
  await seat.sees(asking.fr.holds)
  assert.match(seat.seen(), /│ {2}npx postgate incident --sandbox$/m)
  seat.types(keys.end)
  await seat.ended()
})

test('only those who may answer are offered', async () => {
  const seat = asked('roles')
  await seat.sees(asking.fr.holds)
  seat.types(down + enter)
  await seat.sees(asking.fr.observed)
  seat.types(`vu${enter}`)
  await seat.sees('● Claire Moreau, Release Manager')
  assert.not.match(seat.seen(), 'Nadia Keller')
  seat.types(down + enter)
  await seat.sees('● PCA')
  assert.not.match(seat.seen(), '○ QA Lead')
  seat.types(enter)
  await seat.sees(asking.fr.name)
  seat.types(`Paul Roy${enter}`)
  assert.match(JSON.stringify(await got(seat)), '"role":"PCA"')
})

test('the example of a window is one that serves', async () => {
  const seat = asked('window')
  await seat.sees('2026-01-26 20:00 – 2026-01-26 23:30')
  seat.types(`2026-01-26 20:00 – 2026-01-26 23:30${enter}`)
  await seat.sees(asking.fr.who)
  seat.types(keys.end)
  assert.is(await seat.ended(), 4)
})

test('a day is a day, and not a past one', async () => {
  const seat = asked('review')
  await seat.sees(asking.fr.answer)
  seat.types(`mardi prochain${enter}`)
  await seat.sees('ne dit pas de jour')
  seat.types(`\u00152026-01-20${enter}`)
  await seat.sees('est passé')
  seat.types(`\u00152026-02-30${enter}`)
  await seat.sees('« 2026-02-30 » ne dit pas de jour')
  seat.types(`\u0015mardi 2026-02-03${enter}`)
  await seat.sees(asking.fr.who)
  seat.types(enter)
  assert.match(JSON.stringify(await got(seat)), 'mardi 2026-02-03')
})

test('an open question is asked as one', async () => {
  const seat = asked('data')
  await seat.sees(asking.fr.answer)
  assert.not.match(seat.seen(), asking.fr.holds)
  seat.types(`non : rien n’a changé de forme${enter}`)
  await seat.sees(asking.fr.who)
  seat.types(enter)
  assert.match(JSON.stringify(await got(seat)), '"answer":"yes","observed":"non : rien')
})

test('a person as an answer is chosen too', async () => {
  const seat = asked('responsible')
  await seat.sees(asking.fr.whom)
  seat.types(enter)
  await seat.sees(asking.fr.who)
  seat.types(enter)
  assert.match(JSON.stringify(await got(seat)), '"observed":"Nadia Keller, QA Lead"')
})

test('where decision.md names nobody, role and name are asked', async () => {
  const seat = asked('nobody')
  await seat.sees(asking.fr.holds)
  seat.types(down + enter)
  await seat.sees(asking.fr.observed)
  seat.types(`vu${enter}`)
  await seat.sees('● Release Manager')
  seat.types(enter)
  await seat.sees(asking.fr.name)
  seat.types(`Paul Roy${enter}`)
  assert.match(JSON.stringify(await got(seat)), 'Paul Roy')
})

for (const kind of ['plain', 'window', 'type']) {
  test(`the end of the input is a pause (${kind})`, async () => {
    const seat = asked(kind)
    await seat.sees('◆')
    seat.types(keys.end)
    assert.is(await seat.ended(), 4)
    assert.match(seat.seen(), 'GOT null')
  })

  test(`Ctrl-C leaves at the first press (${kind})`, async () => {
    const seat = asked(kind)
    await seat.sees('◆')
    seat.types(keys.interrupt)
    assert.is(await seat.ended(), 14)
  })
}

/** The way to each prompt of a question, and the words by which it is known. */
const prompts: Readonly<
  Record<string, (lang: Lang) => {kind: string; way: readonly (readonly [string, string])[]}>
> = {
  'what was observed': (lang) => ({
    kind: 'plain',
    way: [
      [asking[lang].choose, down + enter],
      [asking[lang].observed, ''],
    ],
  }),
  'who answers': (lang) => ({
    kind: 'plain',
    way: [
      [asking[lang].choose, down + enter],
      [asking[lang].observed, `vu${enter}`],
      [asking[lang].somebodyElse, ''],
    ],
  }),
  'the role of somebody else': (lang) => ({
    kind: 'nobody',
    way: [
      [asking[lang].choose, down + enter],
      [asking[lang].observed, `vu${enter}`],
      ['● Release Manager', ''],
    ],
  }),
  'the name of somebody else': (lang) => ({
    kind: 'nobody',
    way: [
      [asking[lang].choose, down + enter],
      [asking[lang].observed, `vu${enter}`],
      ['● Release Manager', enter],
      [asking[lang].name, ''],
    ],
  }),
  'why it does not apply': (lang) => ({
    kind: 'optional',
    way: [
      [asking[lang].choose, down + enter],
      [asking[lang].why, ''],
    ],
  }),
  'a person as an answer': (lang) => ({
    kind: 'responsible',
    way: [[asking[lang].anotherPerson, '']],
  }),
}

for (const [title, prompt] of Object.entries(prompts)) {
  for (const [lang, columns] of [
    ['fr', 40],
    ['en', 80],
    ['en', 200],
  ] as const) {
    test(`the end of the input is a pause at: ${title} (${lang}, ${columns} columns)`, async () => {
      const {kind, way} = prompt(lang)
      const seat = asked(kind, {lang, columns})
      for (const [words, answer] of way) {
        // A narrow terminal breaks between words.
        await seat.sees(new RegExp(words.split(/\s+/).map(literally).join('[\\s│]+')))
        if (answer !== '') seat.types(answer)
      }
      seat.types(keys.end)
      assert.is(await seat.ended(), 4)
      assert.match(seat.seen(), 'GOT null')
    })
  }
}

test('the end of the input behind words that were typed is a pause too', async () => {
  const seat = asked('data')
  await seat.sees('◆')
  seat.types('à moitié')
  await seat.sees('à moitié')
  seat.types(keys.end)
  assert.is(await seat.ended(), 4)
})

test('lines that are pasted become one, to be confirmed', async () => {
  const seat = asked('data')
  await seat.sees('◆')
  seat.types(keys.pasted('première ligne\r\n  deuxième ligne\n\ntroisième\n'))
  await seat.sees('première ligne deuxième ligne troisième')
  seat.types(enter)
  await seat.sees(asking.fr.who)
  seat.types(enter)
  assert.match(JSON.stringify(await got(seat)), 'première ligne deuxième ligne troisième"')
})

test('so they do where the terminal does not bracket them', async () => {
  const seat = asked('data')
  await seat.sees('◆')
  seat.types('première ligne\rdeuxième ligne\r')
  await seat.sees(asking.fr.who)
  seat.types(enter)
  assert.match(JSON.stringify(await got(seat)), 'première ligne deuxième ligne"')
})

test('what is pasted into a choice is said to be unused', async () => {
  const seat = asked('plain')
  await seat.sees('◆')
  seat.types(keys.pasted('yes\nClaire\n'))
  seat.types(enter)
  await seat.sees('non retenu : yes Claire')
  await seat.sees(asking.fr.observed)
  seat.types(keys.end)
  assert.is(await seat.ended(), 4)
})

test('a question that is pasted in pieces is whole', async () => {
  const seat = asked('data')
  await seat.sees('◆')
  const whole = keys.pasted('une réponse é coupée\nen deux')
  for (const piece of [
    whole.slice(0, 3),
    whole.slice(3, 20),
    whole.slice(20, -2),
    whole.slice(-2),
  ]) {
    seat.types(piece)
    await new Promise((resolve) => setTimeout(resolve, 60))
  }
  await seat.sees('une réponse é coupée en deux')
  seat.types(keys.end)
  assert.is(await seat.ended(), 4)
})

test('the wrong word to confirm is asked again, and says what is expected', async () => {
  const seat = asked('type', {lang: 'en', columns: 40})
  await seat.sees('Type STAGING')
  seat.types(`staging${enter}`)
  await seat.sees(/Type exactly STAGING/)
  seat.types(`\u0015STAGING${enter}`)
  assert.is(await got(seat), 'STAGING')
})

test('a narrow terminal breaks between words', async () => {
  const seat = asked('plain', {columns: 40})
  await seat.sees(asking.fr.choose)
  assert.match(unbroken(seat.seen()), 'des utilisateurs de test ont déroulé les parcours critiques')
  const lines = seat.seen().split('\n')
  assert.ok(
    lines.every((line) => line.length <= 40),
    seat.seen(),
  )
  seat.types(keys.end)
  await seat.ended()
})

test('Ctrl-Z suspends the job, and fg asks again with what was typed', async () => {
  const seat = sitAt({
    file: 'bash',
    args: ['--norc', '--noprofile', '-i'],
    ...{cwd: root, columns: 80, env: {...process.env, PS1: 'shell> '}},
  })
  await seat.sees('shell>')
  seat.types(
    `${process.execPath} --import=${loader} ${program} '{"kind":"data","lang":"fr"}'; echo "code $?"${enter}`,
  )
  await seat.sees('◆')
  seat.types('à moitié')
  await seat.sees(/à moitié[^"]/)
  seat.types(keys.suspend)
  await seat.sees('Stopped')
  seat.types(`fg${enter}`)
  await seat.sees(/fg[\s\S]*à moitié/)
  seat.types(` dit${enter}`)
  await seat.sees(asking.fr.who)
  seat.types(enter)
  await seat.sees(/GOT .*à moitié dit/)
  seat.types(`exit${enter}`)
  await seat.ended()
})

test('a terminal that is gone when a question comes back is the end of the input', async () => {
  // As after Ctrl-Z and a connection that broke: raw mode is refused, in the midst of the question's set-up.
  for (const kind of ['choose', 'write'] as const) {
    const source: PassThrough = Object.assign(new PassThrough(), {
      setRawMode: (raw: boolean) => raw && source.emit('error', new Error('setRawMode EIO')),
    })
    const {choose, write, gone} = openAsker({
      ...{lang: 'fr', source, screen: new PassThrough().resume(), coloured: false},
      interrupt: () => assert.unreachable(),
    })
    const asks = {
      choose: () => choose({message: '?', options: [{value: 'a', label: 'a'}]}),
      write: () => write({message: '?', wrong: () => undefined}),
    }
    const patience = new AbortController()
    const late = delay(5_000, 'never', {signal: patience.signal}).catch(() => 'never')
    assert.is(await Promise.race([asks[kind](), late]), null, kind)
    patience.abort()
    assert.ok(gone())
  }
  // What is paused leaves its code, which would be this file's.
  assert.is(process.exitCode, 4)
  process.exitCode = undefined
})

test('a terminal that goes away is the end of the input', async () => {
  const seat = asked('data')
  await seat.sees('◆')
  seat.hangUp()
  assert.ok((await seat.ended()) !== 70)
})

test.run()
