// What a command printed: masked before anyone sees it, whole characters and whole lines only, and
// bounded, so that a chatty build cannot fill the memory.

import {StringDecoder} from 'node:string_decoder'
import type {Mask} from './mask.ts'

type Stream = 'stdout' | 'stderr'

export interface MaskedOutput {
  readonly write: (stream: Stream, chunk: unknown) => void
  readonly end: () => {readonly stdout: string; readonly stderr: string}
}

const defaultMax = 256 * 1024
const lineMax = 16 * 1024

/** Collects both streams; keeps the last `outputMax` characters of each (256 Ki unless told). */
export function createMaskedOutput(
  options: {readonly mask: Mask; readonly outputMax?: number},
  onLine?: (line: string, stream: Stream) => void,
): MaskedOutput {
  const max = options.outputMax ?? defaultMax
  const streams = {stdout: collect(options.mask, max), stderr: collect(options.mask, max)}
  return {
    write: (stream, chunk) => {
      for (const line of streams[stream].write(chunk)) onLine?.(line, stream)
    },
    end: () => {
      const finish = (stream: Stream) => {
        for (const line of streams[stream].finish()) onLine?.(line, stream)
        return streams[stream].text()
      }
      return {stdout: finish('stdout'), stderr: finish('stderr')}
    },
  }
}

function collect(mask: Mask, max: number) {
  const decoder = new StringDecoder('utf8')
  const masking = mask.stream()
  let kept = ''
  let dropped = 0
  let open = ''

  const add = (text: string): readonly string[] => {
    kept += text
    if (kept.length > max * 2) {
      dropped += kept.length - max
      kept = kept.slice(-max)
    }
    const lines = (open + text).split(/\r?\n|\r(?!$)/)
    open = lines.pop() ?? ''
    if (open.length > lineMax) {
      lines.push(open)
      open = ''
    }
    return lines
  }

  return {
    write: (chunk: unknown) =>
      add(
        masking.write(
          chunk instanceof Uint8Array ? decoder.write(Buffer.from(chunk)) : String(chunk),
        ),
      ),
    finish: () => {
      const lines = [...add(masking.write(decoder.end()) + masking.end()), open]
      open = ''
      return lines.filter((line) => line !== '')
    },
    text: () => {
      const cut = Math.max(0, kept.length - max)
      const missing = dropped + cut
      return missing > 0 ? `[… ${missing}]\n${kept.slice(cut)}` : kept
    },
  }
}
