// A row of figures as one short word: `▁▂▅█`. A missing one stays a gap.

const bars = '▁▂▃▄▅▆▇█'

export function sparkline(values: readonly (number | null)[]): string {
  const most = Math.max(1, ...values.map((value) => value ?? 0))
  return values
    .map((value) =>
      value === null ? ' ' : (bars[Math.min(7, Math.floor((value / most) * 7.99))] ?? ' '),
    )
    .join('')
}
