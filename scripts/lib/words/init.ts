// What init.ts says: its help, what it found, what it wrote and what is left to a person.

import {isTakenByBundlers} from '../domain/defines.ts'
import {inLang, type Lang, type Text} from '../domain/text.ts'

interface Found {
  readonly flutter: readonly string[]
  readonly build: {readonly run: string} | null
  readonly hosts: readonly {readonly adapter: string; readonly from: string}[]
  readonly otherHosts: readonly string[]
  readonly supabase: {
    readonly partial: Text | null
    readonly seed: string | null
    readonly seeded: readonly string[]
  } | null
  readonly resetScript: string | null
  readonly nightlies: readonly {readonly file: string}[]
  readonly defines: readonly {readonly name: string}[]
  readonly unnamedDefines: readonly string[]
  readonly exposed: readonly {readonly path: string; readonly how: 'committed' | 'asset'}[]
  readonly envFiles: Readonly<
    Record<
      'staging' | 'production',
      readonly {
        readonly path: string
        readonly keys: readonly string[]
        readonly sample?: string
      }[]
    >
  >
  readonly remote: string | null
  readonly github: string | null
  readonly branch: string
}

interface Next {
  readonly found: Found
  readonly answers: Readonly<Partial<Record<string, string>>>
  /** The project’s root is the bundle: its runbooks are there, and are not overwritten. */
  readonly own: boolean
  /** The workflow that was written for the nightly. */
  readonly nightly: string | null
  readonly renamed: readonly {readonly from: string; readonly to: string}[]
  /** What the client is not given, with the reason. */
  readonly left: readonly {
    readonly environment: 'staging' | 'production'
    readonly lines: readonly Text[]
  }[]
}

const flags = `
  --name NAME  --branch NAME  --builder flutter|command  --flutter-folder DIR  --build "CMD"  --output DIR
  --hosting firebase|netlify|vercel|folder|ssh  --database supabase|postgres|none  --nightly FILE
  --staging-target X  --staging-url URL  --staging-env FILE
  --production-target X  --production-url URL  --production-env FILE
  --staging-define NAME=VALUE  --production-define NAME=VALUE  (each as often as needed)
  --only-staging
`

const help = {
  fr: `Préparer un projet pour Postgate

  npx zx scripts/init.ts [...]           regarde le projet, demande le reste, écrit postgate.yaml, runbooks et modèles
  npx zx scripts/init.ts --check [...]   ce qui manque encore sur cette machine, et comment y remédier

  Rien n’est jamais écrasé. Sans terminal, chaque réponse a son option :
${flags}
  --plan               montrer ce qui serait écrit, sans l’écrire
  --project DOSSIER --lang fr|en ; avec --check aussi --sandbox --json

  Codes : 0 fait, ou tout est prêt · 2 illisible · 3 il manque quelque chose (--check) · 4 il manque des réponses
`,
  en: `Set a project up for Postgate

  npx zx scripts/init.ts [...]           looks at the project, asks for the rest, writes postgate.yaml, runbooks, templates
  npx zx scripts/init.ts --check [...]   what this machine still lacks, and what mends it

  Nothing is ever overwritten. Without a terminal each answer has its flag:
${flags}
  --plan               show what would be written, without writing it
  --project DIR --lang fr|en; with --check also --sandbox --json

  Exit codes: 0 done, or all is ready · 2 unreadable · 3 something is missing (--check) · 4 answers are missing
`,
} as const

export const initHelp = (lang: Lang): string => help[lang]

export function initWords(lang: Lang) {
  const say = (fr: string, en: string) => (lang === 'fr' ? fr : en)
  const command = (script: string, words = '') => `npx zx scripts/${script}.ts${words}`
  return {
    already: say(
      `postgate.yaml est déjà là : rien n’a été changé.\n  suite   ${command('init', ' --check')}\n`,
      `postgate.yaml is already there: nothing was changed.\n  next  ${command('init', ' --check')}\n`,
    ),
    found: (found: Found) => `${say('Trouvé', 'Found')}\n${foundLines(found, lang).join('\n')}\n`,
    noSecrets: say(
      '# Jamais commité. Rien dans ce projet ne demande de clé.\n',
      '# Never committed. Nothing in this project asks for a key.\n',
    ),
    confirm: (count: number): Text => ({
      fr: `Écrire ces ${count} fichiers (rien n’est écrasé) ?`,
      en: `Write these ${count} files (nothing is overwritten)?`,
    }),
    /** The person said no: what can be done now. */
    refused: say(
      `Rien n’a été écrit.\n  suite   changer une réponse par son option, ou voir le fichier sans l’écrire : ${command('init', ' --plan')}\n`,
      `Nothing was written.\n  next  change an answer by its flag, or see the file without writing it: ${command('init', ' --plan')}\n`,
    ),
    left: {
      fr: `reprendre : ${command('init')} ; chaque réponse a aussi son option : ${command('init', ' --help')}`,
      en: `take it up again: ${command('init')}; each answer has its flag, too: ${command('init', ' --help')}`,
    } satisfies Text,
    written: (
      list: readonly {path: string; what: 'written' | 'kept' | 'extended'}[],
      dry: boolean,
    ) => {
      const words = {
        written: dry ? say('à écrire', 'to write') : say('écrit', 'written'),
        extended: dry ? say('à compléter', 'to extend') : say('complété', 'extended'),
        kept: say('gardé', 'kept'),
      }
      const lines = list.map(({path, what}) => `  ${words[what].padEnd(11)} ${path}`)
      return `\n${say('Fichiers', 'Files')}\n${lines.join('\n')}\n`
    },
    next: (next: Next) => {
      const lines = nextLines(next, lang, command)
      const numbered = lines.map((line, index) => `  ${index + 1}. ${line}`)
      return `\n${say('Ensuite', 'Next')}\n${numbered.join('\n')}\n`
    },
  }
}

