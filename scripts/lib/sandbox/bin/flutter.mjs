// SANDBOX: a stand-in for `flutter`. It checks its arguments and refuses nonsense (64), builds a small
// web application that a browser can open, and makes every build differ, as the real one does.

import {createHash, randomBytes, randomInt} from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import {dirname, join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'

const words = process.argv.slice(2)
const [command, ...rest] = words
const broken = breakName()

if (command === '--version') {
  say('Flutter 3.38.0 (SANDBOX) • channel stable\nTools • Dart 3.10.0')
} else if (command === 'analyze' && rest.length === 0) {
  say('Analyzing (SANDBOX)...\nNo issues found!')
} else if (command === 'test' && rest.length === 0) {
  say('00:01 +1: All tests passed! (SANDBOX)')
} else if (command === 'build' && rest[0] === 'web') {
  await build(optionsOf(rest.slice(1)))
} else {
  refuse(`Could not find a command named "${words.join(' ')}".`)
}

/** Exactly the flags that a release needs, each once; anything else is nonsense. */
function optionsOf(flags) {
  const found = new Map()
  for (const flag of flags) {
    const [, name, value] = /^--([a-z-]+)(?:=(.*))?$/s.exec(flag) ?? []
    if (name === undefined) refuse(`Unexpected argument "${flag}".`)
    if (found.has(name)) refuse(`The flag --${name} was given twice.`)
    found.set(name, value)
  }
  for (const name of found.keys()) {
    if (!['release', 'dart-define-from-file', 'build-name', 'build-number'].includes(name)) {
      refuse(`Could not find an option named "--${name}".`)
    }
  }
  if (!found.has('release') || found.get('release') !== undefined) refuse('--release is missing.')
  const file = found.get('dart-define-from-file')
  const version = found.get('build-name')
  const number = found.get('build-number')
  if (!file) refuse('--dart-define-from-file is missing.')
  if (!/^\d+\.\d+\.\d+([-+][\w.-]+)?$/.test(version ?? '')) refuse('--build-name is no version.')
  if (!/^[1-9]\d*$/.test(number ?? '')) refuse('--build-number is no positive number.')
  return {file, version, number}
}

async function build({file, version, number}) {
  if (!existsSync('pubspec.yaml')) stop('Error: No pubspec.yaml file found.')
  if (!existsSync('lib/main.dart')) stop('Target file "lib/main.dart" not found.')
  if (!existsSync('web/index.html')) stop('This project is not configured for the web.')
  const name = /^name:\s*(\S+)/m.exec(readFileSync('pubspec.yaml', 'utf8'))?.[1] ?? 'app'
  const defines = definesOf(file)
  say('SANDBOX: this is a stand-in for Flutter.')
  say('Resolving dependencies...')
  await work(200)
  say('Compiling lib/main.dart for the Web...')
  await work(600)
  if (broken === 'build') {
    stop("lib/main.dart:12:3: Error: The method 'runApp' isn't defined. (SANDBOX: --break build)")
  }
  write({name, version, number, defines})
  await work(200)
  say('Compiling lib/main.dart for the Web...                              1.0s')
  say('✓ Built build/web')
}

function definesOf(file) {
  let text = ''
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    stop(`Did not find the file passed to "--dart-define-from-file". Path: ${file}`)
  }
  try {
    const found = JSON.parse(text)
    if (typeof found !== 'object' || found === null || Array.isArray(found))
      throw new Error('shape')
    return found
  } catch {
    if (text.trimStart().startsWith('{')) stop(`Unable to parse the file at path "${file}".`)
  }
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'))
  return Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)))
}

