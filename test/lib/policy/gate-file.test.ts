import {symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {Problem} from '../../../scripts/lib/domain/problem.ts'
import {inLang} from '../../../scripts/lib/domain/text.ts'
import {gateOpening, parseGate, readGate} from '../../../scripts/lib/policy/gate-file.ts'
import {temporaryFolder} from '../../helpers/folder.ts'
import {inRepository} from '../../helpers/repository.ts'

const gate = suite('gate file')

const text = (head: string, section = '- [x] **Tests**') =>
  `# Release Gate\n\n${head}\n\n## 4. Checklist\n\n${section}\n`
const named = '**Tag validé** : `t1` (commit `0c5c2b7`)'

async function refusal(reading: Promise<unknown>): Promise<string> {
  try {
    await reading
  } catch (error) {
    if (error instanceof Problem) {
      assert.is(error.parts.exit, 2)
      return error.message
    }
    throw error
  }
  throw new Error('it was read')
}

async function inFolder(
  files: Readonly<Record<string, string>>,
  use: (path: string) => Promise<void>,
): Promise<void> {
  const folder = temporaryFolder(files)
  try {
    await use(folder.path)
  } finally {
    folder.remove()
  }
}

gate(
  'is opened for the newest tag, and what came after it is no part of it',
  inRepository(async ({clone, git, commit}) => {
    const opening = async () => inLang(await gateOpening(clone), 'en')
    assert.match(await opening(), /^tag the commit to release: git tag -a v1\.0\.0/)
    git(['tag', 'app-v2.3.1'])
    git(['tag', 'staging-2026-11-22'])
    assert.is(await opening(), 'npx zx scripts/gate.ts open --tag app-v2.3.1')
    commit({'a.txt': 'more\n'})
    assert.match(
      await opening(),
      /--tag app-v2\.3\.1; where the commits after app-v2\.3\.1 go too, tag first$/,
    )
  }),
)

gate('names tag and commit, as people write them', async () => {
  const heads: Record<string, [string, string]> = {
    [named]: ['t1', '0c5c2b7'],
    '**Tag validé** : `t1`  \n**Commit** : `0c5c2b7`  ': ['t1', '0c5c2b7'],
    '- **Tag** : t1\n- **Commit** : 0c5c2b7 (main)': ['t1', '0c5c2b7'],
    '| Champ | Valeur |\n|---|---|\n| Tag | `t1` |\n| Commit | `0c5c2b7` |': ['t1', '0c5c2b7'],
    '**Tag précédent** : `t0`\n**Date du commit** : 2026-01-20\n**Tag** : `t1`\n**Commit** : `0c5c2b7`':
      ['t1', '0c5c2b7'],
    '**Tag** : `t1`\n**Commit :** HEAD': ['t1', 'HEAD'],
    '**Tag de freeze** : `freeze-1`\n**Tag Git** : `t1` sur commit `0c5c2b7`': ['t1', '0c5c2b7'],
  }
  for (const [head, [tag, commit]] of Object.entries(heads)) {
    const read = await parseGate(text(head), 'gate.md')
    assert.equal([read.tag, read.commit], [tag, commit], head)
  }
})

gate('front matter may name them too', async () => {
  const read = await parseGate(`---\ntag: t1\ncommit: 0c5c2b7\n---\n\n${text('')}`, 'gate.md')
  assert.equal([read.tag, read.commit], ['t1', '0c5c2b7'])
})

gate('an empty signature is no tag, and the line is said', async () => {
  assert.match(
    await refusal(parseGate(text('**Tag** : ________\n**Commit** : `0c5c2b7`'), 'g.md')),
    /^g\.md:3:1: the Release Gate names no tag/,
  )
  assert.match(await refusal(parseGate(text('**Tag** : `t1`'), 'g.md')), /names no commit/)
})

gate('a committed merge conflict is refused with its line', async () => {
  const torn = text(`${named}\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> branch`)
  assert.match(await refusal(parseGate(torn, 'g.md')), /^g\.md:4:1: .*merge conflict/)
})

gate('entries come from section 4 alone, with their lines', async () => {
  const read = await parseGate(
    `${text(named, '- [x] **Tests**\n- ❌ **Charge**')}\n## 5. Suite\n\n- [ ] plus tard\n`,
    'g.md',
  )
  assert.equal(
    read.entries.map(({line, mark}) => [line, mark]),
    [
      [7, 'validated'],
      [8, 'refused'],
    ],
  )
})

gate('its digest leaves the history out, since runs write there', async () => {
  const history = '\n## Historique des validations\n\n| Date | Tag |\n|---|---|\n'
  const one = await parseGate(text(named) + history, 'g.md')
  const two = await parseGate(`${text(named) + history}| 2026-01-23 | t1 |\n`, 'g.md')
  const other = await parseGate(text(named, '- [ ] **Tests**') + history, 'g.md')
  assert.is(one.sha256, two.sha256)
  assert.is.not(one.sha256, other.sha256)
})

gate('the newest month counts, and in it the last of a numbered row', async () => {
  const files = {
    'docs/RELEASE_GATE_2025_12.md': text('**Tag** : `old`\n**Commit** : `aaaaaaa`'),
    'docs/RELEASE_GATE_2026_01.md': text(named),
    'docs/RELEASE_GATE_2026_01_2.md': text('**Tag** : `t2`\n**Commit** : `bbbbbbb`'),
    'docs/runs/x/RELEASE_GATE_2026_09.md': text(named),
  }
  await inFolder(files, async (path) => {
    assert.is((await readGate(path)).tag, 't2')
    assert.is((await readGate(path, 'docs/RELEASE_GATE_2025_12.md')).tag, 'old')
  })
})

gate('two copies of one gate are refused, and both are named', async () => {
  for (const other of ['old/RELEASE_GATE_2026_01.md', 'docs/RELEASE_GATE_2026_01_final.md']) {
    await inFolder(
      {'docs/RELEASE_GATE_2026_01.md': text(named), [other]: text(named)},
      async (path) => {
        assert.match(await refusal(readGate(path)), /Several Release Gates for 2026_01/)
        assert.is((await readGate(path, other)).path, other)
      },
    )
  }
})

gate('Postgate’s own examples are nobody’s gate, in whatever folder it lies', async () => {
  for (const home of ['release/', 'tools/postgate/', '']) {
    const files = {
      'docs/RELEASE_GATE_2026_01.md': text(named),
      [`${home}docs/examples/docs/RELEASE_GATE_2026_11.md`]: text(
        '**Tag** : `x`\n**Commit** : `aaaaaaa`',
      ),
      [`${home}templates/release-gate.md`]: '',
      [`${home}scripts/lib/catalogue.ts`]: '',
    }
    await inFolder(files, async (path) => assert.is((await readGate(path)).tag, 't1', home))
  }
  const own = {'docs/examples/RELEASE_GATE_2026_11.md': text(named)}
  await inFolder(own, async (path) => assert.is((await readGate(path)).tag, 't1'))
})

gate('a gate that cannot be read is told, and no older one is taken for the newest', async () => {
  await inFolder({'docs/RELEASE_GATE_2026_01.md': text(named)}, async (path) => {
    symlinkSync('nowhere.md', join(path, 'docs/RELEASE_GATE_2026_02.md'))
    assert.match(await refusal(readGate(path)), /RELEASE_GATE_2026_02\.md:1:1 cannot be read/)
  })
})

gate('without a gate nothing may run', async () => {
  await inFolder({'docs/other.md': ''}, async (path) => {
    assert.match(await refusal(readGate(path)), /No Release Gate/)
    assert.match(await refusal(readGate(path, 'docs/none.md')), /no Release Gate docs\/none\.md/)
  })
})

gate.run()