function foundLines(found: Found, lang: Lang): string[] {
  const say = (fr: string, en: string) => (lang === 'fr' ? fr : en)
  const none = say('rien', 'nothing')
  const row = (label: string, values: readonly string[]) =>
    `  ${label.padEnd(14)} ${values.length === 0 ? none : values.join(', ')}`
  const files = (name: 'staging' | 'production') =>
    found.envFiles[name].map(
      ({path, keys, sample}) =>
        `${path} (${keys.length} ${keys.length === 1 ? say('clé', 'key') : say('clés', 'keys')}${sample === undefined ? '' : `, ${say('d’après', 'from')} ${sample}`})`,
    )
  const built = [
    ...found.flutter.map((folder) => `Flutter (${folder || '.'})`),
    ...(found.build === null ? [] : [found.build.run]),
  ]
  return [
    row(say('dépôt', 'repository'), [
      `${found.remote ?? say('sans dépôt distant', 'no remote')} · ${found.branch}`,
      ...(found.github === null ? [] : [`GitHub ${found.github}`]),
    ]),
    row(say('build', 'build'), built),
    row(say('hébergeur', 'host'), [
      ...found.hosts.map(({adapter, from}) => `${adapter} (${from})`),
      ...found.otherHosts.map((name) => `${name} : ${say('non servi', 'not served')}`),
    ]),
    row(say('base', 'database'), found.supabase === null ? [] : ['Supabase']),
    row(
      'nightly',
      found.nightlies.map(({file}) => file),
    ),
    row(
      'defines',
      found.defines.map(({name}) => name),
    ),
    row('env STAGING', files('staging')),
    row('env PROD', files('production')),
    ...found.unnamedDefines.map(
      (place) =>
        `  ! ${say(`${place} : ce define n’a pas de nom lisible ici ; le donner par --staging-define et --production-define`, `${place}: this define has no name that can be read here; give it by --staging-define and --production-define`)}`,
    ),
    ...found.exposed.map(({path, how}) => `  ! ${inLang(exposedWords(path, how), lang)}`),
  ]
}

const exposedWords = (path: string, how: 'committed' | 'asset'): Text =>
  how === 'asset'
    ? {
        fr: `${path} est un asset de pubspec.yaml : chaque visiteur le télécharge`,
        en: `${path} is an asset of pubspec.yaml: every visitor downloads it`,
      }
    : {
        fr: `${path} est commité : qui a le dépôt le lit`,
        en: `${path} is committed: who has the repository reads it`,
      }

