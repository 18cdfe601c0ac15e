import {constants} from 'node:os'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {diskProblem} from '../../../scripts/lib/base/disk-problem.ts'
import {inLang} from '../../../scripts/lib/domain/text.ts'

const disk = suite('disk problem')

const failed = (code: string, errno: number, syscall = 'write') =>
  Object.assign(new Error(`${code}: ${syscall}`), {code, errno, syscall})
const why = (error: unknown) => inLang(diskProblem(error)?.parts.why ?? 'none', 'en')

disk('says what a full, a read-only and a broken disk are, with exit 3', () => {
  assert.is(why(failed('ENOSPC', -constants.errno.ENOSPC)), 'the disk is full')
  assert.is(diskProblem(failed('EIO', -constants.errno.EIO))?.parts.exit, 3)
})

disk('knows by its number what Node has no name for', () => {
  assert.is(why(failed('UNKNOWN', -constants.errno.EDQUOT)), 'the disk quota is used up')
  assert.is(why(failed('UNKNOWN', -constants.errno.ENOLCK)), 'the system answers ENOLCK')
  assert.is(why(failed('UNKNOWN', -99_999)), 'the system answers -99999')
})

disk('leaves alone what is no answer of a disk', () => {
  assert.is(diskProblem(failed('ENOENT', -constants.errno.ENOENT)), null)
  assert.is(diskProblem(new Error('UNKNOWN')), null)
})

disk.run()
