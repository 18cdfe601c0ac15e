import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {fileURLToPath} from 'node:url'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {lockLocally} from '../../../../scripts/lib/store/lease/local-lock.ts'

const lock = suite('local lock')

const key = () => `/test/${process.pid}/${Math.random()}`

lock('is held by one of four that start at once, and says by whom', async () => {
  const folder = key()
  const locks = await Promise.all([1, 2, 3, 4].map((n) => lockLocally(folder, `start ${n}`)))
  const holders = locks.filter((each) => 'release' in each)
  assert.is(holders.length, 1)
  for (const each of locks) {
    if ('release' in each) continue
    assert.is(each.heldBy.pid, process.pid)
    assert.match(each.heldBy.what, 'start')
  }
  const [holder] = holders
  if (holder && 'release' in holder) await holder.release()
  const next = await lockLocally(folder)
  assert.ok('release' in next)
  if ('release' in next) await next.release()
})

lock('does not mix two folders up', async () => {
  const [a, b] = await Promise.all([lockLocally(key()), lockLocally(key())])
  assert.ok('release' in a && 'release' in b)
  if ('release' in a) await a.release()
  if ('release' in b) await b.release()
})

lock('vanishes with a holder that is killed', async () => {
  const folder = key()
  const file = fileURLToPath(
    new URL('../../../../scripts/lib/store/lease/local-lock.ts', import.meta.url),
  )
  const script = `
    import {lockLocally} from ${JSON.stringify(file)}
    await lockLocally(${JSON.stringify(folder)}, 'child')
    console.log('locked')
    setInterval(() => {}, 1000)`
  const child = spawn(
    process.execPath,
    ['--import=typescript-when-needed', '--input-type=module', '--eval', script],
    {stdio: ['ignore', 'pipe', 'inherit']},
  )
  await once(child.stdout, 'data')
  const refused = await lockLocally(folder)
  assert.ok('heldBy' in refused)
  if ('heldBy' in refused) assert.is(refused.heldBy.pid, child.pid)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const mine = await lockLocally(folder)
  assert.ok('release' in mine)
  if ('release' in mine) await mine.release()
})

lock.run()
