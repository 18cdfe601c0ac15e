import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {vendorBackup} from '../../../../scripts/lib/adapters/database/vendor-backup.ts'
import {inLang} from '../../../../scripts/lib/domain/text.ts'
import {loopbackServer} from '../../../helpers/server.ts'

const vendor = suite('vendor backup')
const day = 86_400_000
const now = new Date('2026-01-23T09:00:00Z')
const one = (at: string, status = 'COMPLETED') => ({id: 1, status, inserted_at: at})

const cases: Readonly<Record<string, readonly [number, unknown, string, RegExp]>> = {
  'passes a complete backup of last night': [
    ...([200, {backups: [one('2026-01-22T01:00:00Z'), one('2026-01-23T01:30:00Z')]}] as const),
    ...(['pass', /2026-01-23 01:30 UTC, 7\.5 h ago/] as const),
  ],
  'fails one that is too old': [
    ...([200, {backups: [one('2026-01-21T01:30:00Z')]}] as const),
    ...(['fail', /55\.5 h ago/] as const),
  ],
  'does not count one that is not complete': [
    ...([200, {backups: [one('2026-01-23T01:30:00Z', 'FAILED')]}] as const),
    ...(['fail', /no complete backup/] as const),
  ],
  'reads the date of physical backups': [
    200,
    {
      ...{backups: [], pitr_enabled: true},
      physical_backup_data: {latest_physical_backup_date_unix: Date.UTC(2026, 0, 23, 8) / 1000},
    },
    ...(['pass', /1 h ago, point-in-time recovery on/] as const),
  ],
  'knows nothing of a backup in the future': [
    ...([200, {backups: [one('2026-01-24T01:30:00Z')]}] as const),
    ...(['unknown', /2026-01-24/] as const),
  ],
  'knows nothing where the token is refused': [401, {}, 'unknown', /answers 401/],
  'knows nothing from another answer': [200, {backups: 'many'}, 'unknown', /unknown answer/],
  'knows nothing from what is no JSON': [200, '<html>', 'unknown', /does not answer/],
}

for (const [name, [status, body, verdict, words]] of Object.entries(cases)) {
  vendor(name, async () => {
    const asked: string[] = []
    const server = await loopbackServer((request, response) => {
      asked.push(`${request.url} ${request.headers.authorization}`)
      response.writeHead(status, {'content-type': 'application/json'})
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
    })
    const judgement = await vendorBackup({
      ...{fetch, base: server.url, token: 'sbp_token', ref: 'abcdefghijklmnopqrst', now},
      maxAgeMs: day,
    })
    await server.close()
    assert.match(inLang(judgement.observed, 'en'), words)
    assert.is(judgement.verdict, verdict)
    assert.is(judgement.attestable !== undefined, verdict === 'unknown')
    assert.equal(asked, ['/v1/projects/abcdefghijklmnopqrst/database/backups Bearer sbp_token'])
  })
}

vendor('knows nothing without a token, or without a server', async () => {
  const given = {fetch, base: 'http://127.0.0.1:1', ref: 'abcdefghijklmnopqrst', now, maxAgeMs: day}
  const without = await vendorBackup({...given, token: undefined})
  assert.match(inLang(without.observed, 'en'), 'SUPABASE_ACCESS_TOKEN is not set')
  const away = await vendorBackup({...given, token: 'x'})
  assert.is(away.verdict, 'unknown')
})

vendor.run()
