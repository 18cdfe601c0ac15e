// What the step `artifact-proof` does with 1 GB: every byte hashed, searched for 12 values in all their
// forms and for secrets by their form, and kept, against `sha256sum`, which hashes it.

import {randomBytes} from 'node:crypto'
import {mkdirSync, mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {open} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {filesOf, manifestFrom} from '../../scripts/lib/artifact/manifest.ts'
import {scanArtifact} from '../../scripts/lib/artifact/scan.ts'
import {keepArtifact} from '../../scripts/lib/artifact/store.ts'
import {command, type Figure, inTurn, root, round, timed} from './measure.ts'

const megabytes = 1_024
const ref = 'abcdefghijklmnopqrst'

export const artifactProof: Figure = {
  name: 'secret scan, proof and keeping of a 1 GB artifact against sha256sum of it',
  limit: 1.5,
  unit: 'ratio',
  measure: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'postgate-bench-'))
    const site = join(folder, 'site')
    mkdirSync(site)
    try {
      await write(join(site, 'large.bin'))
      const words = Array.from({length: 12}, (_, index) => `P@ss/w"rd ünïque ${index * 7_919}`)
      let turn = 0
      const prove = async () => {
        const scan = await scanArtifact({
          ...{folder: site, paths: await filesOf(site), ref},
          forbidden: words.map((word, index) => ({label: `SECRET_${index}`, word})),
          wanted: [{label: 'URL', word: `https://${ref}.supabase.co`}],
        })
        if (scan.found.length > 0) throw new Error(JSON.stringify(scan.found))
        turn += 1
        const cache = join(folder, `cache-${turn}`)
        await keepArtifact({folder: site, manifest: manifestFrom(scan.files), cache})
        return cache
      }
      const {ours, theirs, ratio, processor} = await inTurn(
        3,
        async () => {
          let cache = ''
          const cost = await timed(async () => {
            cache = await prove()
          })
          rmSync(cache, {recursive: true, force: true})
          return cost
        },
        () => command(['sha256sum', join(site, 'large.bin')]),
      )
      return {
        value: round(ratio),
        raw: {'ours ms': round(ours), 'sha256sum ms': round(theirs), ...processor},
      }
    } finally {
      rmSync(folder, {recursive: true, force: true})
    }
  },
}

/** Half noise, as pictures and packed files are, half program text. */
async function write(path: string): Promise<void> {
  const noise = randomBytes(2 ** 20)
  const program = readFileSync(join(root, 'node_modules/zx/build/vendor-core.cjs'))
  const text = Buffer.alloc(2 ** 20, program)
  const file = await open(path, 'w')
  try {
    for (let index = 0; index < megabytes; index += 1)
      await file.write(index % 2 === 0 ? noise : text)
  } finally {
    await file.close()
  }
}
