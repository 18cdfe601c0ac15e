// A Google service account as a person downloads it, and the key by which a fake of Google's knows it.

import {generateKeyPairSync} from 'node:crypto'

export interface ServiceAccount {
  /** PEM; what the fake verifies with. */
  readonly publicKey: string
  /** The text of the file that GOOGLE_APPLICATION_CREDENTIALS names. */
  readonly file: string
}

/** Each has a key of its own: one that a fake was not given is a revoked one. */
export function serviceAccount(): ServiceAccount {
  const {privateKey, publicKey} = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: {type: 'spki', format: 'pem'},
    privateKeyEncoding: {type: 'pkcs8', format: 'pem'},
  })
  const file = JSON.stringify({
    type: 'service_account',
    project_id: 'essai',
    client_email: 'deploy@essai.example.org',
    private_key_id: '1',
    private_key: privateKey,
  })
  return {publicKey, file}
}
