import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {fullVersion, versionOf} from '../../../scripts/lib/domain/version.ts'

const version = suite('release version')
const commitDate = new Date('2026-01-22T08:00:00Z')
const of = (tag: string) => versionOf({tag, commitDate}).version

version('comes from the date in the tag', () => {
  assert.is(of('prod-ready-2026-01-23-nightly-green'), '2026.1.23')
  assert.is(of('release_2026.11.02'), '2026.11.2')
})

version('is the tag’s own where it is a semantic one', () => {
  assert.is(of('v1.4.0'), '1.4.0')
  assert.is(of('app-1.4.0-rc.2'), '1.4.0-rc.2')
})

version('falls back to the day of the commit, never to the clock', () => {
  assert.is(of('candidate'), '2026.1.22')
  assert.is(of('prod-9999-99-99'), '2026.1.22')
})

version('two checkpoints of a day differ in the number, which grows', () => {
  const tag = 'prod-ready-2026-01-23'
  const later = versionOf({tag, commitDate: new Date('2026-01-23T09:00:01Z')})
  const earlier = versionOf({tag, commitDate: new Date('2026-01-23T09:00:00Z')})
  assert.is(later.version, earlier.version)
  assert.ok(Number(later.number) > Number(earlier.number))
  assert.is(fullVersion(earlier), '2026.1.23+1769158800')
})

version.run()
