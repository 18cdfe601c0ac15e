// Goal: a question that stands open on a terminal is known to more than who sits there. Method: a person
// who takes their time, and a patience of milliseconds.

import {setTimeout as delay} from 'node:timers/promises'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {announcingOpenQuestions} from '../../../../scripts/lib/run/asking/open-question.ts'
import {type AttestQuestion, unattendedPrompter} from '../../../../scripts/lib/run/asking/prompt.ts'

const long = suite('a question that stands open')

const question: AttestQuestion = {
  ...{title: 'Validation métier', detail: '', roles: ['QA Lead'], optional: false},
  ...{open: false, person: false, wrong: () => null, example: null, people: [], known: []},
}

async function asked(afterMs: number) {
  const said: string[] = []
  const prompter = announcingOpenQuestions(
    {
      ...unattendedPrompter,
      attest: async () => {
        said.push('asked')
        await delay(afterMs)
        return null
      },
    },
    {
      run: {append: (event) => said.push(JSON.stringify(event))},
      tell: async (title) => void said.push(`told: ${title}`),
      answered: () => said.push('answered'),
      patienceMs: 40,
    },
  )
  await prompter.attest(question)
  await delay(60)
  return said
}

const named =
  '{"type":"fact-recorded","name":"question","value":{"title":"Validation métier","roles":["QA Lead"]}}'

long('is named in the journal before it is asked, and known to be answered behind it', async () => {
  assert.equal(await asked(0), [named, 'asked', 'answered'])
})

long('is told to the team once, after its patience', async () => {
  assert.equal(await asked(150), [named, 'asked', 'told: Validation métier', 'answered'])
})

long.run()
