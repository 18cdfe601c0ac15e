#!/usr/bin/env -S npx zx
// `npm run bench`: every figure measured in this run, written to docs/performance.md with the machine
// and the raw numbers. A figure that is not reached is stated as it is; the exit code is 0 where all
// could be measured.

import {readFileSync, writeFileSync} from 'node:fs'
import {cpus, totalmem} from 'node:os'
import {join} from 'node:path'
import {scriptArguments} from '../../scripts/lib/base/entry.ts'
import {newBlock, replaceBlock} from '../../scripts/lib/documents/block.ts'
import {parse} from '../../scripts/lib/documents/parse.ts'
import {figures} from './figures.ts'
import {type Figure, type Measured, root} from './measure.ts'

const wanted = scriptArguments().filter((word) => !word.startsWith('--'))
const results: {figure: Figure; measured: Measured}[] = []
let broken = 0
for (const figure of figures) {
  if (wanted.length > 0 && !wanted.some((word) => figure.name.includes(word))) continue
  try {
    const measured = await figure.measure()
    results.push({figure, measured})
    console.log(`${state(figure, measured)}  ${shown(figure, measured)}  ${figure.name}`)
  } catch (error) {
    broken += 1
    console.log(`broken  ${figure.name}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
if (wanted.length === 0) await write()
const reached = results.filter(
  ({figure, measured}) => measured.value !== null && measured.value <= figure.limit,
).length
console.log(`${reached} of ${figures.length} figures reached, ${broken} broken`)
process.exitCode = broken === 0 ? 0 : 1

function state({limit}: Figure, {value}: Measured): string {
  if (value === null) return 'unmeasured'
  return value <= limit ? 'reached' : 'missed '
}

function shown({limit, unit}: Figure, {value}: Measured): string {
  const suffix = unit === 'ratio' ? '' : ` ${unit}`
  return `${value ?? '–'}${suffix} (at most ${limit}${suffix})`
}

async function write(): Promise<void> {
  const path = join(root, 'docs/performance.md')
  const source = readFileSync(path, 'utf8')
  const [cpu] = cpus()
  const machine = `Node ${process.versions.node}, ${cpus().length} × ${cpu?.model.trim() ?? '?'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}.`
  const rows = results.map(({figure, measured}) => {
    const raw = Object.entries(measured.raw)
      .map(([name, value]) => `${name}: ${value}`)
      .join('; ')
    return `| ${figure.name} | ${figure.limit}${figure.unit === 'ratio' ? '' : ` ${figure.unit}`} | ${measured.value ?? 'not measured'} | ${state(figure, measured).trim()} | ${raw} |`
  })
  const content = [
    '',
    machine,
    '',
    '| Figure | At most | Measured | | Raw numbers |',
    '| --- | ---: | ---: | --- | --- |',
    ...rows,
    '',
  ].join('\n')
  const document = await parse(source, 'docs/performance.md')
  writeFileSync(
    path,
    source.includes('postgate:begin figures')
      ? replaceBlock(document, 'figures', content)
      : `${source}\n${newBlock('figures', content)}\n`,
  )
}
