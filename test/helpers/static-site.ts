// A static web server over a folder, as a host's own would serve it; a path without a file is a 404.

import sirv from 'sirv'
import {type LoopbackServer, loopbackServer} from './server.ts'

export function staticSite(folder: string): Promise<LoopbackServer> {
  const serve = sirv(folder, {dev: true})
  return loopbackServer((request, response) =>
    serve(request, response, () => {
      response.statusCode = 404
      response.end()
    }),
  )
}
