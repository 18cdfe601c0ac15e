// Goal: whoever confirms an EXECUTIVE phase has read what it does, also where part of it cannot be read.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {inLang} from '../../../scripts/lib/domain/text.ts'
import {
  deploymentAnnouncement,
  resetAnnouncement,
} from '../../../scripts/lib/steps/announcements.ts'
import {testContext} from '../../helpers/context.ts'
import {temporaryFolder} from '../../helpers/folder.ts'
import {testProject, testWorld} from '../../helpers/world.ts'

const told = suite('told before an EXECUTIVE phase')

const backup = {
  ...{path: '../cache/x.backup', bytes: 46_500, sha256: 'ab', tables: 3},
  keepUntil: '2026-02-22T09:00:00.000Z',
}

async function of(
  read: typeof resetAnnouncement,
  adapters: object,
  known: object = {},
  settings: object = {},
) {
  const folder = temporaryFolder({'.env': 'DB_URL=postgresql://u:secret@db.example.org:5432/app\n'})
  try {
    const {environments} = testProject()
    const project = testProject({
      database: {reference: ['public.countries']},
      environments: {
        staging: {...environments.staging, database: {url: 'X|DB_URL', ref: 'DB_REF'}, ...settings},
      },
    })
    const {context, keep} = testContext({
      ...{world: testWorld({project: folder.path, cache: folder.path}), project},
      envFiles: {staging: `${folder.path}/.env`},
      adapters: Object.assign(JSON.parse('{}'), adapters),
    })
    keep({verdict: 'pass', observed: '', facts: Object.assign(JSON.parse('{}'), known)})
    return (await read(context)).map((text) => inLang(text, 'fr'))
  } finally {
    folder.remove()
  }
}

told('the reset names the database, what goes, what stays and the backup', async () => {
  const rows = (count: number) => ({rows: count, sha256: null})
  const tables = async () => ({orders: rows(1), lines: rows(238), countries: rows(31)})
  const lines = await of(resetAnnouncement, {database: async () => ({tables})}, {backup})
  assert.match(lines[0] ?? '', 'Base : app @ db.example.org:5432')
  assert.is(lines[1], 'Sera effacé : 2 tables, 239 lignes ; 1 référentiel gardé')
  assert.match(
    lines[3] ?? '',
    'la sauvegarde ../cache/x.backup (46,5 ko, gardée jusqu’au 2026-02-22)',
  )
  assert.not.match(lines.join('\n'), 'secret')
})

told('what cannot be read is said, and hides nothing else', async () => {
  const tables = async () => {
    throw new Error('connection refused')
  }
  const lines = await of(resetAnnouncement, {database: async () => ({tables})})
  assert.is(lines.length, 4)
  assert.is(lines[1], 'Sera effacé : ne se lit pas (connection refused)')
  assert.match(lines[3] ?? '', 'aucune sauvegarde notée')
})

const artifact = {version: '2.0.0', files: 3, bytes: 198_800, digest: 'ab', kept: 'x', largest: []}
const hosting = (live: () => Promise<unknown>) => ({
  hosting: async () => ({
    ...{live, url: 'https://app.example.org', describe: 'essai', propagationMs: 90_000},
    restoreByHand: (id: string) => `vendor rollback ${id}`,
  }),
})

told('a deployment names the site, both versions, what users see and the way back', async () => {
  const live = async () => ({id: 'r1', version: '1.0.0', url: '', manifest: null, at: null})
  const lines = await of(deploymentAnnouncement, hosting(live), {artifact})
  assert.match(lines[1] ?? '', /^Version : 1\.0\.0 → 2\.0\.0 \(prod-ready.*198,8 ko\)$/)
  assert.is(lines[2], 'Contenu : contenu non relevé : l’historique ne se lit pas')
  assert.match(lines[3] ?? '', 'partout au bout de 90 s')
  assert.match(
    lines[4] ?? '',
    /staging\.ts.* --rollback RAISON ; retour à la main : vendor rollback r1/,
  )
})

told(
  'how long the version before lives is the environment’s figure, where it names one',
  async () => {
    const live = async () => null
    const lines = await of(deploymentAnnouncement, hosting(live), {artifact}, {propagation: '5m'})
    assert.match(lines[3] ?? '', 'partout au bout de 300 s')
  },
)

told('a deployment says what it brings, and tells two builds of one version apart', async () => {
  const at = '2026-01-09T10:00:00.000Z'
  const before = {id: 'r1', version: '2.0.0+1769155200', url: '', manifest: null, at}
  const changes = {
    ...{committedAt: at, since: 'v1', total: 2, authors: [{name: 'Amina', commits: 2}]},
    live: {id: 'r1', version: before.version, tag: 'v1', commit: 'a'.repeat(40), at},
    commits: [
      {sha: 'b'.repeat(40), subject: 'fix(stock): compte juste (#51)'},
      {sha: 'c'.repeat(40), subject: 'feat: bons de livraison'},
    ],
  }
  const built = {...artifact, version: '2.0.0+1769999999'}
  const lines = await of(
    deploymentAnnouncement,
    hosting(async () => before),
    {artifact: built, changes},
  )
  assert.match(
    lines[1] ?? '',
    /^Version : 2\.0\.0 \(aaaaaaa\), en ligne depuis 2026-01-09 10:00 UTC → 2\.0\.0 \(prod-ready/,
  )
  assert.equal(lines.slice(2, 5), [
    'Contenu : 2 commits depuis 2.0.0 (aaaaaaa), par Amina (2) : 1 nouveauté, 1 correction',
    '  - bons de livraison',
    '  - stock : compte juste (#51)',
  ])
})

told('a host that does not answer is no reason to say nothing', async () => {
  const lines = await of(
    deploymentAnnouncement,
    hosting(() => Promise.reject(new Error('401'))),
    {artifact},
  )
  assert.match(lines[0] ?? '', /^Site : /)
  assert.is(lines[1], 'Version : ne se lit pas (401)')
  assert.is(lines[4], 'Retour : ne se lit pas (401)')
})

told('the first deployment says that there is nothing to go back to', async () => {
  const lines = await of(
    deploymentAnnouncement,
    hosting(async () => null),
    {artifact},
  )
  assert.match(lines[4] ?? '', 'aucune version précédente')
})

told.run()
