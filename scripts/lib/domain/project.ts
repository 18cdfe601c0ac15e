// `postgate.yaml`: where things are. Never how long, how many, who or which threshold: that is
// policy, and policy is in the runbooks.

import {z} from 'zod'
import {definesSchema} from './defines.ts'
import {refuse} from './issues.ts'
import {isZone} from './local-time.ts'
import {occasions} from './occasion.ts'
import {visibleText} from './visible-text.ts'

const relative = z
  .string()
  .min(1)
  .superRefine((path, context) => {
    if (!path.startsWith('/') && !path.split('/').includes('..')) return
    refuse(context, {fr: 'un chemin dans le projet est attendu', en: 'a path inside the project'})
  })

/** Words separated by spaces: quotes, variables and operators have no meaning in them. */
export const plainWords = z
  .string()
  .regex(/^[^\s'"`$\\;&|<>(){}*?~#!]+(?: [^\s'"`$\\;&|<>(){}*?~#!]+)*$/, {
    message: 'plain words separated by single spaces; put anything more into a script',
  })

const environment = z.strictObject({
  envFile: relative,
  url: z.url().describe('The address that users open.'),
  hosting: z
    .looseObject({adapter: z.string()})
    .describe('adapter: folder | ssh | firebase | netlify | vercel, and its settings'),
  propagation: z
    .string()
    .regex(/^\d+(?:\.\d+)?(?:s|m|min)$/, {message: 'a duration such as 90s or 5m'})
    .optional()
    .describe(
      'How long the host, or a cache before it, may go on serving the previous version: `90s`, `5m`. Without it, what docs/adapters.md says of the host.',
    ),
  purge: plainWords
    .optional()
    .describe(
      'Command of the project that empties the caches before the host, after each switch. The runbook lists the same words.',
    ),
  purgeKeys: z
    .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/))
    .default([])
    .describe('Variables that the purge command is given: of the process, else of the env file.'),
  database: z
    .strictObject({
      url: z
        .string()
        .describe('Name of the env key that holds the connection string.')
        .default('DB_URL'),
      ref: z.string().describe('Name of the env key that holds the project ref.'),
      readOnlyUrl: z
        .string()
        .optional()
        .describe('Env key of a read-only role, where there is one.'),
    })
    .optional(),
  defines: definesSchema,
  smoke: z
    .strictObject({
      auth: z
        .strictObject({url: z.string(), key: z.string(), user: z.string(), password: z.string()})
        .optional(),
      routes: z
        .array(
          z.strictObject({path: z.string(), title: z.string(), contains: z.string().optional()}),
        )
        .default([]),
      modules: z
        .array(
          z.strictObject({path: z.string(), title: z.string(), contains: z.string().optional()}),
        )
        .default([]),
      tables: z.array(z.string()).default([]),
      audit: z
        .strictObject({
          table: z.string().default('log_actions'),
          insert: z.record(z.string(), z.unknown()).default({}),
        })
        .optional(),
      flutter: z.boolean().default(false),
      /** Ask a browser where there is one; `off` asks HTTP only. */
      browser: z.enum(['off', 'auto']).default('auto'),
    })
    .prefault({}),
  metrics: z.looseObject({adapter: z.string()}).optional(),
  signals: z
    .strictObject({
      errorLogs: z.looseObject({adapter: z.string()}).optional(),
      userAlerts: z.looseObject({adapter: z.string()}).optional(),
    })
    .describe('What counts new error logs and alerts of users: adapter: command | prometheus.')
    .prefault({}),
})

/** What editors know of a channel; its adapter reads it strictly. */
const notifyChannel = z.looseObject({
  adapter: z.string().describe('webhook | command'),
  on: z
    .array(z.enum(occasions))
    .optional()
    .describe('Occasions on which the team is told; all of them without it.'),
  urlFrom: z
    .string()
    .optional()
    .describe('webhook: environment variable that holds the address, which is a secret.'),
  url: z.string().optional().describe('webhook: the address itself, where it is no secret.'),
  field: z
    .string()
    .optional()
    .describe(
      'webhook: key of the text in the body: `text` (Slack, Mattermost, Google Chat), `content` (Discord).',
    ),
  body: z
    .record(z.string(), z.unknown())
    .optional()
    .describe(
      'webhook: the whole body instead; {text}, {title}, {run}, {link} and {occasion} are filled in wherever they stand.',
    ),
  headers: z.record(z.string(), z.string()).optional().describe('webhook: further HTTP headers.'),
  most: z
    .number()
    .int()
    .optional()
    .describe('webhook: characters of the text at the most (Discord: 2000); the rest is cut off.'),
  lineEnd: z
    .string()
    .optional()
    .describe('webhook: what ends a line; "\\n\\n" where Markdown is read (Teams).'),
  entities: z
    .boolean()
    .optional()
    .describe(
      'webhook: false where `&amp;` would be shown as it is (Discord, Teams, Google Chat).',
    ),
  run: z
    .array(z.string())
    .optional()
    .describe('command: program and arguments; the message comes on its standard input.'),
  timeoutSeconds: z.number().optional().describe('Seconds that an answer may take.'),
})

