// Goal: a project whose own script resets STAGING is deployed like any other, and what that script leaves is
// proved. Method: whole commands on a sandbox whose checkpoint holds such a script.

import {chmodSync, mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {type Bundle, bundleWithSandbox} from '../helpers/bundle-runs.ts'
import {edit, publish} from '../helpers/change.ts'
import {changeCheckpoint} from '../helpers/checkpoint.ts'
import {said} from './watched.ts'

const own = suite('a reset script of the project')
const command = ['scripts/staging.ts', '--sandbox']
const name = 'tools/empty_staging.sh'

/** Empties what is no reference, as a team would that changes its schema by hand; `more` is run besides. */
const script = (more: string) => `#!/usr/bin/env bash
set -euo pipefail
[ "$CONFIRM_STAGING_RESET" = I_UNDERSTAND_THIS_WILL_DROP_PUBLIC ] && [ "$ALLOW_STAGING_RESET" = true ]
[ -r "$POSTGATE_ENV_FILE" ] && [ -d supabase/migrations ] && [ "$PWD" = "$POSTGATE_WORKTREE" ]
node --input-type=commonjs - <<'PROGRAM'
const {Client} = require('${join(import.meta.dirname, '../../node_modules/pg')}')
const client = new Client({connectionString: process.env.STAGING_DB_URL})
const references = ['unites', 'categories', 'motifs_sortie', 'emplacements']
client.connect().then(async () => {
  const {rows} = await client.query(\`select relname::text as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')\`)
  const names = rows.map(({name}) => name).filter((name) => !references.includes(name))
  await client.query('truncate ' + names.map((name) => 'public.' + name).join(', ') + ' restart identity')
  await client.query('${more}')
  await client.end()
  console.log(names.length + ' tables emptied by hand')
})
PROGRAM
`

/** The script becomes part of the checkpoint. */
async function projectWith(more: string): Promise<Bundle> {
  const bundle = await bundleWithSandbox()
  changeCheckpoint(bundle, (project) => {
    mkdirSync(join(project, 'tools'), {recursive: true})
    writeFileSync(join(project, name), script(more))
    chmodSync(join(project, name), 0o755)
  })
  edit(bundle, 'postgate.yaml', (text) =>
    text.replace('\ndatabase:\n', `\ndatabase:\n  reset: ${name}\n`),
  )
  edit(bundle, 'runbooks/staging.md', (text) =>
    text.replace(' ./scripts/reset_staging.sh', ` ./${name}`),
  )
  publish(bundle)
  return bundle
}

own('is shown by the plan, resets STAGING, and scenario A ends well', async () => {
  const bundle = await projectWith('')
  try {
    const plan = await bundle.run([...command, '--plan'])
    assert.is(plan.code, 0, said(plan))
    assert.match(said(plan), `database.reset : ${name}`)
    const ran = await bundle.run(command)
    assert.is(ran.code, 0, said(ran))
    assert.match(said(ran), /\d+ tables emptied by hand/)
    assert.not.match(said(ran), 'schéma public vidé')
    bundle.git('fetch', '--quiet', 'origin')
    assert.match(bundle.git('tag', '--list', 'staging-*'), /^staging-/)
  } finally {
    bundle.remove()
  }
})

own('that leaves more than PROD has stops the run, with the name of what is too much', async () => {
  const bundle = await projectWith('create table public.left_behind (id int primary key)')
  try {
    const ran = await bundle.run(command)
    assert.is.not(ran.code, 0, said(ran))
    assert.match(said(ran), /table public\.left_behind \(en trop\)/)
    assert.is(bundle.git('tag', '--list', 'staging-*'), '')
  } finally {
    bundle.remove()
  }
})

own.run()