function write({name, version, number, defines}) {
  const out = 'build/web'
  rmSync(out, {recursive: true, force: true})
  mkdirSync(out, {recursive: true})
  cpSync('web', out, {recursive: true})
  const put = (path, content) => {
    mkdirSync(dirname(join(out, path)), {recursive: true})
    writeFileSync(join(out, path), content)
  }
  const id = randomBytes(16).toString('hex')
  put('main.dart.js', mainScript(defines, id))
  put('flutter.js', '// SANDBOX\nglobalThis._flutter ??= {loader: {}};\n')
  put(
    'flutter_bootstrap.js',
    `// SANDBOX\nglobalThis._flutter = {buildConfig: {engineRevision: "sandbox", builds: [{compileTarget: "dart2js", renderer: "canvaskit", mainJsPath: "main.dart.js"}]}};\nconst script = document.createElement("script");\nscript.src = "main.dart.js";\ndocument.body.append(script);\n`,
  )
  put(
    'version.json',
    JSON.stringify({app_name: name, version, build_number: number, package_name: name}),
  )
  put('.last_build_id', id)
  put('assets/AssetManifest.bin', bytes('manifest', 512))
  put('assets/AssetManifest.bin.json', JSON.stringify(bytes('manifest', 512).toString('base64')))
  put(
    'assets/FontManifest.json',
    JSON.stringify([
      {family: 'MaterialIcons', fonts: [{asset: 'fonts/MaterialIcons-Regular.otf'}]},
    ]),
  )
  put('assets/NOTICES', 'SANDBOX\n')
  put('assets/fonts/MaterialIcons-Regular.otf', bytes('icons', 9_000))
  put('canvaskit/canvaskit.js', '// SANDBOX\n')
  put('canvaskit/canvaskit.wasm', bytes('canvaskit', 60_000))
  if (broken === 'size') put('assets/demonstration.mp4', randomBytes(1_500_000))
  const listed = ['main.dart.js', 'index.html', 'version.json'].map((path) => [
    path,
    createHash('md5')
      .update(readFileSync(join(out, path)))
      .digest('hex'),
  ])
  put(
    'flutter_service_worker.js',
    `'use strict';\n// SANDBOX\nconst CACHE_VERSION = "${randomInt(1_000_000_000)}";\nconst RESOURCES = ${JSON.stringify(Object.fromEntries(listed))};\n`,
  )
}

/** Boots for real: pages by the hash, and the elements by which a browser sees that Flutter is up. */
function mainScript(defines, id) {
  const sources = filesOf('lib').map((path) => [path, readFileSync(path, 'utf8').length])
  const secret =
    broken === 'secret-in-build' ? `const admin = ${JSON.stringify(serviceKey())};\n` : ''
  return `// SANDBOX: compiled by a stand-in.
(function dartProgram() {
"use strict";
const environment = ${JSON.stringify(defines)};
const build = "${id}";
const sources = ${JSON.stringify(sources)};
${secret}const pages = {"/": "Accueil", "/commandes": "Commandes en cours", "/stock": "Stock disponible"};
const view = document.createElement("flutter-view");
view.append(document.createElement("flt-glass-pane"));
const page = document.createElement("main");
page.id = "page";
document.body.append(view, page);
function show() {
  const route = location.hash.slice(1) || "/";
  page.textContent = pages[route] ?? "Page inconnue";
  page.dataset.route = route;
  document.title = (pages[route] ?? "?") + " · Dépôt Central (SANDBOX)";
}
addEventListener("hashchange", show);
show();
document.documentElement.dataset.ready = "true";
})();
${filler('main', 120_000)}
`
}

/** A token that must never reach a client, as a careless build would compile it in. */
function serviceKey() {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const body = {iss: 'supabase', ref: 'sandbox', role: 'service_role', iat: 1, exp: 4_102_444_800}
  return `${part({alg: 'HS256', typ: 'JWT'})}.${part(body)}.${randomBytes(32).toString('base64url')}`
}

function filesOf(folder) {
  return readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort()
}

/** The same bytes for the same seed: only what a build really changes differs. */
function bytes(seed, length) {
  const blocks = []
  for (let n = 0; n * 32 < length; n++)
    blocks.push(createHash('sha256').update(`${seed}${n}`).digest())
  return Buffer.concat(blocks).subarray(0, length)
}

function filler(seed, length) {
  const text = bytes(seed, Math.floor((length * 3) / 4)).toString('base64')
  return (text.match(/.{1,110}/g) ?? []).map((line) => `// ${line}`).join('\n')
}

function breakName() {
  try {
    return JSON.parse(
      readFileSync(join(dirname(fileURLToPath(import.meta.url)), '../break.json'), 'utf8'),
    ).name
  } catch {
    return null
  }
}

function work(ms) {
  return sleep(process.env.POSTGATE_SANDBOX_HASTE === '1' ? 0 : ms)
}

function say(line) {
  process.stdout.write(`${line}\n`)
}

function stop(line) {
  process.stderr.write(`${line}\n`)
  process.exit(1)
}

function refuse(line) {
  process.stderr.write(
    `${line}\nRun 'flutter -h' (or 'flutter <command> -h') for available flutter commands and options. (SANDBOX)\n`,
  )
  process.exit(64)
}