function nextLines(
  {found, answers, nightly, own, renamed, left}: Next,
  lang: Lang,
  command: (script: string, words?: string) => string,
): string[] {
  const say = (fr: string, en: string) => (lang === 'fr' ? fr : en)
  const names = answers.builder === 'command' ? found.defines.map(({name}) => name) : []
  const unread = names.filter((name) => !isTakenByBundlers(name))
  return [
    say('relire postgate.yaml, surtout smoke', 'read postgate.yaml, above all smoke'),
    ...found.exposed.map(({path, how}) =>
      how === 'asset'
        ? say(
            `retirer ${path} des assets de pubspec.yaml, et donner ses valeurs publiques par defines`,
            `take ${path} out of the assets of pubspec.yaml, and give its public values by defines`,
          )
        : say(
            `git rm --cached ${path}, l’ignorer, puis remplacer ses secrets`,
            `git rm --cached ${path}, ignore it, then replace its secrets`,
          ),
    ),
    ...left.flatMap(({environment, lines}) =>
      lines.length === 0
        ? []
        : [
            `defines, ${environment === 'staging' ? 'STAGING' : 'PROD'} : ${lines.map((line) => inLang(line, lang)).join(' ; ')}`,
          ],
    ),
    ...renamed.map(({from, to}) =>
      say(`dans runbooks/, remplacer ${from} par ${to}`, `in runbooks/, replace ${from} by ${to}`),
    ),
    ...(found.remote === null
      ? [say('donner un dépôt distant (git remote add)', 'give it a remote (git remote add)')]
      : []),
    ...(found.github === null
      ? [
          say(
            'sans GitHub Actions, la nightly est attestée par une personne, avec un lien',
            'without GitHub Actions a person attests the nightly, with a link',
          ),
        ]
      : nightly !== null
        ? [
            say(
              `relire ${nightly} : il compte dès sa première nuit sur ${found.branch}, ses jobs sont dans postgate.yaml (ci.requiredJobs)`,
              `read ${nightly}: it counts from its first night on ${found.branch} on, its jobs stand in postgate.yaml (ci.requiredJobs)`,
            ),
          ]
        : found.nightlies.length === 0
          ? [
              say(
                'aucun workflow planifié (schedule:) : en écrire un, ou faire attester la nightly, avec un lien',
                'no scheduled workflow (schedule:): write one, or let a person attest the nightly, with a link',
              ),
            ]
          : []),
    ...(found.supabase?.partial
      ? [
          say(
            `${inLang(found.supabase.partial, lang)} : database.migrations n’est pas écrit, le reset reconstruit le schéma de PROD seul ; l’ajouter quand le dossier sera complet (pg_dump --schema-only comme premier fichier)`,
            `${inLang(found.supabase.partial, lang)}: database.migrations is left out, the reset rebuilds PROD’s shape alone; add it when the folder is complete (pg_dump --schema-only as its first file)`,
          ),
        ]
      : []),
    ...(answers.database !== 'none' && found.supabase?.seed && found.supabase.seeded.length > 0
      ? [
          say(
            `${found.supabase.seed} n’est pas repris : il ajoute des lignes à ${found.supabase.seeded.join(', ')}, qu’un reset veut vides hors de database.reference`,
            `${found.supabase.seed} is left out: it adds rows to ${found.supabase.seeded.join(', ')}, which a reset wants empty outside database.reference`,
          ),
        ]
      : []),
    ...(answers.database !== 'none' && found.resetScript !== null
      ? [
          say(
            `${found.resetScript} ne sert que si postgate.yaml le nomme (database.reset: ${found.resetScript}) ; sinon Postgate remet STAGING à vide lui-même`,
            `${found.resetScript} is used only where postgate.yaml names it (database.reset: ${found.resetScript}); else Postgate itself resets STAGING`,
          ),
        ]
      : []),
    ...(unread.length > 0
      ? [
          say(
            `faire lire au build ${unread.join(', ')} dans le fichier JSON que nomme POSTGATE_DEFINES_FILE`,
            `let the build read ${unread.join(', ')} from the JSON file that POSTGATE_DEFINES_FILE names`,
          ),
        ]
      : []),
    say(
      `inscrire les personnes dans runbooks/decision.md et leurs clés dans runbooks/allowed_signers`,
      `enter the people in runbooks/decision.md and their keys in runbooks/allowed_signers`,
    ),
    ...(answers.database === 'none'
      ? [
          say(
            !own
              ? `sans base, ce qui en demande une dans runbooks/ est facultatif (optional) : y répondre « not-applicable » et pourquoi, au terminal ou dans un fichier de réponses (--answers) ; grep optional runbooks/*.md les montre`
              : `sans base, dans runbooks/ : écrire optional dans le commentaire des points qui en demandent une, écrire check: env-keys seul, sans all=… ; répondre « not-applicable » et pourquoi, dans le fichier de réponses (--answers)`,
            !own
              ? `without a database, what asks for one in runbooks/ is optional: answer it “not-applicable”, and why, on the terminal or in an answers file (--answers); grep optional runbooks/*.md shows them`
              : `without a database, in runbooks/: write optional in the comment of the items that ask for one, write check: env-keys alone, without all=…; answer “not-applicable”, and why, in the answers file (--answers)`,
          ),
        ]
      : [
          `${command('snapshot')}   ${say('la forme de PROD, en lecture seule', 'PROD’s shape, read-only')}`,
        ]),
    `${command('init', ' --check')}   ${say('ce qui manque encore', 'what is still missing')}`,
    `${command('lint')}   ${say('puis commiter et pousser', 'then commit and push')}`,
    say(
      'taguer le commit à livrer : git tag -a v1.0.0 -m v1.0.0, puis git push origin v1.0.0',
      'tag the commit to release: git tag -a v1.0.0 -m v1.0.0, then git push origin v1.0.0',
    ),
    `${command('gate', ' open --tag v1.0.0')}   ${say('le Release Gate, à remplir et à commiter', 'the Release Gate, to fill in and commit')}`,
    command('staging', ' --plan'),
  ]
}
