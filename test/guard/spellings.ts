// Forbidden acts in spellings of other hands, and programs or shapes that nobody knows. Each is one
// line that a runbook might list. `forbidden`: refused even where its author declares it. `unknown`:
// refused until the line above says what it is.

import {unknownCommands} from '../../scripts/lib/guard/authorised/authorised.ts'
import {forbiddenActs} from '../../scripts/lib/guard/forbidden/forbidden.ts'

export interface Spelling {
  readonly how: 'forbidden' | 'unknown'
  readonly text: string
}

const forbidden = [
  // an option that git or getopt completes
  'git ls-remote --upload-pa=./x origin',
  'git clone --templ=./x . copy',
  'git grep --open-f=./x word',
  "env --split 'git push -f origin main'",
  "npx --cal 'git push -f'",
  // an option that is short for a setting or a program
  'git clone -c core.fsmonitor=./x . copy',
  'git init --separate-git-dir=../elsewhere',
  // refspecs that come from elsewhere
  'git fetch --stdin origin',
  // a folder under which the words mean something else
  'git -C .git archive -o refs/heads/main HEAD',
  'git --work-tree=.git checkout work -- refs',
  'git bundle create .git/refs/heads/main HEAD',
  'git worktree add .git/aside',
  // ways around letters
  'rm -f .GIT/refs/heads/main',
  'awk \'{print > ".git/refs/heads/main"}\' notes.txt',
  "sed -n 'w .git/HEAD' notes.txt",
  // hooks and history by an extension of git
  'git lfs install --force',
  'git lfs migrate import --everything',
  // other programs that write refs
  'jj git push --deleted',
  'hub sync',
  'gh pr merge 12 --squash',
  'gh repo sync --force',
  'gh repo edit --default-branch other',
  'glab mr merge 12',
  // a variable that another program runs
  "EDITOR='git push -f' git tag -a v2",
  "SSH_ASKPASS='git push -f' ./scripts/x.sh",
  "RSYNC_RSH='git push -f' rsync a host:b",
  // a variable set by other words
  'printf -v PATH x',
  'for PATH in x; do git status; done',
  // a text that a word holds
  "mapfile -C 'git push -f' -c 1 lines",
  "compgen -C 'git push -f' x",
  "frobnicate --after 'git push -f'",
  "gdb -ex 'shell git push -f' ./x",
  "vim -c ':!git push -f' notes.txt",
  "tar -xf a.tar --to-command='git push -f'",
  "tar -xf a.tar --checkpoint-action=exec='git push -f'",
  "make A='git push -f'",
  "npm pkg set scripts.build='git push -f'",
  "bun exec 'git push -f'",
  // a program behind another
  'strace git push -f',
  'unshare git tag -d v1',
  'fd -e js -x git tag -d v1',
  // code in words, or by an address
  "node --import 'data:text/javascript,1' build.js",
  'python3 -m timeit 1',
  'deno eval 1',
  'deno run https://example.org/x.ts',
  'pwsh -Command x',
  'cmd /c x',
  // later, when nobody compares
  'at now',
  'batch',
  'crontab jobs',
  'systemd-run --on-active=60 ./x.sh',
  // what clears the repository on the way
  'rsync -a --delete empty/ ./',
  'rsync -a --delete-after empty/ ..',
]

const unknown = [
  // programs
  'frobnicate --deploy',
  '/opt/tool/bin/release',
  '../release.sh',
  '.github/../../x.sh',
  'sudo ./scripts/x.sh',
  'xargs ls',
  'psql --file=x.sql',
  'docker run image',
  'kubectl apply --filename x.yaml',
  'npx some-package',
  'npm exec some-package',
  // shapes
  'find build -delete',
  'tar --use-compress-program=./x -xf a.tar',
  'sort --compress-program=./x notes.txt',
  'go build -toolexec=./x .',
  'rsync --rsync-path=./x a host:b',
  'rsync -e ./x a host:b',
  'rsync a/ ../b',
  'ssh -o ProxyCommand=./x host ls',
  'ssh -J other host ls',
  'ssh host',
  'ssh host reboot',
  "ssh host 'ls;id'",
  'curl -K settings https://example.org',
  'curl -o scripts/x.sh https://example.org/x.sh',
  'make SHELL=./x all',
  "make 'A=;x' all",
  'npm run build --script-shell=./x',
  'python3 -m build',
  'node --require ./x build.js',
  'gradle -I x.gradle build',
  'mvn -Dexec=x verify',
  'zip -T -TT ./x a.zip build',
  'cp notes.txt /etc/notes.txt',
  'cp -r . ../copy',
  'rm -rf ./',
  'ls > ../notes.txt',
  'git push origin v2',
  'git config user.name Test',
  // what would be fetched from elsewhere, and run next
  'npm install some-package',
  'npx owner/repository',
  'npx @scope/package',
  'npx vite@npm:other build',
  'rsync -a host:scripts/ scripts/',
  'aws s3 cp s3://bucket/x.sh scripts/x.sh',
  'curl https://example.org/x.sh > scripts/x.sh',
  'cat notes.txt > scripts/x.sh',
  'tar -xf - -C scripts',
  'curl -X DELETE https://api.example.org/site',
  // a folder, a file or a setting that lies outside
  'env -C ../other make all',
  'make -C ../other all',
  'webpack --config ../other/webpack.js',
  'vite build --outDir=/srv/www',
  'go build -o /usr/local/bin/app .',
  'tar -xf ../a.tar',
  'tar -xf a.tar -C ..',
  'ssh -F ../settings host ls',
  'ln -sfn /etc build',
  // a variable that leads a known program to another
  'CC=./x cargo build',
  'ESBUILD_BINARY_PATH=./x npm run build',
  'CHROME_BIN=x ng test',
  'env PUB_HOSTED_URL=https://example.org flutter build web',
  'MAKEFLAGS=--eval=x make all',
  'npm_config_script_shell=./x npm run build',
  'RUSTC_WRAPPER=./x cargo build',
  'JAVA_TOOL_OPTIONS=-javaagent:x.jar mvn verify',
  'env PYTHONPATH=x python3 build.py',
]

export const spellings: readonly Spelling[] = [
  ...forbidden.map((text): Spelling => ({how: 'forbidden', text})),
  ...unknown.map((text): Spelling => ({how: 'unknown', text})),
]

/** As lint sees the line: what it would be refused as, and the programs that it asks to declare. */
export async function judged(
  text: string,
  declared: readonly string[] = [],
): Promise<{as: 'forbidden' | 'unknown' | null; programs: readonly string[]}> {
  const above = declared.map((program) => `# programme ${program} : dit par son auteur\n`)
  const fence = {path: 'runbook.md', line: 1, text: `${above.join('')}${text}`}
  if ((await forbiddenActs(fence.text, {placeholders: true})).length > 0) {
    return {as: 'forbidden', programs: []}
  }
  const programs = (await unknownCommands(fence)).map(({program}) => program)
  return {as: programs.length > 0 ? 'unknown' : null, programs}
}
