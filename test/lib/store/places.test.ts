import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {placesOf} from '../../../scripts/lib/store/places.ts'

const places = suite('places')

const here = {
  project: '/people/u/depot',
  cache: '/people/u/.cache/postgate/0123456789abcdef',
  environment: {HOME: '/people/u'},
}

places('records a path inside the project from the project', () => {
  const {recorded} = placesOf(here)
  assert.is(recorded('cd /people/u/depot && ls "/people/u/depot/web"'), 'cd . && ls "web"')
})

places('records a path in the home without who lives there', () => {
  const {recorded} = placesOf(here)
  assert.is(
    recorded(`pg_dump --file=${here.cache}/backups/a.backup`),
    'pg_dump --file=~/.cache/postgate/0123456789abcdef/backups/a.backup',
  )
})

places('leave what only begins alike, other folders, addresses and quoted words', () => {
  const {recorded} = placesOf(here)
  for (const text of [
    '/people/u/depot-2/x'.replace('/people/u', '/srv'),
    '/srv/people/u/depot',
    'https://host/people/u/x',
    "'/people/u/my site'",
    '/people/u-2/x',
  ])
    assert.is(recorded(text), text)
})

places('record the sandbox beside its project, and a cache elsewhere by its variable', () => {
  const root = '/tmp/try/.sandbox'
  const sandbox = {project: `${root}/project`, cache: `${root}/cache`, environment: {HOME: '/root'}}
  assert.is(
    placesOf({...sandbox, selfContained: true}).recorded(
      `ln -sfn a ${root}/hosting/staging/.current`,
    ),
    'ln -sfn a ../hosting/staging/.current',
  )
  const elsewhere = {...here, cache: '/var/cache/postgate/01'}
  assert.is(
    placesOf(elsewhere).recorded('/var/cache/postgate/01/x'),
    '$XDG_CACHE_HOME/postgate/01/x',
  )
})

places('find again here what was recorded', () => {
  for (const given of [here, {...here, cache: '/var/cache/postgate/01'}]) {
    const {recorded, found} = placesOf(given)
    for (const path of [`${given.cache}/a`, `${given.project}/b`, '/srv/www', `${given.cache}`])
      assert.is(found(recorded(path)), path)
  }
})

places.run()
