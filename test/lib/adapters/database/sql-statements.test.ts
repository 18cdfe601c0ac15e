import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {planOf, refuseOldServer} from '../../../../scripts/lib/adapters/database/reset-inputs.ts'
import {sqlStatements} from '../../../../scripts/lib/adapters/database/sql-statements.ts'
import {Problem} from '../../../../scripts/lib/domain/problem.ts'
import {inLang} from '../../../../scripts/lib/domain/text.ts'

const statements = suite('sql statements')
const cut = (source: string) => sqlStatements(source, 'x.sql').map(({sql}) => sql)

const kept: Readonly<Record<string, readonly [string, readonly string[]]>> = {
  'a semicolon in a string': [`select ';'; select 2`, [`select ';'`, 'select 2']],
  'a doubled quote': [`select 'a'';b'; select 2`, [`select 'a'';b'`, 'select 2']],
  'a backslash in an E string': [`select E'\\';'; select 2`, [`select E'\\';'`, 'select 2']],
  'a backslash in a plain string': [`select '\\'; select 2`, [`select '\\'`, 'select 2']],
  'a quoted identifier': [`select 1 as "a;b"; select 2`, [`select 1 as "a;b"`, 'select 2']],
  'a dollar quote': ['select $$;$$; select 2', ['select $$;$$', 'select 2']],
  'a tagged dollar quote': ['do $x$ $$;$$ $x$; select 2', ['do $x$ $$;$$ $x$', 'select 2']],
  'a dollar in a name': ['select a$b; select c$b', ['select a$b', 'select c$b']],
  'a parameter': ['prepare p as select $1; select 2', ['prepare p as select $1', 'select 2']],
  'a comment': ['select 1 -- a;\n; select 2', ['select 1 -- a;\n', 'select 2']],
  'nested comments': [
    'select /* /* ; */ ; */ 1; select 2',
    ['select /* /* ; */ ; */ 1', 'select 2'],
  ],
  'comments alone': ['-- nothing\n/* at all */\n;;', []],
  'an atomic body': [
    'create function f() begin atomic select case when true then 1 end; select 2; end; select 3',
    [
      'create function f() begin atomic select case when true then 1 end; select 2; end',
      'select 3',
    ],
  ],
  'transaction commands of its own': [
    'begin; select 1; COMMIT; start transaction; end;',
    ['select 1'],
  ],
  'pg_dump’s frame': ['\\restrict abc\nselect 1;\n\\unrestrict abc\n', ['select 1']],
  'a byte order mark and CRLF': ['\uFEFFselect 1;\r\nselect 2;\r\n', ['select 1', 'select 2']],
  concurrently: [
    'CREATE UNIQUE INDEX concurrently i on t (a); drop index concurrently i',
    ['CREATE UNIQUE INDEX i on t (a)', 'drop index i'],
  ],
}

for (const [name, [source, expected]] of Object.entries(kept)) {
  statements(`knows ${name}`, () => assert.equal(cut(source), expected))
}

statements('keeps the rows of a COPY apart, and goes on behind them', () => {
  const source = `select 1;
COPY public.t (a, "b;c") FROM stdin WITH (NULL 'x');
1;\tit's
\\.x
\\.
select 'later';
copy u from stdin;
\\.
`
  assert.equal(
    sqlStatements(source, 'x.sql').map(({line, rows}) => [line, rows]),
    [
      [1, undefined],
      [2, "1;\tit's\n\\.x\n"],
      [6, undefined],
      [7, ''],
    ],
  )
})

for (const [source, line] of [
  ["select 1;\nselect 'open", 2],
  ['select 1;\n\n/* open', 3],
  ['do $x$ open', 1],
  ['select "open', 1],
  ['select 1;\nrollback;', 2],
  ['vacuum full', 1],
  ['alter system set x = 1', 1],
  ['create database x', 1],
  ['select 1;\ncopy t from stdin;\n1\n', 2],
  ['copy t from stdin', 1],
  ['\\connect other', 1],
] as const) {
  statements(`refuses ${JSON.stringify(source)} at line ${line}`, () => {
    try {
      cut(source)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      assert.equal(error.parts.at, {path: 'x.sql', line})
      assert.is(error.parts.exit, 2)
      return
    }
    assert.unreachable()
  })
}

const files = ['1', '2', '3', '4'].map((version) => ({
  ...{version, path: `${version}.sql`, name: '', statements: []},
}))
const planned = (production: string[] | null, staging: string[] | null) =>
  planOf(files, {migrations: production}, staging).map((part) => [
    part.files.map(({version}) => version).join(''),
    part.next,
  ])

statements('compares where PROD stands, and puts rows back where STAGING stood', () => {
  assert.equal(planned(['1', '2'], ['1', '2']), [
    ['12', 'restore'],
    ['', 'compare'],
    ['34', null],
  ])
  assert.equal(planned(['1', '2'], ['1', '2', '3']), [
    ['12', 'compare'],
    ['3', 'restore'],
    ['4', null],
  ])
  assert.equal(planned(['1', '2', '3'], ['1']), [
    ['1', 'restore'],
    ['23', 'compare'],
    ['4', null],
  ])
  assert.equal(planned(['1', '2'], ['1', '3']), [
    ['12', 'compare'],
    ['3', 'restore'],
    ['4', null],
  ])
  assert.equal(planned(null, null), [
    ['1234', 'restore'],
    ['', 'compare'],
    ['', null],
  ])
  assert.equal(planned(['1'], ['foreign']), [
    ['1', 'restore'],
    ['', 'compare'],
    ['234', null],
  ])
})

statements('a server that does not tell how its catalogues refer to each other is refused', () => {
  refuseOldServer(14)
  assert.throws(
    () => refuseOldServer(13),
    (error: unknown) =>
      error instanceof Problem &&
      error.parts.exit === 3 &&
      /PostgreSQL 13.*14/.test(inLang(error.parts.why ?? '', 'en')),
  )
})

statements.run()
