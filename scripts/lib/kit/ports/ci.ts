// What the engine asks of the continuous integration: the runs of the nightly, judged one by one by a check.

export interface NightlyRun {
  readonly id: string
  /** ISO 8601, UTC: when it was created. */
  readonly at: string
  readonly finishedAt: string | null
  /** null: still going. Of the first attempt, since a re-run overwrites it. */
  readonly conclusion: string | null
  readonly attempt: number
  readonly sha: string
  readonly link: string
  /** Every job by the name that the CI shows; none of a run that is still going, or where none were asked for. */
  readonly jobs: readonly NightlyJob[]
}

export interface NightlyJob {
  readonly name: string
  readonly conclusion: string
  readonly steps: readonly {readonly name: string; readonly conclusion: string}[]
}

export interface RequiredJob {
  readonly job: string
  /** Steps inside it that must have run as well. */
  readonly steps: readonly string[]
}

export interface MergeAsked {
  readonly number: number
  readonly link: string
}

export interface Ci {
  readonly product: string
  /** Scheduled runs on the branch since `since`, newest first. Throws a `Problem` (exit 3) where it cannot know. */
  readonly nightlyRuns: (input: {
    since: Date
    branch: string
    /** false: without their jobs, which cost a question each. */
    jobs?: false
  }) => Promise<readonly NightlyRun[]>
  /** Jobs that must have run and not been skipped. */
  readonly requiredJobs: readonly RequiredJob[]
  readonly link: string
  /** Open issues by label, for the backlog; null without a token. */
  readonly issues: (
    labels: readonly string[],
  ) => Promise<
    readonly {title: string; number: number; link: string; labels: readonly string[]}[] | null
  >
  /** Asks for the merge of `head` into `base`, unless that was asked before: then that one. null without
   * a token. Throws a `Problem` (3) where the forge refuses or does not answer. */
  readonly mergeRequest?: (input: {
    head: string
    base: string
    title: string
    body: string
  }) => Promise<MergeAsked | null>
}
