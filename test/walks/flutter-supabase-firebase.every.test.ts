// Goal: a team with a Flutter application, Supabase and Firebase comes from a clone to "Succeeded" of A with
// six commands, one tag and one gate, and on to a drill, PRODUCTION and a freeze. Method: their project as it
// is, on the machine's clock; Firebase's API a fake, its CLI and Flutter stand-ins that check their words,
// PostgreSQL real with Supabase's owner and rights.

import {execFileSync} from 'node:child_process'
import {existsSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {stringify} from 'yaml'
import {fakeHost} from '../helpers/fake-host.ts'
import {
  fixtures,
  productionRef,
  stagingRef,
  type TestServer,
  testServer,
} from '../helpers/postgres.ts'
import {serviceAccount} from '../helpers/service-account.ts'
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
  'Scénario A réussi': 'A réussi ce matin pour ce tag : rapport du jour, tag staging-…',
  'Aucun incident vu sur STAGING':
    'canal des testeurs et journaux relus depuis la validation : rien',
  'Utilisateurs notifiés': 'courriel à tous, la veille à 16 h',
  'Sauvegarde PROD vérifiée': 'console Supabase : sauvegarde bk-7 de 01:30 UTC',
  'Sauvegarde PROD relevée': 'bk-7, 01:30 UTC',
  "Logs d'erreur au début": 'aucune erreur nouvelle, journaux Supabase et Sentry',
  'Alertes utilisateurs au début': 'aucune, support et canal d’exploitation',
  "Logs d'erreur à la fin": 'comme au début : rien',
  'Alertes utilisateurs à la fin': 'aucune alerte ouverte',
  'Raison documentée': 'inventaire annuel : la caisse ne peut pas changer avant sa clôture',
  'Décision de freeze': 'décidé avec le PCA au point release',
  Périmètre: 'tout le code ; exception : correctifs de sécurité',
  Responsable: 'Claire Moreau, Release Manager',
  'Critères de sortie': 'inventaire clos, nightly verte, code inchangé',
  'Équipe prévenue': 'message posté à la main dans le canal release, à l’instant',
  'Critères de sortie examinés': 'inventaire clos hier, nightly verte, code inchangé : tous tenus',
  'Sortie décidée': 'décidée au point release de ce matin',
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

/** With a pg_dump of the server's version at least, as the guide asks for. */
async function takesShape(team: Person, server: TestServer): Promise<void> {
  const [row] = await server.query(
    'postgres',
    `select current_setting('server_version_num')::int >= 180000 as newer`,
  )
  const program = join(import.meta.dirname, 'pg-dump-program.ts')
  const command = `exec node --import=typescript-when-needed ${program} "$@"`
  if (row?.newer === true) team.installs('pg_dump', `#!/bin/sh\ncd ${bundle} && ${command}\n`)
  await team.does('snapshot')
  rmSync(join(team.folder, 'bin/pg_dump'), {force: true})
}

/** As far as a test can wait: the policy is the team's own, and so are its figures. */
function hastens(text: string): string {
  const lines: readonly (readonly [RegExp, string])[] = [
    // Nobody waits for two days here: a person says that A succeeded.
    [/ <!-- check: staging-validated hours=48 -->/, ''],
    [/risk: staging-validated, /, 'risk: '],
    [/deux minutes( de mesures.*)baseline minutes=2/, 'une minute$1baseline minutes=1'],
    [
      /^- \[ \] \*\*Surveillance de deux heures.*$/m,
      '- [ ] **Surveillance** : taux d’erreur et temps de réponse. <!-- step: watch hours=40s every=1s coverage=50% rapid=1s most=9 -->',
    ],
    [
      /^- \[ \] \*\*Taux d'erreur trop élevé.*$/m,
      "- [ ] **Taux d'erreur trop élevé** : trop d’erreurs. <!-- trigger: error-rate above=5% within=30s samples=10 -->",
    ],
    [/(\*\*Logs d'erreur) à 30 minutes(.*)at=30m/, '$1 au début$2at=10s'],
    [/(\*\*Alertes utilisateurs) à 30 minutes(.*)at=30m/, '$1 au début$2at=10s'],
    [/(\*\*Logs d'erreur) à 2 heures(.*)at=2h/, '$1 à la fin$2at=40s'],
    [/(\*\*Alertes utilisateurs) à 2 heures(.*)at=2h/, '$1 à la fin$2at=40s'],
  ]
  return lines.reduce((whole, [from, to]) => {
    assert.match(whole, from)
    return whole.replace(from, to)
  }, text)
}

const inDays = (count: number) =>
  new Date(Date.now() + count * 86_400_000).toISOString().slice(0, 10)

/** From now on for six hours, to the minute. */
function window(): string {
  const minute = (ms: number) => `${new Date(ms).toISOString().slice(0, 16)}Z`
  return `${minute(Date.now() - 60_000)}/${minute(Date.now() + 6 * 3_600_000)}`
}

/** A tag on main, and its gate with every line validated. */
async function releases(team: Person, tag: string): Promise<void> {
  team.git(['tag', '--annotate', '--message', tag, tag])
  team.git(['push', '--quiet', 'origin', tag])
  const before = gates(team)
  await team.does('gate', ['open', '--tag', tag])
  const path = gates(team).find((name) => !before.includes(name))
  team.edits(`docs/${path}`, (text) => text.replaceAll('- [ ]', '- [x]'))
  team.pushes(`Release Gate de ${tag}`)
}

const gates = ({clone}: Person): readonly string[] =>
  existsSync(join(clone, 'docs'))
    ? readdirSync(join(clone, 'docs')).filter((name) => name.startsWith('RELEASE_GATE'))
    : []

function writeAnswers({clone}: Person, tag: string): string {
  const by = {role: 'Release Manager', name: 'Claire Moreau'}
  const all = {
    ...said,
    'Fenêtre de maintenance': window(),
    'Déploiement prévu': `A, ${inDays(11)}`,
    'Date de revue': inDays(7),
  }
  const path = join(clone, '..', 'answers.yaml')
  writeFileSync(
    path,
    stringify({
      ...{tag, date: new Date().toISOString(), operator: by},
      answers: Object.fromEntries(
        Object.entries(all).map(([title, observed]) => [title, {by, observed}]),
      ),
      confirmations: {staging: 'STAGING', build: 'PRODUCTION', production: tag},
    }),
  )
  return path
}

walk(
  'from a clone to Succeeded with six commands, then a drill, PRODUCTION and a freeze',
  async () => {
    const server = await testServer()
    const {publicKey, file} = serviceAccount()
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
      writeFileSync(account, file)
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
          `FIREBASE_RESOURCEMANAGER_URL=${api}`,
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
      await takesShape(team, server)
      team.pushes('Postgate')
      const tag = 'v1.0.0'
      await releases(team, tag)
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
      // A drill goes back to the release before: it needs two.
      const refused = await team.does('staging', ['--rollback', 'drill'], 3)
      assert.match(refused.said, /version précédente|deux/)
      team.edits('lib/main.dart', (text) => `${text}// Corrigé.\n`)
      team.edits('runbooks/production.md', hastens)
      team.pushes('Une correction, et la politique de PRODUCTION')
      const next = 'v1.1.0'
      await releases(team, next)
      const second = writeAnswers(team, next)
      await team.does('staging', ['--answers', second])
      await team.does('staging', ['--rollback', 'drill', '--answers', second])

      // The first PRODUCTION: somebody else signs, on a machine of their own.
      const karim = team.colleague('karim', {'env/.env.prod': team.read('env/.env.prod')})
      const key = ['--key', join(team.folder, 'karim')]
      await karim.does('approve', ['production', '--role', 'PCA', '--confirm', next, ...key])
      await team.does('production', ['--plan', '--answers', second])
      const released = await team.does('production', ['--answers', writeAnswers(team, next)])
      assert.match(released.said, /Réussi/)
      assert.match(
        await (await fetch(`${production.site}/main.dart.js`)).text(),
        '"SUPABASE_ENV":"PROD"',
      )

      await team.does('freeze', ['--answers', writeAnswers(team, next)])
      await team.does('staging', ['--plan', '--answers', second], 3)
      await team.does('freeze', ['--exit', '--answers', writeAnswers(team, next)])
      await team.does('audit')
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
