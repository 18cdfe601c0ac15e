// The programs that a runbook may authorise as they are, each with the shapes that do what the name
// says and no more: they build what the project holds, put it where users see it, look, or make and
// copy files below the project. An option stands here only where it leads to no other program.

/** `any`: none of its options leads to another program. */
type Options = 'any' | readonly string[]

export interface CommandShape {
  /** What the first words behind the program have to be; `a b` where two tell it. */
  readonly verbs?: readonly string[]
  /** Verbs that stand by themselves: what came behind `install` would be fetched from elsewhere. */
  readonly alone?: readonly string[]
  /** Options without a value: letters and long names, without dashes. */
  readonly flags: Options
  /** Options with a value, attached or in the next word. */
  readonly values: readonly string[]
  /**
   * What the other words are. `project`: whatever names nothing outside of the project. `inside`: paths
   * below the project, none of them all of it. `far`: the same, and any path where the command runs on
   * another machine. `targets`: names, and variables with a plain value.
   */
  readonly rest: 'any' | 'none' | 'project' | 'inside' | 'far' | 'targets'
}

const words = (text: string) => text.split(' ').filter((word) => word !== '')

interface Said {
  readonly verbs?: string
  readonly flags?: string
  readonly values?: string
  readonly rest?: CommandShape['rest']
}

const shape = ({verbs, flags = '', values = '', rest = 'any'}: Said): CommandShape => ({
  ...(verbs !== undefined && {verbs: verbs.split(', ')}),
  flags: flags === 'any' ? 'any' : words(flags),
  values: words(values),
  rest,
})

/** It reads what it is pointed at, and writes what it has to say to its output only. */
const reads = shape({flags: 'any'})
/** A tool of a project's build: it runs the project's own code and configuration by nature. */
const builds = (verbs?: string) =>
  shape({...(verbs !== undefined && {verbs}), flags: 'any', rest: 'project'})

const packages = (verbs: string): CommandShape => ({
  ...shape({
    verbs,
    flags:
      's silent y yes ws workspaces if-present ignore-scripts no-audit no-fund frozen-lockfile ' +
      'immutable offline prefer-offline production r recursive no-optional no-save',
    values: 'w workspace omit include loglevel F filter',
    rest: 'project',
  }),
  alone: ['ci', 'install'],
})

const readers = words(
  'ls cat head tail wc du df stat test [ true false : echo printf sha256sum sha1sum md5sum cmp ' +
    'diff grep cut tr jq basename dirname realpath pwd which sleep id uname seq nproc',
)

const projectTools: Readonly<Record<string, CommandShape>> = {
  flutter: builds('build, pub get, clean, test, analyze, gen-l10n, doctor'),
  dart: builds('compile, run, pub get, test, analyze, format, doc'),
  npm: packages('run, run-script, ci, install, test, t'),
  pnpm: packages('run, install, test, build'),
  yarn: packages('run, install, test, build'),
  bun: packages('run, install, test'),
  vite: builds('build'),
  next: builds('build, export'),
  nuxt: builds('build, generate'),
  nuxi: builds('build, generate'),
  astro: builds('build, check'),
  ng: builds('build, test, lint'),
  'react-scripts': builds('build, test'),
  'vue-cli-service': builds('build, lint'),
  webpack: builds(),
  rollup: builds(),
  esbuild: builds(),
  parcel: builds('build'),
  tsc: builds(),
  eslint: builds(),
  biome: builds('check, ci, lint'),
  prettier: builds(),
  vitest: builds('run'),
  jest: builds(),
  playwright: builds('test'),
  hugo: builds(),
  jekyll: builds('build'),
  mkdocs: builds('build'),
  eleventy: builds(),
  trunk: builds('build'),
  make: shape({
    flags: 's k B j 0 1 2 3 4 5 6 7 8 9 silent quiet keep-going always-make no-print-directory',
    values: 'C directory',
    rest: 'targets',
  }),
  just: shape({flags: 'q quiet', rest: 'targets'}),
  gradle: shape({
    flags: 'q quiet no-daemon stacktrace info offline parallel build-cache',
    values: 'console x exclude-task p project-dir',
    rest: 'project',
  }),
  mvn: shape({
    flags: 'B q o ntp batch-mode quiet offline no-transfer-progress',
    values: 'P f pl',
    rest: 'project',
  }),
  cargo: shape({
    verbs: 'build, test, check, clippy, fmt',
    flags: 'release locked offline frozen workspace all-features no-default-features q quiet',
    values: 'p package features target profile bin manifest-path',
    rest: 'project',
  }),
  go: shape({
    verbs: 'build, test, vet, mod download, mod verify',
    flags: 'v trimpath race x a',
    values: 'o tags mod count run',
    rest: 'project',
  }),
  dotnet: shape({
    verbs: 'build, publish, test, restore',
    flags: 'nologo no-restore no-build self-contained',
    values: 'c configuration o output r runtime f framework v verbosity',
    rest: 'project',
  }),
}

const firebase = shape({
  verbs: 'deploy, hosting:clone, hosting:sites:list, hosting:channel:list, projects:list',
  flags: 'non-interactive json',
  values: 'only except project P m message',
})
const netlify = shape({
  verbs: 'deploy, build, status, api restoreSiteDeploy, api getSite, api listSiteDeploys',
  flags: 'prod p no-build json',
  values: 'dir d site s message m data alias functions timeout context',
})

