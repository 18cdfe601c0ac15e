// What the items on error logs and on users' alerts ask: how many came since the deployment.

export type SignalName = 'errorLogs' | 'userAlerts'

export interface Signal {
  readonly product: string
  /** null where there is no answer to be had, which is never zero. What was logged stays where it is. */
  readonly count: (span: {since: Date; until: Date}) => Promise<SignalCount | null>
}

export interface SignalCount {
  readonly count: number
  /** Where they can be read. */
  readonly link?: string | undefined
}
