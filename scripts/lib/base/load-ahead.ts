// What a command is about to import, loaded at once where a loader has a quicker way than `import` (Node 20:
// loader/ahead.js). Elsewhere this does nothing.

type Ahead = (from: string, specifiers: readonly string[]) => void

/** `specifiers` as they would be imported from the file `from`, at a moment when nothing else is being loaded. */
export function loadAhead(from: string, specifiers: readonly string[]): void {
  const ahead: Ahead | undefined = Reflect.get(
    globalThis,
    Symbol.for('typescript-when-needed.ahead'),
  )
  ahead?.(from, specifiers)
}
