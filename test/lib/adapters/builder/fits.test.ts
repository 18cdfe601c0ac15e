// Goal: what a build would fail at is known from the checkpoint alone, with what mends it; what cannot be
// told is left to the build. Method: checkpoints as maps of files; a Flutter that keeps its version beside it.

import {chmodSync} from 'node:fs'
import {join} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {commandBuilder} from '../../../../scripts/lib/adapters/builder/command.ts'
import {flutter} from '../../../../scripts/lib/adapters/builder/flutter.ts'
import {inLang} from '../../../../scripts/lib/domain/text.ts'
import type {CommittedFiles} from '../../../../scripts/lib/kit/ports/committed-files.ts'
import {temporaryFolder} from '../../../helpers/folder.ts'
import {testProject, testTools, testWorld} from '../../../helpers/world.ts'

const fits = suite('a build that fits')

/** A path that ends in `*` is a program. */
function checkpoint(given: Readonly<Record<string, string>>): CommittedFiles {
  const programs = new Set(
    Object.keys(given)
      .filter((path) => path.endsWith('*'))
      .map((path) => path.slice(0, -1)),
  )
  const files = new Map(
    Object.entries(given).map(([path, text]) => [path.replace(/\*$/, ''), text]),
  )
  return {
    text: async (path) => files.get(path) ?? null,
    list: async (folder) =>
      [...files.keys()].filter(
        (path) =>
          folder === '' || folder === '.' || path.startsWith(`${folder.replace(/\/$/, '')}/`),
      ),
    executable: async (path) => (files.has(path) ? programs.has(path) : null),
  }
}

async function command(run: string, files: Readonly<Record<string, string>>, folder = '') {
  const builder = {adapter: 'command', run, output: 'dist', ...(folder !== '' && {folder})}
  const world = testWorld({project: '/nowhere', cache: '/nowhere', environment: {PATH: '/nowhere'}})
  const {verdict, observed, next} = await commandBuilder(
    await testTools({world, project: testProject({builder})}),
  ).fits(checkpoint(files))
  return `${verdict}: ${inLang(observed, 'en')} / ${inLang(next ?? '', 'en')}`
}

const pkg = (scripts: object, more: object = {}) => JSON.stringify({scripts, ...more})
const vite = {devDependencies: {vite: '7'}}

fits('a command by its program, script or target', async () => {
  for (const [run, files, expected] of [
    ['./tools/build.sh', {'tools/build.sh*': 'make'}, /^pass/],
    [
      './tools/build.sh',
      {'tools/build.sh': 'make'},
      /^fail: .*not executable.*git update-index --chmod=\+x tools\/build\.sh/,
    ],
    ['./tools/build.sh', {}, /^fail: tools\/build\.sh is not in the checkpoint/],
    ['sh tools/build.sh', {'tools/build.sh': 'make'}, /^pass/],
    ['node tools/build.js', {}, /^fail: tools\/build\.js is not in/],
    ['make web', {Makefile: 'all: web\nweb: a b\n\techo\n'}, /^pass/],
    ['make wbe', {Makefile: 'all: web\nweb: a b\n\techo\n'}, /^fail: Makefile has no target wbe/],
    ['make web', {}, /^fail: Makefile is not in/],
    ['make x', {Makefile: 'include rules.mk\n'}, /^pass/],
    ['npm run build', {'package.json': pkg({build: 'node build.js'})}, /^pass/],
    [
      'npm run build',
      {'package.json': pkg({bild: 'x', test: 'y'})},
      /^fail: .*no script build.*bild, test/,
    ],
    ['npm run build', {}, /^fail: package\.json is not in/],
    [
      'npm run build',
      {'package.json': pkg({build: 'vite build'}, vite), 'package-lock.json': '{}'},
      /^fail: vite comes from node_modules.*npm pkg set scripts\.prebuild="npm ci"/,
    ],
    [
      'npm run build',
      {'package.json': pkg({build: 'vite build'}, vite)},
      /^fail: .*scripts\.prebuild="npm install"/,
    ],
    [
      'yarn build',
      {'package.json': pkg({build: 'vite build'}, vite)},
      /^fail: .*scripts\.prebuild="yarn install"/,
    ],
    [
      'yarn run build',
      {
        'package.json': pkg({build: 'vite build'}, vite),
        '.yarnrc.yml': 'nodeLinker: node-modules\n',
      },
      /^fail: .*npm pkg set scripts\.build='yarn install && vite build'; to be committed/,
    ],
    [
      'npm run build',
      {'package.json': pkg({build: 'vite build', prebuild: 'npm ci'}, vite)},
      /^pass/,
    ],
    ['npm run build', {'package.json': pkg({build: 'npm ci && vite build'}, vite)}, /^pass/],
    [
      'npm run build',
      {'package.json': pkg({build: 'vite build'}, vite), 'node_modules/vite/package.json': '{}'},
      /^pass/,
    ],
    ['hugo', {}, /^pass/],
  ] as const) {
    assert.match(await command(run, files), expected, run)
  }
  assert.match(await command('make web', {'site/Makefile': 'web:\n'}, 'site'), /^pass/)
  assert.match(await command('make web', {Makefile: 'web:\n'}, 'site'), /^fail: site is not in/)
})

fits('a build that reads an env file which no worktree has is told what to read', async () => {
  const files = {'build.sh*': 'source .env.staging\nnpx build\n'}
  assert.match(
    await command('./build.sh', files),
    /^fail: build\.sh reads \.env\.staging.*POSTGATE_DEFINES_FILE/,
  )
  assert.match(await command('./build.sh', {...files, '.env.staging': ''}), /^pass/)
  const scripts = {'package.json': pkg({build: 'dotenv -e .env -- node build.js'})}
  assert.match(await command('npm run build', scripts), /^fail: the script build reads \.env/)
})

