// Each further command of a step, guard and masks included, against zx's own `$` on the same command.

import {tmpdir} from 'node:os'
import {authorise} from '../../scripts/lib/guard/authorised/authorised.ts'
import {createMask} from '../../scripts/lib/guard/mask.ts'
import {createShell} from '../../scripts/lib/guard/shell.ts'
import {type Figure, inTurn, round, timed} from './measure.ts'

const count = 40

export const furtherStep: Figure = {
  name: 'each further step against zx’s own $ on the same command',
  limit: 1.5,
  unit: 'ratio',
  measure: async () => {
    const {$} = await import('zx/core')
    const fences = [{path: 'runbooks/bench.md', line: 1, text: 'printf %s <mot>'}]
    const shell = await createShell({
      cwd: tmpdir(),
      env: {PATH: process.env.PATH ?? ''},
      mask: createMask(['a-secret-that-is-masked']),
      authorise: (text) => authorise(text, fences),
    })
    const {ours, theirs, ratio} = await inTurn(
      5,
      () =>
        timed(async () => {
          for (let index = 0; index < count; index += 1) await shell`printf %s ${`w${index}`}`.run()
        }),
      () =>
        timed(async () => {
          for (let index = 0; index < count; index += 1)
            await $({quiet: true, cwd: tmpdir()})`printf %s ${`w${index}`}`
        }),
    )
    return {
      value: round(ratio),
      raw: {'ours ms each': round(ours / count), 'zx ms each': round(theirs / count)},
    }
  },
}
