// Spellings of other hands: what is forbidden stays so when declared, what is unknown is refused until
// it is declared with the very name that lint asks for.

import {readFileSync} from 'node:fs'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {unknownCommands} from '../../../scripts/lib/guard/authorised/authorised.ts'
import {judged, spellings} from '../../guard/spellings.ts'
import {fencesOf} from '../../helpers/fences.ts'

const spelling = suite('spellings')

for (const {how, text} of spellings) {
  spelling(`${how}: ${text}`, async () => {
    const {as, programs} = await judged(text)
    assert.is(as, how)
    if (how === 'forbidden') {
      // Also where it is declared.
      const words = text.split(/\s+/).filter((word) => /^[\w.-]+$/.test(word))
      assert.is((await judged(text, words)).as, 'forbidden', 'declared')
      return
    }
    const [program = ''] = programs
    assert.is((await judged(text, ['another'])).as, 'unknown')
    assert.is((await judged(text, [program])).as, null, `declared: ${program}`)
  })
}

spelling('at least 60 of them', () => assert.ok(spellings.length >= 60))

const known: readonly string[] = [
  'npm run build',
  'npm ci --no-audit',
  'NODE_ENV=production npm run build -- --base=/app',
  'yarn build',
  'node scripts/build.mjs --out dist',
  'sh tools/build.sh',
  'bash -euo pipefail tools/build.sh',
  './gradlew assemble',
  'make -j4 web VERSION=1.2.3',
  'npx --yes vite@7 build',
  'npx --yes firebase-tools@14 deploy --only hosting --project <projet>',
  'python3 tools/build.py <version>',
  'cargo build --release --locked',
  'go build -o out/app ./cmd/app',
  'env A=1 nice -n 5 timeout 600 make all',
  'mkdir -p dist/assets',
  'cp -r public dist',
  'rm -rf build/web',
  'tar -czf out.tar.gz -C build web',
  'find build/web -name "*.map"',
  'curl --fail --silent --show-error -X PURGE https://cdn.example.org/app',
  'aws cloudfront create-invalidation --distribution-id E1 --paths "/*"',
  'ssh -F ssh_config <hote> mkdir -p <racine>/incoming',
  'rsync --archive --delete <dossier> <racine>',
  'git describe --tags <commit>',
  'flutter build web --release --dart-define=API=https://api.example.org --base-href=/app/',
  'aws s3 sync build/web s3://bucket/app --delete',
  'npm run build 2>&1',
  'PUBLIC_NAME=app GITHUB_SHA=abc npm run build',
  'FLAVOR=prod ALLOW=https://example.org ./scripts/x.sh',
]
for (const text of known) {
  spelling(`known: ${text}`, async () => assert.is((await judged(text)).as, null))
}

spelling('a declaration needs a reason, the program’s name and the line right above', async () => {
  const asked = async (text: string) =>
    (await unknownCommands({path: 'r.md', line: 1, text})).map(({line}) => line)
  assert.equal(await asked('# program frob: builds the app\nfrob'), [])
  assert.equal(await asked('# Build\n# PROGRAMME frob : construit\n# puis\nfrob && ls'), [])
  assert.equal(await asked('# programme frob :\nfrob'), [2])
  assert.equal(await asked('# programme : construit\nfrob'), [2])
  assert.equal(await asked('# programme frob : construit\nls\nfrob'), [3])
  assert.equal(await asked('# programme frob : construit\n\nfrob'), [3])
  assert.equal(await asked('frob # programme frob : construit'), [1])
  assert.equal(await asked('# manuel\nfrob'), [])
})

for (const scenario of ['staging', 'production', 'freeze']) {
  spelling(`runbooks/${scenario}.md lists nothing unknown`, async () => {
    const text = fencesOf(`runbooks/${scenario}.md`)
    assert.equal(await unknownCommands({path: scenario, line: 1, text}), [])
    assert.match(readFileSync(`runbooks/${scenario}.md`, 'utf8'), '```bash')
  })
}

spelling.run()
