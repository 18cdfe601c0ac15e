import {constants} from 'node:os'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {diskProblem, saysNoSpace} from '../../../scripts/lib/base/disk-problem.ts'
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

disk('leaves alone what a network refused', () => {
  for (const syscall of ['connect', 'listen', 'getaddrinfo'])
    assert.is(diskProblem(failed('EACCES', -constants.errno.EACCES, syscall)), null, syscall)
})

disk('tells a disk without room from one that may not be written', () => {
  const lacks = (code: 'ENOSPC' | 'EDQUOT' | 'EROFS') =>
    diskProblem(failed(code, -constants.errno[code]))?.parts.lacksRoom
  assert.equal([lacks('ENOSPC'), lacks('EDQUOT'), lacks('EROFS')], [true, true, undefined])
})

disk('knows a program’s words for it, and those of a command of ours', () => {
  const told = inLang(diskProblem(failed('ENOSPC', -constants.errno.ENOSPC))?.parts.why ?? '', 'en')
  for (const said of [
    'rsync: write failed on "/srv/a": No space left on device (28)',
    'write error: Disk quota exceeded',
    'tar: a: Aucun espace disponible sur le périphérique',
    'Error: ENOSPC: no space left on device, write',
    told,
  ])
    assert.ok(saysNoSpace(said), said)
  for (const said of ['permission denied', 'no space in the name', 'a quota of two reviews'])
    assert.not.ok(saysNoSpace(said), said)
})

disk.run()
