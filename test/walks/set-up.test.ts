// A sample of the walks: a team's clone is set up with one command, without a terminal, and what was written
// is what lint accepts. The whole ways are in the longer tests beside this one.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {person} from './person.ts'

const sample = suite('a clone set up')

sample('one command names all that is missing, one writes what lint accepts', async () => {
  const team = person({
    'pubspec.yaml': 'name: caisse\ndependencies:\n  flutter: {sdk: flutter}\n',
    'lib/main.dart': "const env = String.fromEnvironment('APP_ENV', defaultValue: 'prod');\n",
    'firebase.json': '{"hosting": {"public": "build/web"}}\n',
    'supabase/migrations/1_a.sql': 'create table public.orders (id int);\n',
    '.gitignore': '.env.*\n!*.example\n',
    'env/.env.staging.example': 'STAGING_DB_URL=\nSTAGING_PROJECT_REF=\n',
  })
  try {
    const refused = await team.does('init', ['--lang', 'en'], 4)
    const named = [...refused.said.matchAll(/(--[a-z-]+)(?: \w+=\w*)?: /g)].map(([, flag]) => flag)
    assert.equal([...new Set(named)].sort(), [
      '--production-target',
      '--staging-define',
      '--staging-target',
    ])
    const targets = ['--staging-target', 'caisse-staging', '--production-target', 'caisse-prod']
    await team.does('init', [...targets, '--staging-define', 'APP_ENV=staging'])
    assert.match(team.read('postgate.yaml'), /APP_ENV:\n\s+value: staging/)
    await team.does('lint')
  } finally {
    team.close()
  }
})

sample.run()
