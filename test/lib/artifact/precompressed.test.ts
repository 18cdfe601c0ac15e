// Goal: a packed file that is not its neighbour packed is found, whatever else lies there.

import {brotliCompressSync, gzipSync} from 'node:zlib'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {manifestOf} from '../../../scripts/lib/artifact/manifest.ts'
import {precompressedMismatches} from '../../../scripts/lib/artifact/precompressed.ts'
import {temporaryFolder} from '../../helpers/folder.ts'

const twins = suite('packed twins')

async function unlike(files: Readonly<Record<string, string | Uint8Array>>) {
  const folder = temporaryFolder(files)
  try {
    return await precompressedMismatches(folder.path, await manifestOf(folder.path))
  } finally {
    folder.remove()
  }
}

const now = 'now '.repeat(1_000)
const old = 'old '.repeat(1_000)
/** Frames of one raw block each. */
const zst = {
  now: Buffer.from('KLUv/SADGQAAbm93', 'base64'),
  old: Buffer.from('KLUv/SADGQAAb2xk', 'base64'),
}

twins('packed from the file beside them are right', async () => {
  const files = {
    ...{'a.js': now, 'a.js.gz': gzipSync(now), 'a.js.br': brotliCompressSync(now)},
    ...{'sub/b.js': 'now', 'sub/b.js.zst': zst.now, 'empty.js': '', 'empty.js.gz': gzipSync('')},
  }
  assert.equal(await unlike(files), [])
})

twins('from another build, longer, shorter, cut or no packing at all are found', async () => {
  const files = {
    ...{'a.js': now, 'a.js.gz': gzipSync(old), 'a.js.br': brotliCompressSync(`${now}x`)},
    ...{'b.js': 'now', 'b.js.zst': zst.old, 'c.js': now, 'c.js.gz': gzipSync(now).subarray(0, -9)},
    ...{
      'd.js': now,
      'd.js.gz': now,
      'e.js': now,
      'e.js.br': '',
      'f.js': '',
      'f.js.gz': gzipSync(now),
    },
  }
  const wanted = ['a.js.br', 'a.js.gz', 'b.js.zst', 'c.js.gz', 'd.js.gz', 'e.js.br', 'f.js.gz']
  assert.equal([...(await unlike(files))].sort(), wanted)
})

twins('what has no file beside it is a file like any other', async () => {
  assert.equal(await unlike({'data.json.gz': 'not packed', 'x.br': 'x', '.gz': 'y'}), [])
})

twins.run()
