// Goal: a reset happens only where URL, ref and marker all say STAGING and nothing says PROD.
// Method: one sound pair of env files, and one change at a time that has to be found.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {type ClaimInput, readClaim} from '../../../../scripts/lib/adapters/database/identity.ts'
import {fingerprintOfRef} from '../../../../scripts/lib/domain/secret.ts'
import {inLang} from '../../../../scripts/lib/domain/text.ts'
import {testProject} from '../../../helpers/world.ts'

const identity = suite('identity of a database')

const staging = 'abcdefghijklmnopqrst'
const production = 'zyxwvutsrqponmlkjihg'
const secret = 'S3cr%C3%A9t%40x'
const direct = (ref: string) =>
  `postgresql://postgres:${secret}@db.${ref}.supabase.co:5432/postgres`
const pooler = (ref: string, port = 5432) =>
  `postgres://postgres.${ref}:${secret}@aws-0-eu-west-3.pooler.supabase.com:${port}/postgres`
const gateway = (ref: string) => `postgresql://postgres.${ref}:${secret}@127.0.0.1:54322/postgres`

const {environments} = testProject({
  environments: {
    staging: {
      ...{envFile: 'env/.env.staging', url: 'http://s.example', hosting: {adapter: 'folder'}},
      database: {url: 'STAGING_DB_URL|STAGING_URL', ref: 'STAGING_REF'},
    },
    production: {
      ...{envFile: 'env/.env.prod', url: 'http://p.example', hosting: {adapter: 'folder'}},
      database: {url: 'PROD_DB_URL', ref: 'PROD_REF'},
    },
  },
})

interface Values {
  readonly url?: string
  readonly ref?: string
  readonly otherUrl?: string
  readonly otherRef?: string
  readonly product?: ClaimInput['product']
  /** PROD's env file is not on this machine; only the committed shape knows its ref. */
  readonly onlyPrint?: boolean
}

function read(values: Values) {
  const env = {
    path: 'env/.env.staging',
    get: (key: string) =>
      ({STAGING_URL: values.url ?? direct(staging), STAGING_REF: values.ref ?? staging})[key],
  }
  const other = {
    path: 'env/.env.prod',
    get: (key: string) =>
      ({
        PROD_DB_URL: values.otherUrl ?? direct(production),
        PROD_REF: values.otherRef ?? production,
      })[key],
  }
  return readClaim({
    environment: 'staging',
    product: values.product ?? 'supabase',
    settings: environments.staging,
    otherSettings: environments.production,
    env,
    otherEnv: values.onlyPrint ? null : other,
    productionPrint: fingerprintOfRef(production),
  })
}

const accepted: Readonly<Record<string, Values>> = {
  'the direct host': {},
  'the pooler in session mode': {url: pooler(staging)},
  'a gateway that knows the project by its user': {url: gateway(staging)},
  'a harmless parameter': {url: `${direct(staging)}?sslmode=require&connect_timeout=5`},
  'an upper-case host': {url: direct(staging).replace('supabase.co', 'SUPABASE.CO')},
  'PROD’s env file on another machine': {onlyPrint: true},
  'the same gateway for both projects': {url: gateway(staging), otherUrl: gateway(production)},
  'a plain PostgreSQL whose database carries the word': {
    ...{url: 'postgresql://app:x@10.0.0.5/shop-staging', ref: 'shop-staging', product: 'postgres'},
    ...{otherUrl: 'postgresql://app:x@10.0.0.5/shop', otherRef: 'shop'},
  },
}

for (const [name, values] of Object.entries(accepted)) {
  identity(`accepts ${name}`, () => {
    const reading = read(values)
    assert.ok(reading.ok, reading.ok ? '' : inLang(reading.judgement.observed, 'en'))
  })
}