export const projectSchema = z.strictObject({
  name: visibleText(),
  timezone: z
    .string()
    .superRefine((zone, context) => {
      if (isZone(zone)) return
      refuse(context, {
        fr: `« ${zone} » n’est pas un fuseau horaire, comme Europe/Paris`,
        en: `"${zone}" is no time zone, such as Europe/Paris`,
      })
    })
    .optional()
    .describe(
      'The time zone that documents, messages and terminals tell beside UTC: `Europe/Paris`. Without it, that of the machine.',
    ),
  policy: z
    .strictObject({
      runbooks: z.literal('project').optional(),
      templates: z.literal('project').optional(),
    })
    .default({})
    .describe(
      'Says that the project has runbooks or templates of its own: then Postgate’s are never read in the place of a missing one. A project that holds any of them need not say so.',
    ),
  repository: z
    .strictObject({
      remote: z.string().default('origin'),
      /** The documents' branch; what the remote's HEAD names where nothing is said. */
      branch: z.string().exactOptional(),
      /** Which paths are code: globs, later ones with `!` excluding. Documents are never code. */
      code: z
        .array(z.string())
        .default(['**', '!docs/**', '!*.md', '!runbooks/**', '!templates/**', '!postgate.yaml']),
      url: z.url().optional().describe('Web address of the repository, for links.'),
    })
    .prefault({}),
  ci: z.looseObject({adapter: z.string()}).optional().describe('adapter: github, and its settings'),
  builder: z.looseObject({adapter: z.string(), output: relative.default('build/web')}),
  database: z
    .strictObject({
      adapter: z.enum(['supabase', 'postgres']).default('supabase'),
      shape: relative
        .default('database/shape.sql')
        .describe('PROD’s schema as SQL, as snapshot.ts takes it.'),
      migrations: relative.optional().describe('Folder of the SQL migrations.'),
      migrateWith: z
        .enum(['postgate', 'supabase-cli'])
        .default('postgate')
        .describe(
          'Who applies them to STAGING: Postgate, inside the reset’s transaction, or `supabase db push` after it.',
        ),
      reset: relative
        .optional()
        .describe(
          'The project’s own reset script, as it stands in the checkpoint; without it Postgate itself resets.',
        ),
      seed: relative.optional(),
      /** Tables whose rows a reset keeps (référentiels). */
      reference: z.array(z.string()).default([]),
      roles: z
        .record(z.string(), z.string())
        .default({})
        .describe('Roles of PROD that have another name on STAGING: {app_prod: app_staging}.'),
      ownPartitions: z
        .array(z.string())
        .default([])
        .describe(
          'Partitions that the application makes at run time, as logs_*: no difference from PROD.',
        ),
      /** Tables that a smoke test may change. */
      mayChange: z.array(z.string()).default([]),
      backups: z
        .string()
        .default('')
        .describe('Folder for backups of STAGING, outside git; empty: the user’s cache.'),
      projectUrl: z.url().optional(),
    })
    .optional(),
  environments: z.strictObject({staging: environment, production: environment.optional()}),
  notify: z.array(notifyChannel).default([]),
  backlog: z
    .strictObject({
      code: z.array(z.string()).default(['**/*.{ts,js,dart,py,go,sql,sh}']),
      labels: z.array(z.string()).default([]),
    })
    .prefault({}),
  /** The project's own checks, for the one-shot validation: a title and a command each. */
  validation: z
    .array(z.strictObject({title: z.string(), run: z.string(), flaky: z.boolean().default(false)}))
    .default([]),
})

/** Whether anything of an environment is read from its env file. */
export const readsKeys = ({defines, database, smoke}: ProjectEnvironment): boolean =>
  database !== undefined || smoke.auth !== undefined || Object.keys(defines).length > 0

export type Project = z.output<typeof projectSchema>
export type ProjectEnvironment = z.output<typeof environment>
