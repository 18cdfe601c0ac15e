import {existsSync, readFileSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {commandBuilder} from '../../../../scripts/lib/adapters/builder/command.ts'
import {builtVersion, flutter} from '../../../../scripts/lib/adapters/builder/flutter.ts'
import {temporaryFolder} from '../../../helpers/folder.ts'
import {perform, testProject, testTools, testWorld} from '../../../helpers/world.ts'

const builders = suite('builders')

async function stand(builder: Record<string, unknown>, fence: string, environment = {}) {
  const folder = temporaryFolder({
    'app/pubspec.yaml': 'name: x\n',
    'app/build.sh':
      '#!/bin/sh\nmkdir -p dist && cp "$POSTGATE_DEFINES_FILE" dist/defines.json && echo "$VITE_URL,$URL" > dist/variables && printf \'{"version":"%s","build_number":"%s"}\' "$POSTGATE_VERSION" "$POSTGATE_BUILD_NUMBER" > dist/version.json\n',
    'defines.json': '{"URL":"x"}',
  })
  const {chmodSync} = await import('node:fs')
  chmodSync(join(folder.path, 'app/build.sh'), 0o755)
  chmodSync(join(folder.path, 'defines.json'), 0o600)
  const world = testWorld({project: folder.path, cache: folder.path, environment})
  const project = testProject({builder})
  return {folder, tools: await testTools({world, project, fence})}
}

const input = (folder: string) => ({
  folder,
  definesFile: join(folder, 'defines.json'),
  defines: {URL: 'x', VITE_URL: 'https://x.example'},
  version: '1.2.3',
  number: '42',
})

builders('flutter: in its subfolder, with version and number read back', async () => {
  const {folder, tools} = await stand(
    {adapter: 'flutter', folder: 'app', output: 'app/build/web'},
    'flutter build web --release --dart-define-from-file=<f> --build-name=<v> --build-number=<n>',
    {PATH: `${resolve('test/fixtures/builder/bin')}:${process.env.PATH}`},
  )
  try {
    const builder = flutter(tools)
    assert.is((await builder.ready()).verdict, 'pass')
    await perform(builder.build(input(folder.path)))
    assert.is(await builder.versionOf(join(folder.path, builder.output)), '1.2.3+42')
    for (const entry of builder.entries) {
      assert.ok(existsSync(join(folder.path, builder.output, entry)), entry)
    }
  } finally {
    folder.remove()
  }
})

builders('flutter that is missing is found beforehand', async () => {
  const {folder, tools} = await stand({adapter: 'flutter'}, '', {PATH: '/nowhere'})
  try {
    assert.is((await flutter(tools).ready()).verdict, 'fail')
  } finally {
    folder.remove()
  }
})

builders('command: gets version and public values through its environment', async () => {
  const {folder, tools} = await stand(
    {adapter: 'command', run: './build.sh', folder: 'app', output: 'app/dist'},
    './build.sh',
  )
  try {
    const builder = commandBuilder(tools)
    await perform(builder.build(input(folder.path)))
    assert.is(await builder.versionOf(join(folder.path, 'app/dist')), '1.2.3+42')
    assert.is(readFileSync(join(folder.path, 'app/dist/defines.json'), 'utf8'), '{"URL":"x"}')
    // A bundler takes what bears its prefix from there; nothing else is set for the programs of a build.
    const variables = readFileSync(join(folder.path, 'app/dist/variables'), 'utf8')
    assert.is(variables, 'https://x.example,\n')
  } finally {
    folder.remove()
  }
})

builders('command: what the runbook does not list does not run', async () => {
  const {folder, tools} = await stand(
    {adapter: 'command', run: './build.sh', folder: 'app', output: 'app/dist'},
    'npm run build',
  )
  try {
    let refused = ''
    try {
      await perform(commandBuilder(tools).build(input(folder.path)))
    } catch (error) {
      refused = error instanceof Error ? error.message : ''
    }
    assert.match(refused, 'Command refused')
    assert.not(existsSync(join(folder.path, 'app/dist')))
  } finally {
    folder.remove()
  }
})

builders('command: shell syntax in the project file is refused', async () => {
  for (const run of ['a; b', 'a && b', 'a $(b)', "a 'b'", 'a > b', '', 'a  b']) {
    const {folder, tools} = await stand({adapter: 'command', run, output: 'dist'}, '')
    try {
      assert.throws(() => commandBuilder(tools), /builder\.run/)
    } finally {
      folder.remove()
    }
  }
})

builders('a version.json that says nothing is no version', async () => {
  const folder = temporaryFolder({'a/version.json': '{"app_name":"x"}', 'b/version.json': '{'})
  try {
    assert.is(await builtVersion(join(folder.path, 'a')), null)
    assert.is(await builtVersion(join(folder.path, 'b')), null)
    assert.is(await builtVersion(join(folder.path, 'c')), null)
  } finally {
    folder.remove()
  }
})

builders.run()
