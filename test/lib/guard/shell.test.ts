// Goal: whatever stands in `${}`, an authorised command does nothing else; and no process outlives
// what was decided about it. Method: real shells, real groups, values from fast-check.

import {spawn, spawnSync} from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import fc from 'fast-check'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {Problem} from '../../../scripts/lib/domain/problem.ts'
import {authorise} from '../../../scripts/lib/guard/authorised/authorised.ts'
import {createMask} from '../../../scripts/lib/guard/mask.ts'
import {endGroup} from '../../../scripts/lib/guard/process/group.ts'
import {createShell, type ShellOptions, type Spawned} from '../../../scripts/lib/guard/shell.ts'

const shell = suite('shell')

const env = {PATH: process.env.PATH ?? '/usr/bin:/bin'}
const everything = async () => ({ok: true, matched: []}) as const
const make = (options: Partial<ShellOptions> = {}) =>
  createShell({cwd: tmpdir(), env, mask: createMask([]), authorise: everything, ...options})

shell('a command is halted, printable, and no promise', async () => {
  const $ = await make({mask: createMask(['hunter2!'])})
  const command = $`printf ${'hunter2!'} ${'a b'}`
  assert.not('then' in command)
  assert.is(command.text, "printf $'***' $'a b'")
  assert.is(await command, command)
})

shell('gives exit code and output, masked and whole, without throwing', async () => {
  const $ = await make({mask: createMask(['s3cret-value'])})
  const lines: string[] = []
  const result = await $`printf 's3cret'; sleep 0.05; printf -- '-value\n'; echo é >&2; exit 3`.run(
    {
      onLine: (line, stream) => lines.push(`${stream} ${line}`),
    },
  )
  assert.is(result.exitCode, 3)
  assert.is(result.stdout, '***\n')
  assert.is(result.stderr, 'é\n')
  assert.equal(lines.sort(), ['stderr é', 'stdout ***'])
})

shell('takes the problem that a command of ours left, masked, and nothing else', async () => {
  const $ = await make({mask: createMask(['s3cret-value'])})
  const leave = async (text: string) => {
    const path = join(mkdtempSync(join(tmpdir(), 'postgate-told-')), 'left')
    writeFileSync(path, text)
    const {problem} =
      await $`cp ${path} "$POSTGATE_PROBLEM_FILE"; echo "next: try again" >&2; exit 1`.run()
    return problem
  }
  const told = {what: {fr: 'a.sql:3 a échoué.', en: 'a.sql:3 failed.'}, why: '42P01 s3cret-value'}
  assert.equal(await leave(JSON.stringify(told)), {
    fr: 'a.sql:3 a échoué. 42P01 ***',
    en: 'a.sql:3 failed. 42P01 ***',
  })
  assert.is(await leave('{"what": 3}'), undefined)
  assert.is((await $`exit 1`.run()).problem, undefined)
})

shell('stops at the first failure, in pipes too', async () => {
  const $ = await make()
  assert.equal((await $`false; echo no`.run()).stdout, '')
  assert.is.not((await $`false | cat`.run()).exitCode, 0)
})

shell('keeps the end of an output that has no end', async () => {
  const $ = await make({outputMax: 1000})
  const {stdout} = await $`seq 100000`.run()
  assert.ok(stdout.length < 1100)
  assert.match(stdout, /^\[… \d+\]\n/)
  assert.match(stdout, /100000\n$/)
})

shell('refuses what the runbook does not list, with exit 3, and runs nothing', async () => {
  const fence = {path: 'r.md', line: 1, text: 'printf %s <x>'}
  const $ = await make({authorise: (text) => authorise(text, [fence])})
  assert.ok((await $`printf %s ${'a'}`.authorisation()).ok)
  try {
    await $`touch should-not-exist`.run()
    assert.unreachable()
  } catch (error) {
    assert.instance(error, Problem)
    if (error instanceof Problem) assert.is(error.parts.exit, 3)
  }
})

shell('refuses a forbidden act even where the runbook lists it', async () => {
  const text = 'git push --force origin main'
  const $ = await make({authorise: (line) => authorise(line, [{path: 'r.md', line: 1, text}])})
  assert.not((await $`git push --force origin main`.authorisation()).ok)
})

