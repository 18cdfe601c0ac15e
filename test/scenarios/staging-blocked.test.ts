// Goal: what is false is exit 3; all that is missing is named, and nothing changes.

import {suite} from 'uvu'
import {edit, gateOf, publish} from '../helpers/change.ts'
import {refuses, removeBorn} from './refusal.ts'

const blocked = suite('staging, blocked')

blocked.after(removeBorn)

blocked('a blocked start names all that is missing', () =>
  refuses(
    (bundle) => {
      edit(bundle, `docs/${gateOf(bundle)}`, (text) => text.replace(/^- \[x\]/m, '- [ ]'))
      publish(bundle)
      edit(bundle, 'env/.env.staging', (text) =>
        text.replace(/^STAGING_PROJECT_REF=.*$/m, 'STAGING_PROJECT_REF='),
      )
    },
    {
      exit: 3,
      more: ['--break', 'nightly'],
      says: [/- Release Gate validé/, /- CI Nightly verte/, /- .*STAGING_PROJECT_REF/],
    },
  ),
)

blocked.run()
