// Goal: a site's build and the folder of its result are found where teams have them: in a folder, in a workspace,
// in the host's own file. Method: repositories as maps of files.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {nodeBuild} from '../../../../scripts/lib/tools/init/node-build.ts'

const found = suite('a build for Node')

const inFiles = (files: Readonly<Record<string, string>>) =>
  nodeBuild({
    root: '/',
    paths: Object.keys(files).sort(),
    text: async (path) => files[path] ?? null,
  })

const pkg = (scripts: object, dependencies: object = {}, more: object = {}) =>
  JSON.stringify({scripts, devDependencies: dependencies, ...more})
const vite = {vite: '7'}
const workspaces = {
  'package.json': pkg({build: 'npm run build --workspaces'}, {}, {workspaces: ['apps/*']}),
  'apps/shop/package.json': pkg({build: 'tsc && vite build'}, vite),
  'apps/shop/index.html': '',
  'packages/ui/package.json': pkg({build: 'tsup'}),
}

for (const [name, files, build, folders] of [
  [
    'alone at the root',
    {'package.json': pkg({build: 'vite build'}, vite)},
    {run: 'npm run build', output: 'dist', folder: ''},
    [''],
  ],
  [
    'by its bundler',
    {'package.json': pkg({build: 'react-scripts build'}, {'react-scripts': '5'}), 'yarn.lock': ''},
    {run: 'yarn run build', output: 'build', folder: ''},
    [''],
  ],
  [
    'where the bundler is told to put it',
    {
      'package.json': pkg({build: 'npm run build --prefix web'}),
      'web/package.json': pkg({build: 'vite build'}, vite),
      'web/vite.config.ts': "export default {build: {outDir: '../public'}}",
    },
    {run: 'npm run build', output: 'public', folder: ''},
    ['', 'web'],
  ],
  [
    'in a workspace',
    workspaces,
    {run: 'npm run build', output: 'apps/shop/dist', folder: ''},
    ['', 'apps/shop'],
  ],
  [
    'in the only folder that has one',
    {'frontend/package.json': pkg({build: 'vite build'}, vite), 'frontend/pnpm-lock.yaml': ''},
    {run: 'pnpm run build', output: 'frontend/dist', folder: 'frontend'},
    ['frontend'],
  ],
  [
    'as Netlify builds it, in its base',
    {
      ...workspaces,
      'netlify.toml':
        '[build]\n  base = "apps/shop/"\n  command = "npm run build:web"\n  publish = "out"\n[dev]\n  publish = "no"\n',
    },
    {run: 'npm run build:web', output: 'apps/shop/out', folder: 'apps/shop'},
    ['apps/shop'],
  ],
  [
    'as Firebase serves it',
    {
      ...workspaces,
      'firebase.json': '{"hosting": [{"target": "shop", "public": "apps/shop/build"}]}',
    },
    {run: 'npm run build', output: 'apps/shop/build', folder: ''},
    ['', 'apps/shop'],
  ],
  [
    'as Vercel builds it; what installs first is not taken over',
    {
      ...workspaces,
      'vercel.json': '{"buildCommand": "npm ci && npm run x", "outputDirectory": "web"}',
    },
    {run: 'npm run build', output: 'web', folder: ''},
    ['', 'apps/shop'],
  ],
  [
    'of two that nothing tells apart, none',
    {
      'a/package.json': pkg({build: 'vite build'}, vite),
      'b/package.json': pkg({build: 'vite build'}, vite),
    },
    null,
    ['a', 'b'],
  ],
  [
    'where there is none',
    {'package.json': '{', 'server/package.json': pkg({start: 'x'})},
    null,
    [],
  ],
] as const)
  found(name, async () => {
    assert.equal(await inFiles(files), {build, folders: [...folders]})
  })

found.run()
