// pg_dump 18 as a program, for a machine that has none of its server's version: npm's build of it.

import {npmPgDump} from '../helpers/npm-pg-dump.ts'

const variables = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  ),
)
const {exit, stdout, stderr} = await npmPgDump('pg_dump', process.argv.slice(2), variables)
process.stdout.write(stdout)
process.stderr.write(stderr)
process.exit(exit ?? 1)
