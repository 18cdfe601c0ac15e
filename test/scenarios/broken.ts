// One `--break` of scenario A: its exit code, an honest report, the next command, and the previous version
// served byte for byte.

import {createHash} from 'node:crypto'
import {existsSync, readdirSync, readFileSync, realpathSync} from 'node:fs'
import {join} from 'node:path'
import * as assert from 'uvu/assert'
import type {Bundle} from '../helpers/bundle-runs.ts'

export interface Break {
  readonly name: string
  readonly exit: number
  /** What its words, or its report, must say. */
  readonly says: RegExp
}

/** Refused before the first effect: exit 3 and no document. */
export const refusing: readonly Break[] = [
  {name: 'gate', exit: 3, says: /- Release Gate validé/},
  {name: 'tag', exit: 3, says: /- Tag Git présent/},
  {name: 'nightly', exit: 3, says: /- CI Nightly verte/},
  {name: 'env', exit: 3, says: /- .*STAGING_PROJECT_REF/},
]

/** Found after the first effect: exit 1 and a report that says so. */
export const failing: readonly Break[] = [
  {name: 'build', exit: 1, says: /Build réussi du checkpoint/},
  {name: 'deploy', exit: 1, says: /Déploiement effectué/},
  {name: 'partial-deploy', exit: 1, says: /Octets servis identiques/},
  {name: 'smoke', exit: 1, says: /smoke|Smoke/},
  {name: 'database', exit: 1, says: /notifications/},
]

/** Runs it in `bundle`, whose sandbox is left as the break leaves it. */
export async function checkBreak(bundle: Bundle, {name, exit, says}: Break): Promise<void> {
  const served = bytesServed(bundle)
  const documents = bundle.docs()
  const ran = await bundle.run(['scripts/staging.ts', '--sandbox', '--break', name])
  const words = ran.stdout + ran.stderr
  assert.is(ran.code, exit, words)
  assert.equal(bytesServed(bundle), served, `${name}: other bytes are served than before`)
  assert.is(
    bundle.git('ls-remote', 'origin', 'refs/postgate/lease'),
    '',
    `${name}: the lease stayed`,
  )
  assert.not.match(bundle.git('ls-remote', '--tags', 'origin'), /staging-\d/, 'a tag of a success')
  if (exit === 3) {
    assert.match(words, says)
    assert.equal(bundle.docs(), documents)
    return
  }
  const report =
    bundle
      .docs()
      .filter((each) => each.startsWith('DEPLOYMENT_REPORT'))
      .at(-1) ?? ''
  const text = bundle.read(`docs/${report}`)
  assert.match(text, says)
  assert.not.match(text, /✅ \*\*Succès/)
  assert.match(
    text,
    ['build', 'deploy', 'database'].includes(name)
      ? /Abandon|abandon|Revenu|Retour|retour/
      : /etour|ollback/,
  )
}

/** Path and hash of each file that the web server's root holds. */
export function bytesServed(
  {paths}: Bundle,
  environment: 'staging' | 'production' = 'staging',
): Record<string, string> {
  const root = realpathSync(join(paths.hosting[environment], 'current'))
  const found: Record<string, string> = {}
  for (const entry of readdirSync(root, {recursive: true, withFileTypes: true})) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile() || !existsSync(path)) continue
    found[path.slice(root.length)] = createHash('sha256').update(readFileSync(path)).digest('hex')
  }
  return found
}
