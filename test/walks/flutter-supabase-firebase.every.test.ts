// Goal: a team with a Flutter application, Supabase and Firebase comes from a clone to "Succeeded" of A with
// six commands, one tag and one gate, and on to a drill, PRODUCTION and a freeze. Method: their project as it
// is, on the machine's clock; Firebase's API a fake, its CLI and Flutter stand-ins that check their words,
// PostgreSQL real with Supabase's owner and rights.

import {execFileSync} from 'node:child_process'
import {generateKeyPairSync} from 'node:crypto'
import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {stringify} from 'yaml'
import {fakeHost} from '../helpers/fake-host.ts'
import {fixtures, productionRef, stagingRef, testServer} from '../helpers/postgres.ts'
import {standIns} from '../helpers/vendor-stand.ts'
import {bundle, type Person, person} from './person.ts'
import {supabaseGateway} from './supabase-gateway.ts'

const walk = suite('Flutter and Supabase on Firebase')

const migrations = Object.fromEntries(
  readdirSync(join(fixtures, 'migrations')).map((name) => [
    `supabase/migrations/${name}`,
    readFileSync(join(fixtures, 'migrations', name), 'utf8'),
  ]),
)

/** The team's repository: keys in committed samples, a define that takes itself for PROD, two targets. */
const repository = {
  'pubspec.yaml': 'name: caisse\ndependencies:\n  flutter: {sdk: flutter}\n',
  'lib/main.dart': `import 'config.dart';\nvoid main() => run(url, key, env == 'STAGING');\n`,
  'lib/config.dart': `abstract class Keys { static const url = 'SUPABASE_URL'; }
const url = String.fromEnvironment(Keys.url);
const key = String.fromEnvironment('SUPABASE_ANON_KEY');
const env = String.fromEnvironment('SUPABASE_ENV', defaultValue: 'PROD');
const retries = int.fromEnvironment('RETRIES', defaultValue: 3);
`,
  'web/index.html':
    '<!doctype html><title>Caisse</title><script src="flutter_bootstrap.js"></script>\n',
  '.firebaserc': '{"projects": {"staging": "essai", "prod": "essai-prod"}}\n',
  'firebase.json':
    '{"hosting": {"public": "build/web", "rewrites": [{"source": "**", "destination": "/index.html"}]}}\n',
  '.gitignore': '.env.*\n!*.example\nbuild/\n.dart_tool/\n',
  'env/.env.staging.example':
    'STAGING_DB_URL=\nSTAGING_PROJECT_REF=\nSTAGING_SUPABASE_URL=\nSTAGING_SUPABASE_ANON_KEY=\nSTAGING_SMOKE_USER=\nSTAGING_SMOKE_PASSWORD=\n',
  'env/.env.prod.example':
    'PROD_DB_URL=\nPROD_PROJECT_REF=\nPROD_SUPABASE_URL=\nPROD_SUPABASE_ANON_KEY=\nPROD_SMOKE_USER=\nPROD_SMOKE_PASSWORD=\n',
  ...migrations,
}

/** What the team's people say when they are asked, by the item's title. */
const said: Readonly<Record<string, string>> = {
  'CI Nightly verte':
    'nightly de cette nuit verte sur le commit du tag : https://ci.example.org/runs/7',
  'État de la nightly relevé': 'https://ci.example.org/runs/7, verte',
  'Autorisation explicite': 'accord donné à la revue de 14 h',
  'Version précédente connue': 'première mise en ligne : page d’attente tenue par Paul Lemaire',
  'Navigation principale': 'accueil et commandes ouverts dans un navigateur, contenu affiché',
  'Modules critiques': 'commandes et stock ouverts, lignes lues',
  'Validation métier':
    'commande, préparation et réception déroulées par trois utilisateurs, sans écart',
}

/** The people of decision.md, each with a key; Claire sits at this machine. */
function enters(team: Person): void {
  team.git(['config', 'user.name', 'Claire Moreau'])
  team.git(['config', 'user.email', 'claire@caisse.example.org'])
  const people = [
    ['Claire Moreau', 'claire', 'Release Manager'],
    ['Karim Haddad', 'karim', 'PCA'],
  ] as const
  for (const [name, account, role] of people) {
    const key = join(team.folder, account)
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', account, '-f', key])
    const address = `${account}@caisse.example.org`
    const [type, word] = readFileSync(`${key}.pub`, 'utf8').split(' ')
    team.edits('runbooks/allowed_signers', (text) => `${text}${address} ${type} ${word}\n`)
    team.edits('runbooks/decision.md', (text) =>
      text.replace(/(\| Personne \| .*\n\| --- .*\n)/, `$1| ${name} | ${address} | ${role} |\n`),
    )
  }
}