shell('refuses undefined, null, objects, NUL and half characters as words', async () => {
  const $ = await make()
  const from = (value: unknown) =>
    Reflect.apply($, undefined, [Object.assign(['echo ', ''], {raw: ['echo ', '']}), value])
  for (const value of [undefined, null, {}, Number.NaN, 'a\0b', '\ud800', ['a', undefined]]) {
    assert.throws(() => from(value), TypeError)
  }
})

shell('a value inside double quotes is refused', async () => {
  const fence = {path: 'r.md', line: 1, text: 'echo "<x>"'}
  const $ = await make({authorise: (text) => authorise(text, [fence])})
  assert.not((await $`echo "${'`id`'}"`.authorisation()).ok)
  assert.ok((await $`echo ${'`id`'}`.authorisation()).ok)
})

shell('ZX variables and NODE_OPTIONS have no say', () => {
  const script = join(import.meta.dirname, '../../../scripts/lib/guard/shell.ts')
  const mask = join(import.meta.dirname, '../../../scripts/lib/guard/mask.ts')
  const code = `
    const {createShell} = await import(${JSON.stringify(script)})
    const {createMask} = await import(${JSON.stringify(mask)})
    const $ = await createShell({cwd: '/', env: {PATH: process.env.PATH}, mask: createMask([]), authorise: async () => ({ok: true, matched: []})})
    console.log(JSON.stringify((await $\`echo \${'a b'}; env\`.run()).stdout))`
  const run = spawnSync(
    process.execPath,
    ['--import=typescript-when-needed', '--input-type=module', '-e', code],
    {
      encoding: 'utf8',
      cwd: join(import.meta.dirname, '../../..'),
      env: {
        ...process.env,
        ZX_PREFIX: 'echo bad;',
        ZX_SHELL: '/bin/false',
        ZX_VERBOSE: 'true',
        ZX_TIMEOUT: '1ms',
        ZX_PREFER_LOCAL: 'true',
      },
    },
  )
  assert.match(run.stdout, /^"a b\\n/, run.stderr)
  assert.not.match(run.stdout, /ZX_|NODE_OPTIONS|bad/)
})

shell('no value makes an authorised command do anything else', async () => {
  const fence = {path: 'r.md', line: 1, text: 'printf %s. <a> x<b>y'}
  const $ = await make({authorise: (text) => authorise(text, [fence])})
  const nasty = fc.constantFrom(
    "'; touch x; '",
    '$(touch x)',
    '`touch x`',
    '"; touch x; "',
    '\\',
    "\\'",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's
    '${x}',
    '*',
    '~',
    '{a,b}',
    '!',
    '#',
    '\n',
    '\r',
    '\t',
    '&',
    '|',
    '> x',
    '<(x)',
    '=',
    'é',
    '\u202e',
    '%s',
    '\ue000',
    '<a>',
    '[',
    "$'",
    ' ',
    '\x01',
    '\x7f',
    '\v',
    '\f',
    '\b',
    '\x1b',
  )
  const value = fc
    .oneof(
      fc
        .array(fc.oneof(nasty, fc.string({unit: 'binary', maxLength: 4})), {maxLength: 5})
        .map((parts) => parts.join('')),
      nasty,
    )
    .filter((text) => !text.includes('\0'))
  const property = fc.asyncProperty(value, value, async (a, b) => {
    const command = $`printf %s. ${a} x${b}y`
    const answer = await command.authorisation()
    if (a === '' || b === '' || a.startsWith('-')) return assert.not(answer.ok)
    assert.ok(answer.ok, JSON.stringify(answer))
    const {stdout} = await command.run()
    assert.is(stdout, `${a}.x${b}y.`)
  })
  await fc.assert(property, {numRuns: 60})
})

shell('an abort ends the whole group, also children that left it', async () => {
  const spawned: Spawned[] = []
  const abort = new AbortController()
  const $ = await make({
    onSpawn: (one) => void spawned.push(one),
    signal: abort.signal,
    graceMs: 300,
  })
  const running = $`trap : TERM; setsid sleep 60 & sleep 61 & while :; do sleep 1 || :; done`.run()
  await sleep(200)
  abort.abort()
  const result = await running
  assert.ok(result.aborted)
  const [group] = spawned
  if (!group) throw new Error('never spawned')
  assert.is(await endGroup(group), 'gone')
})

shell('what a command leaves behind is ended with it: in its group, or with its mark', async () => {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'shell-'))
  try {
    const $ = await make({cwd: folder, graceMs: 300, forbidden: async () => []})
    const late = (file: string) => `sleep 0.7; touch ${file}`
    await $`env -i /bin/sh -c ${late('same-group')} > /dev/null 2>&1 &`.run()
    await $`setsid sh -c ${late('same-mark')} > /dev/null 2>&1 &`.run()
    await $`( setsid sh -c ${late('twice-away')} & ) > /dev/null 2>&1`.run()
    await sleep(1_500)
    assert.equal(readdirSync(folder), [])
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
})

