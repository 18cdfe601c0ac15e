// Start-up is felt at every command: `--help` against an empty script under the same zx.

import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {command, type Figure, inTurn, root, round} from './measure.ts'

export const coldStart: Figure = {
  name: 'cold start of scripts/staging.ts --help against an empty script under the same zx',
  limit: 1.3,
  unit: 'ratio',
  measure: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'postgate-bench-'))
    try {
      const empty = join(folder, 'empty.ts')
      writeFileSync(empty, 'export const nothing: number = 0\n')
      const zx = (...words: string[]) =>
        command([
          process.execPath,
          '--import=typescript-when-needed',
          join(root, 'node_modules/zx/build/cli.js'),
          ...words,
        ])
      const {ours, theirs, ratio, processor} = await inTurn(
        9,
        () => zx('scripts/staging.ts', '--help'),
        () => zx(empty),
      )
      return {
        value: round(ratio),
        raw: {'ours ms': round(ours), 'empty script ms': round(theirs), ...processor},
      }
    } finally {
      rmSync(folder, {recursive: true})
    }
  },
}
