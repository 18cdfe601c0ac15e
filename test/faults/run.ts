#!/usr/bin/env -S npx zx
// npm run test:faults: every fault on a stage of its own; each area in a process of its own, two at a time.
//
//   npx zx test/faults/run.ts [AREA ...] [--only PART OF A NAME]

import {spawn} from 'node:child_process'
import {parseArgs} from 'node:util'
import {scriptArguments} from '../../scripts/lib/base/entry.ts'
import {areas} from './areas.ts'
import {play} from './play.ts'

const {values, positionals} = parseArgs({
  args: [...scriptArguments()],
  allowPositionals: true,
  options: {only: {type: 'string', default: ''}, here: {type: 'boolean', default: false}},
})
const wanted = Object.keys(areas).filter(
  (name) => positionals.length === 0 || positionals.includes(name),
)

if (values.here) {
  for (const name of wanted)
    for (const told of await play(name, values.only)) if (process.connected) process.send?.(told)
} else {
  let survived = 0
  const lost: string[] = []
  const queue = [...wanted]
  const work = async () => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      const told = await inItsOwnProcess(name)
      survived += told.survived
      lost.push(...told.lost)
      console.log(`${told.survived} survived, ${told.lost.length} lost  ${name}`)
    }
  }
  await Promise.all([work(), work()])
  for (const each of lost) console.error(`\n${each}`)
  console.log(`${survived} faults survived, ${lost.length} lost`)
  process.exitCode = lost.length > 0 || survived === 0 ? 1 : 0
}

function inItsOwnProcess(name: string): Promise<{survived: number; lost: string[]}> {
  const args = [...process.execArgv, '--import=typescript-when-needed', import.meta.filename]
  const child = spawn(process.execPath, [...args, name, '--here', `--only=${values.only}`], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  let survived = 0
  const lost: string[] = []
  child.on('message', (told: {fault: string; why: string | null}) => {
    if (told.why === null) survived++
    else lost.push(`LOST  ${name}: ${told.fault}\n${told.why}`)
  })
  return new Promise((resolve) => {
    child.on('close', (code) => {
      if (code !== 0) lost.push(`LOST  ${name}: its process ended with ${code}`)
      resolve({survived, lost})
    })
  })
}