const hosts: Readonly<Record<string, CommandShape>> = {
  firebase,
  netlify,
  // As npx knows them.
  'firebase-tools': firebase,
  'netlify-cli': netlify,
  vercel: shape({
    verbs: 'deploy, promote, rollback, build, pull, inspect, ls, list',
    flags: 'prebuilt prod yes y archive json',
    values: 'meta m timeout scope S environment target',
  }),
  wrangler: shape({
    verbs: 'deploy, pages deploy, pages deployment list, rollback, deployments list',
    flags: 'dry-run y yes json',
    values: 'e env project-name branch commit-hash commit-message name message m',
  }),
  supabase: shape({
    verbs: 'db push, db diff, migration list, status',
    flags: 'linked dry-run include-all',
    values: 'workdir project-ref',
  }),
  aws: shape({
    verbs: 'cloudfront create-invalidation, cloudfront get-invalidation, s3 sync, s3 cp, s3 ls',
    flags: 'delete recursive only-show-errors quiet no-progress exact-timestamps size-only dryrun',
    values:
      'distribution-id paths id output query region cache-control content-type acl exclude include',
  }),
  rsync: shape({
    flags:
      'a archive r recursive c checksum delete delete-after delete-delay p perms t times l links ' +
      'z compress v verbose q quiet n dry-run h human-readable i itemize-changes stats partial ' +
      'no-owner no-group no-perms no-times delay-updates mkpath',
    // `rsh` is looked at by itself: it names a program.
    values: 'chmod link-dest exclude include filter timeout out-format e rsh',
  }),
  pg_dump: shape({
    flags:
      'no-password w schema-only s data-only a no-owner O no-privileges x no-acl clean c if-exists ' +
      'no-comments no-publications no-subscriptions no-sync verbose v',
    values:
      'format F schema n exclude-schema N table t exclude-table T extension e file f jobs j ' +
      'compress Z section lock-wait-timeout encoding E host h port p username U dbname d role',
  }),
  pg_restore: shape({
    flags: 'list l no-owner O no-privileges x no-acl schema-only data-only verbose v',
    values: 'file f format F jobs j schema n table t section',
  }),
  gh: shape({
    verbs: 'run list, run view, run watch, pr list, pr view, pr checks, release list, release view',
    flags: 'exit-status log log-failed',
    values: 'workflow branch event limit L R repo json jq q status job interval i',
  }),
}

const files: Readonly<Record<string, CommandShape>> = {
  mkdir: shape({flags: 'p parents v', values: 'm mode', rest: 'far'}),
  cp: shape({flags: 'r R a p f v n u T recursive archive', rest: 'inside'}),
  mv: shape({flags: 'f n v T', rest: 'far'}),
  rm: shape({flags: 'r R f v rf recursive force', rest: 'inside'}),
  ln: shape({flags: 's f n T v symbolic force no-dereference', rest: 'far'}),
  touch: shape({rest: 'inside'}),
  chmod: shape({flags: 'R v recursive', rest: 'inside'}),
  cd: shape({rest: 'inside'}),
  sort: shape({flags: 'u n r f h V z b', values: 'k t'}),
  uniq: shape({flags: 'c d u i', rest: 'none'}),
  gzip: shape({flags: 'k f 9 n v', rest: 'inside'}),
  brotli: shape({flags: 'k f v best', values: 'q', rest: 'inside'}),
  zip: shape({flags: 'r q 9 X j', values: 'x', rest: 'inside'}),
  unzip: shape({flags: 'o q n', values: 'd', rest: 'inside'}),
  tar: shape({
    flags: 'c x t z j J v p create extract list gzip verbose',
    values: 'f file C directory exclude',
    rest: 'inside',
  }),
  find: shape({
    flags: 'empty not o a print print0 prune depth H L P',
    values:
      'name iname path type size mtime mmin newer maxdepth mindepth perm regex user group links',
  }),
}

/** git as it looks: layer 2 says of each option besides whether it writes or runs something. */
const git = shape({
  verbs:
    'status, log, rev-parse, describe, show, diff, ls-files, ls-tree, ls-remote, cat-file, ' +
    'rev-list, merge-base, for-each-ref, show-ref, shortlog, blame, version, archive, check-ignore',
  flags: 'any',
  values: 'C',
})

const curl = shape({
  flags: 'f fail s silent S show-error L location I head compressed g globoff',
  values: 'X request H header retry max-time m connect-timeout retry-delay u user w write-out',
})

export const known: ReadonlyMap<string, CommandShape> = new Map(
  Object.entries({
    ...Object.fromEntries(readers.map((name) => [name, reads])),
    ...projectTools,
    ...hosts,
    ...files,
    ...{git, curl},
  }),
)

/** They run the file that follows, with these options before it. */
export const runners: ReadonlyMap<string, CommandShape> = new Map(
  Object.entries({
    ...Object.fromEntries(
      words('sh bash dash zsh ksh').map((name) => [name, shape({flags: 'e u x', values: 'o'})]),
    ),
    ...Object.fromEntries(
      words('python python3').map((name) => [name, shape({flags: 'u B s E I'})]),
    ),
    node: shape({flags: 'enable-source-maps no-warnings experimental-strip-types'}),
    zx: shape({flags: 'quiet verbose'}),
    tsx: shape({}),
    ruby: shape({flags: 'w'}),
    php: shape({flags: 'n'}),
    perl: shape({flags: 'w T'}),
  }),
)

/** They run the command that follows; `skip`: words of their own before it. */
export const carriers: ReadonlyMap<string, CommandShape & {readonly skip?: number}> = new Map(
  Object.entries({
    env: shape({values: 'C chdir'}),
    nice: shape({values: 'n adjustment'}),
    nohup: shape({}),
    time: shape({flags: 'p'}),
    timeout: {...shape({flags: 'foreground', values: 'k kill-after s signal'}), skip: 1},
    npx: shape({flags: 'y yes no no-install'}),
  }),
)
