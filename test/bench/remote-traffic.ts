// What goes over to a remote and back: a wrapper in the place of its own programs notes each start, and
// keeps what the program said.

import {spawnSync} from 'node:child_process'
import {chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

export interface Traffic {
  readonly connections: number
  /** Bytes that a look or a fetch was told. */
  readonly looks: number
  /** Bytes that a push was told: all refs of the remote, before it may say a word. */
  readonly pushes: number
}

/** Of the clone `project`; the wrappers lie in `folder`. Answers what was seen since the last call. */
export function remoteTraffic(project: string, folder: string): () => Traffic {
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
      `#!/bin/sh\necho >>'${log}'\n(${program} "$@"; echo $? >${said}.exit) | tee -a ${said}\nexit "$(cat ${said}.exit)"\n`,
    )
    chmodSync(wrapper, 0o755)
    spawnSync('git', ['-C', project, 'config', `remote.origin.${setting}`, wrapper])
  }
  const taken = (path: string, size: (path: string) => number) => {
    const value = existsSync(path) ? size(path) : 0
    rmSync(path, {force: true})
    return value
  }
  const bytes = (program: string) =>
    taken(`${join(folder, program)}.said`, (path) => statSync(path).size)
  return () => ({
    connections: taken(log, (path) => readFileSync(path, 'utf8').length),
    looks: bytes('git-upload-pack'),
    pushes: bytes('git-receive-pack'),
  })
}