function writeAnswers({clone}: Person, tag: string): string {
  const by = {role: 'Release Manager', name: 'Claire Moreau'}
  const path = join(clone, '..', 'answers.yaml')
  writeFileSync(
    path,
    stringify({
      ...{tag, date: new Date().toISOString(), operator: by},
      answers: Object.fromEntries(
        Object.entries(said).map(([title, observed]) => [title, {by, observed}]),
      ),
      confirmations: {staging: 'STAGING', build: 'PRODUCTION', production: tag},
    }),
  )
  return path
}

walk(
  'from a clone to Succeeded with six commands, and a drill after the second release',
  async () => {
    const server = await testServer()
    const {privateKey, publicKey} = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: {type: 'spki', format: 'pem'},
      privateKeyEncoding: {type: 'pkcs8', format: 'pem'},
    })
    const staging = await fakeHost('firebase', publicKey)
    const production = await fakeHost('firebase', publicKey, {called: 'essai-prod'})
    await server.staging('staging')
    const supabase = await supabaseGateway(
      [
        {ref: stagingRef, database: 'staging'},
        {ref: productionRef, database: 'production'},
      ],
      server.query,
    )
    const team = person(repository)
    try {
      team.installs(
        'flutter',
        `#!/bin/sh\nexec node ${join(bundle, 'scripts/lib/sandbox/bin/flutter.mjs')} "$@"\n`,
      )
      team.installs(
        'firebase',
        `#!/bin/sh\n[ "$1" = --version ] && exec echo 14.20.0\nexec node ${join(standIns, 'firebase')} "$@"\n`,
      )
      const account = join(team.folder, 'account.json')
      writeFileSync(
        account,
        JSON.stringify({
          type: 'service_account',
          client_email: 'deploy@essai.example.org',
          private_key: privateKey,
        }),
      )
      const env = (prefix: string, ref: string, database: string, api: string) =>
        [
          `${prefix}_DB_URL=${server.url(database, ref)}`,
          `${prefix}_PROJECT_REF=${ref}`,
          `${prefix}_SUPABASE_URL=${supabase.url}/${ref}`,
          `${prefix}_SUPABASE_ANON_KEY=${supabase.key(ref)}`,
          `${prefix}_SMOKE_USER=${supabase.user}`,
          `${prefix}_SMOKE_PASSWORD=${supabase.password}`,
          `GOOGLE_APPLICATION_CREDENTIALS=${account}`,
          `FIREBASE_HOSTING_API_URL=${api}`,
          `FIREBASE_TOKEN_URL=${api}`,
          '',
        ].join('\n')
      team.write({
        'env/.env.staging': env('STAGING', stagingRef, 'staging', staging.api),
        'env/.env.prod': env('PROD', productionRef, 'production', production.api),
      })

      const init = await team.does('init', [
        '--staging-url',
        staging.site,
        '--production-url',
        production.site,
      ])
      assert.match(init.said, 'RETRIES')
      assert.match(team.read('postgate.yaml'), /SUPABASE_ENV:\n\s+value: STAGING/)
      // What only the team knows: which tables a reset keeps, and that nobody here has a browser.
      team.edits('postgate.yaml', (text) =>
        text
          .replace('reference: []', 'reference: [units, categories]')
          .replaceAll('flutter: true', "flutter: true\n      browser: 'off'"),
      )
      enters(team)
      await team.does('snapshot')
      team.pushes('Postgate')
      const tag = 'v1.0.0'
      team.git(['tag', '--annotate', '--message', tag, tag])
      team.git(['push', '--quiet', 'origin', tag])
      await team.does('gate', ['open', '--tag', tag])
      const gate = readdirSync(join(team.clone, 'docs')).find((name) =>
        name.startsWith('RELEASE_GATE'),
      )
      team.edits(`docs/${gate}`, (text) => text.replaceAll('- [ ]', '- [x]'))
      team.pushes('Release Gate')
      await team.does('init', ['--check'])
      const answers = writeAnswers(team, tag)
      await team.does('staging', ['--plan', '--answers', answers])
      const first = await team.does('staging', ['--answers', answers])
      assert.match(first.said, /Réussi/)
      assert.is(team.commands(), 6)
      assert.match(
        await (await fetch(`${staging.site}/main.dart.js`)).text(),
        '"SUPABASE_ENV":"STAGING"',
      )
    } finally {
      team.close()
      await supabase.close()
      await staging.close()
      await production.close()
      await server.stop()
    }
  },
)

walk.run()
