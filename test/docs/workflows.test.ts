// Goal: the workflows run every phase once, in order, with the least rights, and ask reviewers before
// anything EXECUTIVE. Method: the YAML itself, against the scenarios' own phases.

import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {parse} from 'yaml'
import {z} from 'zod'
import {scenarioDefinitions} from '../../scripts/scenarios.ts'
import {workflowErrors} from '../helpers/github-workflow.ts'
import {root} from './generated.ts'

const workflows = suite('workflows')

const stepSchema = z.looseObject({run: z.string().optional(), uses: z.string().optional()})
const jobSchema = z.looseObject({
  environment: z.string().optional(),
  permissions: z.record(z.string(), z.string()),
  steps: z.array(stepSchema),
})
const schema = z.looseObject({
  on: z.strictObject({workflow_dispatch: z.unknown()}),
  permissions: z.record(z.string(), z.string()),
  concurrency: z.strictObject({group: z.string(), 'cancel-in-progress': z.literal(false)}),
  jobs: z.record(z.string(), jobSchema),
})

const names = ['staging', 'production', 'freeze'] as const
const source = (name: string) => readFileSync(join(root, `.github/workflows/${name}.yml`), 'utf8')
const workflow = (name: string) => schema.parse(parse(source(name)))

/** The phase files that a job's steps run, in order. */
const phaseFiles = (steps: readonly z.output<typeof stepSchema>[]) =>
  steps.flatMap(({run = ''}) =>
    [...run.matchAll(/scripts\/(\w+\/\d-[\w-]+\.ts)/g)].map(([, file = '']) => file),
  )

workflows('are taken by GitHub’s own parser, which refuses what it does not know', async () => {
  for (const name of names) assert.equal(await workflowErrors(`${name}.yml`, source(name)), [])
  const bad = source('staging').replace('timeout-minutes', 'timeout-minute')
  assert.is.not(bad, source('staging'))
  assert.match((await workflowErrors('bad.yml', bad)).join(), /Unexpected value 'timeout-minute'/)
})

workflows('run every phase once, in order, and then the scenario itself', async () => {
  for (const {scenario, phases} of await scenarioDefinitions()) {
    const steps = Object.values(workflow(scenario).jobs).flatMap((job) => job.steps)
    const files = phaseFiles(steps)
    assert.equal(
      files.map((file) => Number(/(\d)-/.exec(file)?.[1])),
      phases.map((_, index) => index + 1),
    )
    for (const file of files) assert.ok(existsSync(join(root, 'scripts', file)), file)
    assert.ok(steps.some(({run = ''}) => run.includes(`scripts/${scenario}.ts`)))
  }
})

workflows('ask the reviewers before anything EXECUTIVE', async () => {
  for (const {scenario, phases} of await scenarioDefinitions()) {
    const modes = await Promise.all(phases.map(async (load) => (await load()).mode))
    for (const {environment, steps} of Object.values(workflow(scenario).jobs)) {
      const acts = phaseFiles(steps).some(
        (file) => modes[Number(/(\d)-/.exec(file)?.[1]) - 1] === 'EXECUTIVE',
      )
      if (acts) assert.is(environment, scenario)
      else assert.is.not(environment, scenario)
    }
  }
})

workflows('have no right that they do not use, and never run by themselves', () => {
  for (const name of names) {
    const {permissions, jobs} = workflow(name)
    assert.equal(permissions, {})
    for (const job of Object.values(jobs)) {
      const {contents, 'pull-requests': pulls, ...others} = job.permissions
      assert.is(contents, 'write')
      assert.ok(Object.values(others).every((right) => right === 'read'))
      // Only a job that ends a run has documents to ask a merge for.
      const ends = job.steps.some(({run = ''}) => /scripts\/\w+\.ts/.test(run))
      assert.is(pulls, ends ? 'write' : undefined)
    }
  }
})

workflows('put no value from outside into a script, where it would be read as one', () => {
  for (const name of names) {
    for (const {run = ''} of Object.values(workflow(name).jobs).flatMap(({steps}) => steps)) {
      assert.not.match(run, '${{')
    }
  }
})

workflows.run()
