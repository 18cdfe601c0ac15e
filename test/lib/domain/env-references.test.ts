import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {envReferences} from '../../../scripts/lib/domain/env-references.ts'

const references = suite('env references')
const known = ['env/.env.staging', 'config/staging.json']

references('a script that reads an env file by its own path is known by it', () => {
  for (const [script, expected] of [
    ['set -a; source env/.env.staging; set +a', ['env/.env.staging']],
    ['. ./.env', ['.env']],
    ['export $(grep -v "^#" "$ROOT/env/.env.staging" | xargs)', ['env/.env.staging']],
    ['dotenv -e .env.production -- vite build', ['.env.production']],
    ['node build.js --config config/staging.json', ['config/staging.json']],
    ["require('dotenv').config({path: '.env.local'})", ['.env.local']],
  ] as const) {
    assert.equal(envReferences(script, known), expected, script)
  }
})

references('what is asked for first, written, a sample or a comment is none', () => {
  for (const script of [
    '[ -f .env ] && . ./.env',
    'if test -e .env; then source .env; fi',
    'echo "A=1" > .env\nsource .env',
    'cp template .env\nsource .env',
    'cp .env.example config.txt',
    '# source .env',
    'echo done # see .env',
    'environment=prod; open env.html',
    'source "$POSTGATE_ENV_FILE"',
  ]) {
    assert.equal(envReferences(script, known), [], script)
  }
})

references.run()