const d = direct(staging)
const refused: Readonly<Record<string, readonly [Values, RegExp]>> = {
  'a host parameter': [{url: `${d}?host=db.${production}.supabase.co`}, /"host"/],
  'a hostaddr parameter': [{url: `${d}?hostaddr=10.0.0.1`}, /"hostaddr"/],
  'a port parameter': [{url: `${d}?sslmode=require&port=6543`}, /"port"/],
  'a service parameter': [{url: `${d}?service=prod`}, /"service"/],
  'an options parameter': [{url: `${d}?options=reference%3D${production}`}, /"options"/],
  'a user parameter': [{url: `${d}?user=postgres.${production}`}, /"user"/],
  'a database parameter': [{url: `${d}?dbname=other`}, /"dbname"/],
  'a socket parameter': [{url: `${d}?socket=/tmp`}, /"socket"/],
  'a certificate from elsewhere': [{url: `${d}?sslrootcert=/tmp/ca`}, /"sslrootcert"/],
  'an encoded parameter name': [{url: `${d}?%68ost=10.0.0.1`}, /"\?"/],
  'a parameter given twice': [{url: `${d}?sslmode=require&sslmode=disable`}, /"sslmode"/],
  'a fragment': [{url: `${d}#@db.${production}.supabase.co`}, /form/],
  'a second @': [{url: d.replace('@', `@db.${production}.supabase.co@`)}, /exactly one "@"/],
  'user information that looks like a host': [
    {url: `postgresql://db.${staging}.supabase.co:5432@10.0.0.1/postgres`},
    /does not name the project/,
  ],
  'no user': [{url: `postgresql://db.${staging}.supabase.co/postgres`}, /exactly one "@"/],
  'an encoded user': [{url: gateway(staging).replace('postgres.', 'postgres%2E')}, /user name/],
  'an encoded host': [{url: d.replace('supabase', 'supab%61se')}, /host or the port/],
  'a socket as host': [{url: 'postgresql://u:x@%2Ftmp/postgres'}, /host or the port/],
  'a list of hosts': [
    {url: d.replace(':5432', `,db.${production}.supabase.co:5432`)},
    /host or the port/,
  ],
  'an empty host': [{url: 'postgresql://u:x@/postgres'}, /host or the port/],
  'a host with a final dot': [{url: d.replace('.co:', '.co.:')}, /host or the port/],
  'an address written as a number': [
    {url: `postgresql://postgres.${staging}:x@2130706433/postgres`},
    /host or the port/,
  ],
  'an address written in hexadecimal': [
    {url: `postgresql://postgres.${staging}:x@0x7f.1/postgres`},
    /host or the port/,
  ],
  'port 0': [{url: d.replace(':5432', ':0')}, /host or the port/],
  'a port out of range': [{url: d.replace(':5432', ':70000')}, /host or the port/],
  'letters of another alphabet': [{url: d.replace('supabase', 'supаbase')}, /non-ASCII/],
  'a space': [{url: `${d} `}, /space/],
  'a line break': [{url: `${d}\n`}, /space/],
  'a backslash': [{url: d.replace('@', '\\@')}, /backslash/],
  'a password of broken bytes': [{url: d.replace(secret, '%E9')}, /password/],
  'a password with a stray percent sign': [{url: d.replace(secret, '100%')}, /password/],
  'an encoded database': [{url: d.replace(/postgres$/, 'post%67res')}, /name of the database/],
  'no database': [{url: d.replace(/postgres$/, '')}, /name of the database/],
  'another protocol': [{url: d.replace('postgresql', 'mysql')}, /form/],
  'a look-alike host': [
    {url: `postgresql://postgres.${staging}:x@db.${staging}.supabase.co.evil.example/postgres`},
    /looks like Supabase/,
  ],
  'a host one label too long': [
    {url: d.replace('db.', 'db.x.').replace('postgres:', `postgres.${staging}:`)},
    /looks like Supabase/,
  ],
  'a pooler user without a project': [
    {url: pooler(staging).replace(`postgres.${staging}`, 'postgres')},
    /names no project/,
  ],
  'a pooler user of PROD': [{url: pooler(production)}, /does not name the project|of PROD/],
  'a direct host with PROD’s user': [
    {url: d.replace('postgres:', `postgres.${production}:`)},
    /does not name the project/,
  ],
  'the host of PROD': [{url: direct(production)}, /does not name the project|of PROD/],
  'a ref that is not the URL’s': [{ref: 'qqqqqqqqqqqqqqqqqqqq'}, /does not name the project/],
  'a ref that is no word': [{ref: `${staging} or 1`}, /no project ref/],
  'equal refs': [{otherRef: staging}, /ref is the one of PROD/],
  'equal refs but for the case': [{otherRef: staging.toUpperCase()}, /ref is the one of PROD/],
  'PROD’s ref in the name of the database': [
    {url: d.replace(/postgres$/, `copy_${production}`)},
    /names the project of PROD/,
  ],
  'equal URLs': [{otherUrl: d, otherRef: production}, /the one of PROD/],
  'the same database through another port of the pooler': [
    {url: pooler(staging), otherUrl: pooler(staging, 6543)},
    /the one of PROD/,
  ],
  'PROD’s file naming this project': [
    {url: pooler(staging), otherUrl: direct(staging)},
    /swapped files/,
  ],
  'swapped files': [
    {url: direct(production), ref: production, otherUrl: d, otherRef: staging},
    /of PROD/,
  ],
  'PROD’s pair where only the committed shape knows it': [
    {url: direct(production), ref: production, onlyPrint: true},
    /ref is the one of PROD/,
  ],
  'PROD’s ref hidden in a user where only the committed shape knows it': [
    {url: d.replace(/postgres$/, `x${production}y`), onlyPrint: true},
    /names the project of PROD/,
  ],
  'a plain PostgreSQL whose database is another’s': [
    {url: 'postgresql://app:x@10.0.0.5/shop', ref: 'shop-staging', product: 'postgres'},
    /does not name the project/,
  ],
  'a missing URL': [{url: ''}, /is missing/],
  'a missing ref': [{ref: ''}, /is missing/],
}

for (const [name, [values, words]] of Object.entries(refused)) {
  identity(`refuses ${name}, without showing it`, () => {
    const reading = read(values)
    if (reading.ok) return assert.unreachable('accepted')
    const {observed, next} = reading.judgement
    assert.match(inLang(observed, 'en'), words)
    const shown = [observed, next ?? ''].flatMap((text) => [inLang(text, 'fr'), inLang(text, 'en')])
    for (const hidden of [secret, decodeURIComponent(secret), staging, production, 'evil']) {
      assert.not.match(shown.join(), hidden)
    }
  })
}

identity.run()
