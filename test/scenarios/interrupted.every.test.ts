// Goal: Ctrl-C and SIGTERM pause a run cleanly wherever it is, and the next start goes on. The second
// signal finds the build under way.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {bundleWithSandbox} from '../helpers/bundle-runs.ts'

const interrupted = suite('interrupted')
const command = ['scripts/staging.ts', '--sandbox']

interrupted(
  'SIGINT in the reset and SIGTERM in the build pause; the same command ends the run',
  async () => {
    const bundle = await bundleWithSandbox()
    try {
      const stops = [
        {signal: 'SIGINT', at: 'reset_staging.sh'},
        {signal: 'SIGTERM', at: 'flutter build web'},
      ] as const
      for (const {signal, at} of stops) {
        let sent = false
        const ran = await bundle.run(command, {
          onOutput: (text, send) => {
            if (sent || !text.includes(at)) return
            sent = true
            send(signal)
          },
        })
        assert.ok(sent, `${at} was never seen`)
        assert.is(ran.code, 4, ran.stdout + ran.stderr)
        assert.match(ran.stdout, /interrompu par l’opérateur/)
        assert.match(ran.stdout, /postgate\.js staging --sandbox/)
        assert.not.equal(bundle.git('ls-remote', 'origin', 'refs/postgate/lease'), '')
      }
      const ended = await bundle.run(command)
      assert.is(ended.code, 0, ended.stdout + ended.stderr)
      assert.is(bundle.git('ls-remote', 'origin', 'refs/postgate/lease'), '')
    } finally {
      bundle.remove()
    }
  },
)

interrupted.run()
