#!/usr/bin/env -S npx zx
// npm run test:faults, second half: marked secrets through every scenario and every break, then the
// search through everything that was written and every command line that ran.
//
//   npx zx test/secrets/run.ts [PART OF A NAME ...]

import {scriptArguments} from '../../scripts/lib/engine/entry.ts'
import {bundleWithSandbox} from '../helpers/bundle-runs.ts'
import {canariesOf} from './canaries.ts'
import {type Searched, searchFinds, searchSeries} from './canary-run.ts'
import {afterwards, first} from './series.ts'
import {howCommandLinesAreSeen} from './watched.ts'

const wanted = scriptArguments()
const base = await bundleWithSandbox()
const faults: string[] = []
const results: Searched[] = []
const record = (name: string, searched: Searched) => {
  results.push(searched)
  faults.push(...searched.faults)
  for (const {canary, form, place} of searched.leaks)
    faults.push(`LEAK  ${canary} (${form}) in ${place}`)
  console.log(`${searched.places} places, ${searched.leaks.length} leaks  ${name}`)
}
try {
  faults.push(...searchFinds(canariesOf(base.paths)))
  record(first.name, await searchSeries(base, first))
  const queue = afterwards.filter(
    ({name}) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
  )
  const worker = async () => {
    for (let series = queue.shift(); series !== undefined; series = queue.shift()) {
      const bundle = base.copy()
      try {
        record(series.name, await searchSeries(bundle, series))
      } finally {
        bundle.remove()
      }
    }
  }
  await Promise.all([worker(), worker()])
} finally {
  base.remove()
}
const total = (count: (each: Searched) => number) =>
  results.reduce((sum, each) => sum + count(each), 0)
for (const fault of faults) console.error(fault)
console.log(`${total((each) => each.commandLines)} command lines (${howCommandLinesAreSeen})`)
console.log(
  `${total((each) => each.places)} places searched, ${total((each) => each.leaks.length)} leaks found`,
)
process.exitCode = faults.length > 0 ? 1 : 0
