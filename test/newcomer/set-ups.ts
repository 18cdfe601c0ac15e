// The machines and habits of newcomers, one line each: what of them differs, and what they have to see. A
// script runs in a fresh clone with its packages, under a folder that only its owner may enter (`$HOME` is
// that folder), with no PostgreSQL of the machine within reach.

export interface SetUp {
  readonly name: string
  /** Bash; exits with what the command exits with. */
  readonly script: string
  /** What has to succeed on the machine for this one to be made: else it is left out, and said so. */
  readonly needs?: string
  /** The set-up is an ordinary user's: the clone belongs to this number. */
  readonly user?: number
  /** Set up by the person before: the packages are not there yet. */
  readonly bare?: true
  readonly node?: string
  readonly npm?: string
  readonly exit: number
  readonly says: RegExp
}

const command = 'npx zx scripts/staging.ts --sandbox --lang en'
const works = {exit: 0, says: /Succeeded: every success criterion holds/} as const
/** It says the one thing to do, and nothing was made. */
const tells = (says: RegExp) => ({exit: 2, says})

const versions = [
  ['20.19', '10'],
  ['20.19', '11'],
  ['22', '11'],
  ['24', '12'],
  ['26', '12'],
] as const

/** `daemon` has a name on every Linux; nobody has the number of the other one. */
const named = 1
const nameless = 54_321
const as = (user: number, script: string) =>
  `exec setpriv --reuid=${user} --regid=${user} --clear-groups bash -c '${script}'`
const mounts = 'unshare --mount true'
const users = 'setpriv --reuid=1 --regid=1 --clear-groups true'
/** A program's folder with only these in it. */
const onlyPrograms = (names: string) =>
  `mkdir "$HOME/bin"; for p in ${names}; do ln -s "$(command -v $p)" "$HOME/bin/"; done; export PATH=$HOME/bin`
const readOnly = 'mount --bind . . && mount -o remount,ro,bind . && cd "$PWD"'

export const setUps: readonly SetUp[] = [
  ...versions.map(([node, npm]) => ({
    name: `Node ${node}, npm ${npm}, the README's line`,
    script: `npm ci && ${command}`,
    ...{bare: true as const, node, npm},
    ...works,
  })),
  {name: 'Ordinary user', script: as(named, command), needs: users, user: named, ...works},
  {
    name: 'Path of spaces and accents',
    script: `mv "$PWD" "$HOME/un dossier à côté" && cd "$HOME/un dossier à côté" && ${command}`,
    ...works,
  },
  {name: 'umask 077', script: `umask 077; npm ci && ${command}`, bare: true, ...works},
  {
    name: '--ignore-scripts --omit=dev',
    script: `npm ci --ignore-scripts --omit=dev && ${command}`,
    bare: true,
    ...works,
  },
  {
    name: 'Read-only checkout, `.sandbox` a mount',
    script: `mkdir .sandbox; ${readOnly}; mount -t tmpfs none .sandbox; ${command}`,
    needs: mounts,
    ...works,
  },
  {
    name: 'Read-only checkout, the line that the refusal says',
    script: `${readOnly}; next=$(${command} 2>&1 | sed -n 's/^  next  \\(export .*\\) (a folder.*/\\1/p'); echo "$next"; eval "$next" && ${command}`,
    needs: mounts,
    ...works,
  },
  {
    name: 'Read-only checkout',
    script: `${readOnly}; ${command}`,
    needs: mounts,
    ...tells(/next {2}export POSTGATE_SANDBOX_DIR=/),
  },
  {
    name: '`.sandbox` a link to an empty folder',
    script: `mkdir "$HOME/elsewhere" && ln -s "$HOME/elsewhere" .sandbox && ${command}`,
    ...works,
  },
  {
    name: 'User namespace that knows no other user',
    script: `unshare --user --map-root-user bash -c '${command}'`,
    needs: 'unshare --user --map-root-user true',
    ...works,
  },
  {
    name: 'No network',
    script: `unshare --net bash -c 'ip link set lo up && ${command}'`,
    needs: 'unshare --net ip link set lo up',
    ...works,
  },
  {name: 'Outside a git repository', script: `rm -rf .git && ${command}`, ...works},
  {name: 'From a subfolder', script: `cd scripts && ${command.replace('scripts/', '')}`, ...works},
  {
    name: 'By its first line, from another folder',
    script: 'here=$PWD; cd / && "$here/scripts/staging.ts" --sandbox --lang en',
    ...works,
  },
  {
    name: 'Through a link with another name',
    script:
      'ln -s "$PWD/scripts/staging.ts" "$HOME/release" && cd / && "$HOME/release" --sandbox --lang en',
    ...works,
  },
  {
    name: 'Without `npm ci`, by its first line',
    script: './scripts/staging.ts --sandbox --lang en',
    bare: true,
    ...tells(/next {2}\(cd '.*' && npm ci\)/),
  },
  {
    name: 'Without `npm ci`, npx fetches zx',
    script: command.replace('npx', 'npx --yes'),
    bare: true,
    ...tells(/next {2}\(cd '.*' && npm ci\)/),
  },
  {
    name: 'Without git',
    script: `${onlyPrograms('node npx sh env bash dirname readlink setpriv')}; ${command}`,
    ...tells(/next {2}apt-get install -y git;/),
  },
  {
    name: 'Without ssh-keygen',
    script: `${onlyPrograms('node npx sh env bash dirname readlink setpriv git')}; ${command}`,
    ...tells(/next {2}apt-get install -y openssh-client;/),
  },
  {
    name: 'User without a name',
    script: as(nameless, command),
    needs: users,
    user: nameless,
    ...tells(new RegExp(`next {2}useradd --uid ${nameless} `)),
  },
  {
    name: 'Root that may not become another user',
    script: `${onlyPrograms('node npx sh env bash dirname readlink setpriv git ssh-keygen')}; exec setpriv --bounding-set=-all --inh-caps=-all ${command}`,
    needs: 'setpriv --bounding-set=-all true',
    ...tells(/next {2}run the same command as an ordinary user/),
  },
  {
    name: 'Node 18',
    script: './scripts/staging.ts --sandbox --lang en',
    node: '18',
    ...tells(/Node is too old\./),
  },
]
