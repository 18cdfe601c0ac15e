// Lets Node 20 read TypeScript. `.npmrc` passes this package to `node --import`, so that `npx zx x.ts`
// works on every Node that the bundle supports; where Node reads TypeScript itself this file does nothing.

// A step's child processes must not inherit the loader: they run in folders that do not have it.
delete process.env.NODE_OPTIONS
delete process.env.npm_config_node_options

if (!process.features.typescript) {
  const {register} = await import('node:module')
  register('./hooks.js', import.meta.url)
}
