// Goal: the team is told of each thing that happens, once, by every channel, in its own form.
// Method: scenario A in the sandbox, with a webhook that has a template of its own, and a program.

import {chmodSync, existsSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {parse, stringify} from 'yaml'
import {type Bundle, bundleWithSandbox} from '../helpers/bundle-runs.ts'
import {edit, publish} from '../helpers/change.ts'
import {bodyOf, loopbackServer} from '../helpers/server.ts'

const notified = suite('notified')

interface Told {
  readonly channel: string
  readonly kind: string
  readonly words: string
  readonly fixed: {readonly from: string}
}

/** A sandbox whose team listens: `posts` are the webhook's bodies, `lines` what the program was told. */
async function withTeam(
  work: (team: {bundle: Bundle; posts: Told[]; lines: () => string[]}) => Promise<void>,
): Promise<void> {
  const bundle = await bundleWithSandbox()
  const posts: Told[] = []
  const server = await loopbackServer(async (request, response) => {
    posts.push(JSON.parse(await bodyOf(request)))
    response.writeHead(204).end()
  })
  const program = join(bundle.paths.bin, 'tell-team')
  const heard = join(bundle.path, 'heard.txt')
  writeFileSync(
    program,
    `#!/bin/sh\nprintf '%s %s\\n' "$POSTGATE_OCCASION" "$(head -n 1)" >> "$1"\n`,
  )
  chmodSync(program, 0o755)
  const channels = [
    {
      ...{adapter: 'webhook', url: `${server.url}/hook`, headers: {'x-team': 'postgate'}},
      body: {channel: '#releases', kind: '{occasion}', words: '{text}', fixed: {from: 'postgate'}},
    },
    {adapter: 'command', run: [program, heard]},
  ]
  try {
    edit(bundle, 'postgate.yaml', (text) =>
      text.replace(/^notify:\n.*\n/m, stringify({notify: channels})),
    )
    publish(bundle)
    const lines = () => (existsSync(heard) ? readFileSync(heard, 'utf8').trim().split('\n') : [])
    await work({bundle, posts, lines})
  } finally {
    await server.close()
    bundle.remove()
  }
}

const kinds = (posts: readonly Told[]) => posts.map(({kind}) => kind)
const firstWords = (lines: readonly string[]) => lines.map((line) => line.split(' ')[0])

/** The sandbox's answers without one of them. */
function answersWithout(bundle: Bundle, title: string): string {
  const known: {answers: Record<string, unknown>} = parse(
    readFileSync(bundle.paths.answers, 'utf8'),
  )
  const {[title]: gone, ...answers} = known.answers
  assert.ok(gone, title)
  const file = join(bundle.path, 'fewer-answers.yaml')
  writeFileSync(file, stringify({...known, answers}))
  return file
}

notified('of the start, of a pause that waits for somebody, and of the end', () =>
  withTeam(async ({bundle, posts, lines}) => {
    const staging = (...args: string[]) => bundle.run(['scripts/staging.ts', '--sandbox', ...args])
    await staging('--plan')
    assert.equal(posts, [], 'a plan tells nobody')
    const fewer = answersWithout(bundle, 'Validation métier')
    const waits = await staging('--answers', fewer)
    assert.is(waits.code, 4, waits.stdout + waits.stderr)
    assert.equal(kinds(posts), ['start', 'pause'])
    assert.match(posts[1]?.words ?? '', 'Validation métier')

    const ends = await staging()
    assert.is(ends.code, 0, ends.stdout + ends.stderr)
    assert.equal(kinds(posts), ['start', 'pause', 'end'], 'the start is told once')
    assert.equal(firstWords(lines()), ['start', 'pause', 'end'])
    for (const {channel, words, fixed} of posts) {
      assert.equal([channel, fixed], ['#releases', {from: 'postgate'}])
      assert.match(words, /SANDBOX/)
      assert.match(words, /prod-ready-\d{4}-\d{2}-\d{2}/)
    }
  }),
)

notified('of a trigger, of the way back, and of the end', () =>
  withTeam(async ({bundle, posts, lines}) => {
    const ran = await bundle.run(['scripts/staging.ts', '--sandbox', '--break', 'smoke'])
    assert.is(ran.code, 1, ran.stdout + ran.stderr)
    assert.equal(kinds(posts), ['start', 'trigger', 'rollback', 'end'])
    assert.equal(firstWords(lines()), ['start', 'trigger', 'rollback', 'end'])
  }),
)

notified.run()
