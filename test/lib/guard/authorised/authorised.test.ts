import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {
  authorise,
  type CommandFence,
  classify,
  matches,
} from '../../../../scripts/lib/guard/authorised/authorised.ts'
import {workedMs} from '../../../helpers/worked.ts'

const fence = (text: string, line = 10): CommandFence => ({path: 'runbooks/staging.md', line, text})

const runbook = fence(
  [
    '# Build',
    'flutter build web --release \\',
    '  --dart-define=URL=<URL> --build-name=<version>',
    'CONFIRM=YES ALLOW=true ./scripts/reset.sh',
    'test -d build/web && echo "✅ Build web réussi" # vérification',
    'git tag -l "prod-*" | tail -1',
    'git push origin <tag>',
    './scripts/list.sh > out/<name>.txt 2>&1',
    'git show <reference>~1',
  ].join('\n'),
)

const authorised = suite('authorised')

const allowed: readonly [string, readonly number[]][] = [
  ["flutter build web --release --dart-define=URL=$'https://x?a=b&c' --build-name=1.2.3", [11]],
  ['CONFIRM=YES ALLOW=true ./scripts/reset.sh', [13]],
  ["CONFIRM=$'YES' ALLOW=true './scripts/reset.sh'", [13]],
  ["test -d build/web && echo '✅ Build web réussi'", [14, 14]],
  ["git tag -l 'prod-*' | tail -1", [15, 15]],
  ['git push origin v1; tail -1', [16, 15]],
  ['./scripts/list.sh > out/today.txt 2>&1', [17]],
  ["git push origin $'v 1; id'", [16]],
  ['git show v1~1', [18]],
]
for (const [text, lines] of allowed) {
  authorised(`allows ${text}`, async () => {
    const answer = await authorise(text, [runbook])
    if (!answer.ok) throw new Error(JSON.stringify(answer.reason))
    assert.equal(
      answer.matched.map(({line}) => line),
      lines,
    )
  })
}

const refusals: readonly [string, string][] = [
  ['another command', 'git push origin v1 && rm -rf build'],
  ['one word more', 'git push origin v1 v2'],
  ['one word less', 'git push origin'],
  ['an option behind a placeholder', 'git push origin --force'],
  ['an empty value', "git push origin ''"],
  ['assignments in another order', 'ALLOW=true CONFIRM=YES ./scripts/reset.sh'],
  ['an assignment more', 'A=1 CONFIRM=YES ALLOW=true ./scripts/reset.sh'],
  ['an assignment less', 'ALLOW=true ./scripts/reset.sh'],
  ['another assigned value', 'CONFIRM=NO ALLOW=true ./scripts/reset.sh'],
  ['a redirection more', 'git push origin v1 > out.txt'],
  ['another redirection', './scripts/list.sh >> out/a.txt 2>&1'],
  ['another descriptor', './scripts/list.sh > out/a.txt 1>&2'],
  ['the background', 'git push origin v1 &'],
  ['a subshell', '(git push origin v1)'],
  ['a group', '{ git push origin v1; }'],
  ['if', 'if tail -1; then git push origin v1; fi'],
  ['a function', 'f() { git push origin v1; }'],
  ['a variable', 'git push origin $TAG'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's
  ['a braced variable', 'git push origin ${TAG}'],
  ['a substitution', 'git push origin $(cat tag)'],
  ['backticks', 'git push origin `cat tag`'],
  ['arithmetic', 'git push origin $((1+1))'],
  ['a file name pattern', 'git push origin v*'],
  ['braces', 'git push origin v{1,2}'],
  ['process substitution', 'git push origin <(cat tag)'],
  ['a here-document', 'tail -1 <<E\nx\nE'],
  ['a here-string', 'tail -1 <<< x'],
  ['a negation', '! git push origin v1'],
  ['time', 'time git push origin v1'],
  ['a tilde', 'git push origin ~'],
  ['a tilde behind =', 'git push origin a=~/b'],
  ["zx's quoting inside double quotes", `git push origin "$'v1'"`],
  ['a brace expansion that parsers differ on', 'git push origin {a},}a'],
  ['an unmatched parenthesis', 'git push origin (v1'],
  ['a rare escape', "git push origin $'\\x2d'"],
  ['an array', 'A=(1 2) tail -1'],
  ['an appended assignment', 'CONFIRM+=YES ALLOW=true ./scripts/reset.sh'],
  ['a pipe of both streams', "git tag -l 'prod-*' |& tail -1"],
  ['a translated string', 'git push origin $"v1"'],
  ['a broken text', 'git push origin "v1'],
  ['nothing', '  # nothing'],
  ['a variable descriptor', './scripts/list.sh {fd}> out/a.txt 2>&1'],
]
for (const [name, text] of refusals) {
  authorised(`refuses ${name}`, async () => {
    assert.not((await authorise(text, [runbook])).ok)
  })
}

authorised('names the nearest listed command and its line', async () => {
  const answer = await authorise('git push origin', [runbook])
  if (answer.ok) throw new Error('allowed')
  assert.is(answer.line, 15)
  assert.match(JSON.stringify(answer.reason), 'runbooks/staging.md:15')
})

authorised('a listed command that needs the shell is manual and matches nothing', async () => {
  const dated = fence('echo "Freeze le $(date)" >> docs/RELEASE_FREEZES.md')
  const [listed] = await classify(dated)
  assert.is(listed?.kind, 'manual')
  assert.not((await authorise(dated.text, [dated])).ok)
})

authorised('`# manuel` hands the next command, or its own, to people', async () => {
  const text = '# manuel : par le DBA\npg_dump --all\nls -l\npsql -f x.sql # manual\n'
  const listed = await classify(fence(text))
  assert.equal(
    listed.map(({kind, line}) => [kind, line]),
    [
      ['manual', 11],
      ['runnable', 12],
      ['manual', 13],
    ],
  )
})

authorised('comments list nothing, and placeholders keep their names', async () => {
  const listed = await classify(fence('# firebase deploy\ngit checkout <commit-précédent>\r\n'))
  assert.equal(
    listed.map(({text, kind, line}) => ({text, kind, line})),
    [{text: 'git checkout <commit-précédent>', kind: 'runnable', line: 11}],
  )
})

authorised('a placeholder never stands for the command itself', async () => {
  const [listed] = await classify(fence('<outil> deploy'))
  assert.is(listed?.kind, 'manual')
})

authorised('an ellipsis and an unreadable fence are manual', async () => {
  assert.is((await classify(fence('flutter build web --release ...')))[0]?.kind, 'manual')
  assert.is((await classify(fence('echo "x')))[0]?.kind, 'manual')
  assert.is((await classify(fence('echo \ue000')))[0]?.kind, 'manual')
})

const mark = '\ue000'
authorised('placeholders stand for at least one character each', () => {
  assert.ok(matches(`a${mark}b${mark}c`, 'axbxbyc'))
  assert.not(matches(`a${mark}b`, 'ab'))
  assert.not(matches(`a${mark}b${mark}c`, 'abbc'))
  assert.ok(matches(mark, 'x-'))
  assert.not(matches(mark, '-x'))
  assert.ok(matches(`--site=${mark}`, '--site=-x'))
  assert.not(matches('a', 'b'))
})

authorised('takes linear time for many placeholders in one word', () => {
  const pattern = `${`${mark}a`.repeat(200)}b`
  const times = [1, 2, 3].map(() => {
    const began = workedMs()
    assert.not(matches(pattern, 'a'.repeat(20_000)))
    return workedMs() - began
  })
  assert.ok(Math.min(...times) < 200)
})

authorised.run()
