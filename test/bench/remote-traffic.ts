// What goes over to a remote and back: a wrapper in the place of its own programs notes each start, and
// keeps what the program said.

import {spawnSync} from 'node:child_process'
import {chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

export interface Traffic {
  readonly connections: number
  /** For each connection, how many events the live journal held when it began; 0 where there was none. */
  readonly atEvents: readonly number[]
  /** Bytes that a look or a fetch was told. */
  readonly looks: number
  /** Bytes that a push was told: all refs of the remote, before it may say a word. */
  readonly pushes: number
}

/**
 * Of the clone `project`; the wrappers lie in `folder`. Answers what was seen since the last call. `delay`:
 * seconds that each connection costs from now on.
 */
export function remoteTraffic(project: string, folder: string, {delay = 0} = {}): () => Traffic {
  const live = join(project, '.git/postgate/live.jsonl')
  const programs = [
    ['uploadpack', 'git-upload-pack'],
    ['receivepack', 'git-receive-pack'],
  ] as const
  const log = join(folder, 'connections')
  for (const [setting, program] of programs) {
    const wrapper = join(folder, program)
    const said = `'${wrapper}.said'`
    writeFileSync(
      wrapper,
      `#!/bin/sh\nwc -l 2>/dev/null <'${live}' >>'${log}' || echo 0 >>'${log}'\nsleep ${delay}\n(${program} "$@"; echo $? >${said}.exit) | tee -a ${said}\nexit "$(cat ${said}.exit)"\n`,
    )
    chmodSync(wrapper, 0o755)
    spawnSync('git', ['-C', project, 'config', `remote.origin.${setting}`, wrapper])
  }
  const bytes = (program: string) => {
    const said = `${join(folder, program)}.said`
    const size = existsSync(said) ? statSync(said).size : 0
    rmSync(said, {force: true})
    return size
  }
  const noted = (path: string) => readFileSync(path, 'utf8').trim().split('\n').map(Number)
  return () => {
    const atEvents = existsSync(log) ? noted(log) : []
    rmSync(log, {force: true})
    return {
      ...{connections: atEvents.length, atEvents},
      looks: bytes('git-upload-pack'),
      pushes: bytes('git-receive-pack'),
    }
  }
}
