'use strict'
// Loaded into a vendor's CLI before its own code. No connection leaves this machine: names that the test
// stands in for are answered on loopback, any other is refused and noted.

const {appendFileSync} = require('node:fs')
const {Socket} = require('node:net')

/** Host name to port on loopback. */
const known = JSON.parse(process.env.LOOPBACK_HOSTS ?? '{}')
const log = process.env.LOOPBACK_LOG
const connect = Socket.prototype.connect

Socket.prototype.connect = function (...given) {
  // Normalised arguments come as one array, others as an object, or as port and host.
  const [first] = given
  const listed = Array.isArray(first) ? first : null
  const options =
    (listed ?? given)[0] !== null && typeof (listed ?? given)[0] === 'object'
      ? (listed ?? given)[0]
      : {port: first, host: typeof given[1] === 'string' ? given[1] : 'localhost'}
  if (options.path) return connect.apply(this, given)
  const host = options.host ?? 'localhost'
  if (/^(localhost|127(\.\d+){3}|::1)$/.test(host)) return connect.apply(this, given)
  const port = known[host]
  if (port === undefined) {
    appendFileSync(log, `${host}:${options.port}\n`)
    const error = Object.assign(new Error(`connect ECONNREFUSED ${host}`), {code: 'ECONNREFUSED'})
    process.nextTick(() => this.destroy(error))
    return this
  }
  // The name stays for the certificate.
  const local = {...options, servername: options.servername ?? host, host: '127.0.0.1', port}
  if (listed === null) return connect.call(this, local, ...given.slice(1))
  return connect.call(this, Object.assign([local, ...listed.slice(1)], copySymbols(listed)))
}

// Node marks an array of normalised arguments with a symbol of its own.
function copySymbols(from) {
  return Object.fromEntries(Object.getOwnPropertySymbols(from).map((key) => [key, from[key]]))
}