// While a process turns into another program, Linux shows no environment of it: a chain of programs is met so often.
shell('one that is turning into another program is no stranger', async () => {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'shell-'))
  try {
    const $ = await make({cwd: folder, graceMs: 300, forbidden: async () => []})
    const chain = Array.from({length: 40}, () => 'env')
    for (let turn = 0; turn < 20; turn += 1) {
      const late = `sleep 0.7; touch ${turn}`
      await $`( setsid ${chain} sh -c ${late} & ) > /dev/null 2>&1`.run()
    }
    await sleep(1_000)
    assert.equal(readdirSync(folder), [])
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
})

shell('a time-out is said, and what was printed is kept', async () => {
  const $ = await make({timeoutMs: 200})
  const result = await $`echo begun; sleep 60`.run()
  assert.ok(result.timedOut)
  assert.is(result.exitCode, null)
  assert.is(result.stdout, 'begun\n')
})

shell('nothing starts where the journal cannot be written first', async () => {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'shell-'))
  try {
    const $ = await make({
      cwd: folder,
      onSpawn: () => {
        throw new Error('disk full')
      },
    })
    try {
      await $`touch done`.run()
      assert.unreachable()
    } catch (error) {
      assert.match(String(error), 'disk full')
    }
    await sleep(50)
    assert.not(existsSync(join(folder, 'done')))
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
})

shell('the group survives a kill -9 of node, and is ended by its birth only', async () => {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'shell-'))
  try {
    const root = join(import.meta.dirname, '../../..')
    const file = join(folder, 'spawned.json')
    const script = join(folder, 'run.ts')
    writeFileSync(
      script,
      `import {writeFileSync} from 'node:fs'
       import {createShell} from ${JSON.stringify(join(root, 'scripts/lib/guard/shell.ts'))}
       import {createMask} from ${JSON.stringify(join(root, 'scripts/lib/guard/mask.ts'))}
       const $ = await createShell({cwd: '/', env: {PATH: process.env.PATH ?? ''}, mask: createMask([]),
         authorise: async () => ({ok: true, matched: []}),
         onSpawn: (one) => writeFileSync(${JSON.stringify(file)}, JSON.stringify(one))})
       await $\`sleep 60 & sleep 61\`.run()\n`,
    )
    const child = spawn(process.execPath, ['--import=typescript-when-needed', script], {
      cwd: root,
      stdio: 'ignore',
    })
    for (let tries = 0; tries < 200 && !existsSync(file); tries++) await sleep(25)
    await sleep(100)
    child.kill('SIGKILL')
    await sleep(100)
    const {pid, birth} = JSON.parse(readFileSync(file, 'utf8'))
    assert.ok(process.kill(pid, 0))
    assert.is(await endGroup({pid, birth: '12345678/1 another'}), 'gone')
    assert.ok(process.kill(pid, 0))
    assert.is(await endGroup({pid, birth}), 'ended')
    assert.is(await endGroup({pid, birth}), 'gone')
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
})

shell('runs in another folder and with more variables by `with`', async () => {
  const $ = await make()
  const {stdout} = await $.with({cwd: '/', env: {A: 'one'}})`pwd; printenv A`.run()
  assert.is(stdout, '/\none\n')
})

shell.run()
