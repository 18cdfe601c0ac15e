#!/usr/bin/env -S npx zx
// npm run test:faults, second half: marked secrets through every scenario and every break, then the
// search through everything that was written and every command line that ran.
//
//   npx zx test/secrets/run.ts [PART OF A NAME ...]

import {scriptArguments} from '../../scripts/lib/base/entry.ts'
import {type Bundle, bundleWithSandbox} from '../helpers/bundle-runs.ts'
import {canariesOf} from './canaries.ts'
import {type Searched, type Series, searchFinds, searchSeries} from './canary-run.ts'
import {afterwards, newborn, released} from './series.ts'
import {howCommandLinesAreSeen} from './watched.ts'

const wanted = scriptArguments()
const asked = ({name}: Series) => wanted.length === 0 || wanted.some((part) => name.includes(part))
const base = await bundleWithSandbox()
const faults: string[] = []
const results: Searched[] = []

async function record(bundle: Bundle, series: Series): Promise<void> {
  const began = performance.now()
  const searched = await searchSeries(bundle, series)
  results.push(searched)
  faults.push(...searched.faults)
  for (const {canary, form, place} of searched.leaks)
    faults.push(`LEAK  ${canary} (${form}) in ${place}`)
  const seconds = Math.round((performance.now() - began) / 1000)
  console.log(
    `${searched.places} places, ${searched.leaks.length} leaks  ${series.name}, ${seconds} s`,
  )
}

/** On a copy of the sandbox, made now. */
function onCopy(series: Series): () => Promise<void> {
  const bundle = base.copy()
  return () => record(bundle, series).finally(bundle.remove)
}

try {
  faults.push(...searchFinds(canariesOf(base.paths)))
  // Copied before the other one begins: nothing may be half written in it.
  const early = newborn.filter(asked).map(onCopy)
  const worker = async (jobs: (() => Promise<void>)[]) => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) await job()
  }
  const opened = record(base, released)
  const late = opened.then(() => afterwards.filter(asked).map((series) => () => onCopy(series)()))
  await Promise.all([late.then(worker), worker(early).then(async () => worker(await late))])
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