fits('a build of workspaces by what the scripts behind it need', async () => {
  const root = (build: string, more: object = {}) => ({
    'package.json': pkg({build}, {workspaces: ['apps/*', 'packages/**'], ...more}),
    'package-lock.json': '{}',
    'apps/site/package.json': pkg({build: 'tsc -b && vite build'}, {name: '@x/site', ...vite}),
    'packages/a/ui/package.json': pkg({build: 'true'}, {name: 'ui'}),
    'functions/package.json': pkg({build: 'esbuild'}, {devDependencies: {esbuild: '1'}}),
  })
  const site = /^fail: tsc comes from node_modules.*npm pkg set scripts\.prebuild="npm ci"/
  for (const [run, files, expected] of [
    ['npm run build', root('npm run build --workspaces --if-present'), site],
    ['npm run build', root('npm run build -w apps/site'), site],
    ['npm run build', root('npm run build --workspace=@x/site'), site],
    ['npm run build', root('npm --prefix apps/site run build'), site],
    [
      'npm run build',
      root('npm run site', {
        scripts: {build: 'npm run site', site: 'cd apps/site && npm run build'},
      }),
      site,
    ],
    ['npm run build', root('yarn workspace @x/site build'), site],
    ['pnpm build', root('pnpm -r build'), /^fail: tsc .*scripts\.prebuild="pnpm install"/],
    ['npm run build', root('true && turbo run build'), /^fail: turbo comes from node_modules/],
    [
      'npm run build -w apps/site',
      root('true'),
      /^fail: tsc comes from.*npm pkg set --prefix apps\/site scripts\.prebuild="npm ci"/,
    ],
    ['npm run build', root('npm run build -w ui'), /^pass/],
    ['npm run build', root('npm run build --workspaces', {workspaces: ['packages/**']}), /^pass/],
    ['npm run build', root('npm ci && npm run build --workspaces'), /^pass/],
    ['npm run build', root('npm run build'), /^pass/],
    ['npm run build', root('npm run build -w nobody'), /^pass/],
  ] as const) {
    assert.match(await command(run, files), expected, JSON.stringify([run, files['package.json']]))
  }
  const inside = root('true')
  assert.match(
    await command('npm run build', inside, 'functions'),
    /^fail: esbuild .*npm pkg set --prefix functions scripts\.prebuild="npm install"/,
  )
})

async function flutterBuild(
  files: Readonly<Record<string, string>>,
  more: object = {},
  version = '',
) {
  const folder = temporaryFolder({'flutter/bin/flutter': '#!/bin/sh\n', 'flutter/version': version})
  chmodSync(join(folder.path, 'flutter/bin/flutter'), 0o755)
  try {
    const environment = {PATH: join(folder.path, 'flutter/bin')}
    const world = testWorld({project: folder.path, cache: folder.path, environment})
    const builder = {adapter: 'flutter', ...more}
    const {verdict, observed, next} = await flutter(
      await testTools({world, project: testProject({builder})}),
    ).fits(checkpoint(files))
    return `${verdict}: ${inLang(observed, 'en')} / ${inLang(next ?? '', 'en')}`
  } finally {
    folder.remove()
  }
}

const web = {'pubspec.yaml': 'name: x\n', 'lib/main.dart': '', 'web/index.html': ''}
const assets = (list: string) => ({
  ...web,
  'pubspec.yaml': `name: x\nflutter:\n  assets: ${list}\n`,
})

fits('Flutter by what it needs of a web application', async () => {
  const {'web/index.html': _, ...mobile} = web
  for (const [files, more, expected] of [
    [web, {}, /^pass/],
    [{}, {}, /^fail: pubspec\.yaml is not in/],
    [mobile, {}, /^fail: web\/index\.html.*flutter create --platforms web \./],
    [web, {output: 'dist'}, /^fail: Flutter builds into build\/web, builder\.output says dist/],
    [assets('[images/logo.png]'), {}, /^fail: .*images\/logo\.png.*commit them/],
    [{...assets('[images/logo.png]'), 'images/2.0x/logo.png': ''}, {}, /^pass/],
    [{...assets('[images/]'), 'images/a.png': ''}, {}, /^pass/],
    [assets('[.env]'), {}, /^fail: .*\.env.*defines in postgate\.yaml/],
    [assets('[packages/other/a.png]'), {}, /^pass/],
  ] as const) {
    assert.match(await flutterBuild(files, more), expected)
  }
  const below = Object.fromEntries(Object.entries(web).map(([path, text]) => [`app/${path}`, text]))
  assert.match(await flutterBuild(below, {folder: 'app'}), /^fail: .*output: app\/build\/web/)
  assert.match(await flutterBuild(below, {folder: 'app', output: 'app/build/web'}), /^pass/)
})

fits('Flutter by its version, where it says one', async () => {
  assert.match(await flutterBuild(web, {}, '3.3.10'), /^fail: Flutter 3\.3 does not know/)
  assert.match(
    await flutterBuild(web, {}, '3.19.6'),
    /^fail: Flutter 3\.19 builds no flutter_bootstrap\.js/,
  )
  assert.match(await flutterBuild(web, {entries: ['index.html']}, '3.19.6'), /^pass/)
  assert.match(await flutterBuild(web, {}, '3.38.1'), /^pass/)
})

fits.run()
