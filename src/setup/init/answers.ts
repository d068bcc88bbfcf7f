import type { Audience } from '../../notify/notify.ts';

/** What stands behind an audience's webhook. */
export type ChannelKind = 'teams' | 'slack' | 'none';

/** Everything that a repository needs to be told before its first run. */
export interface Answers {
  /** https://acme.jamfcloud.com */
  readonly jamfUrl: string;
  readonly timeZone: string;
  /** As patchbot.yaml has it: "7 days", "5 working days", "0". */
  readonly soak: string;
  /** As patchbot.yaml has them: "Mon-Thu 08:00-16:00". None means always. */
  readonly windows: readonly string[];
  readonly channels: { readonly [audience in Audience]: ChannelKind };
  /** The repository on GitHub: "acme/patchbot". */
  readonly repository: string;
  /** The titles that stay, by short name; absent keeps all. */
  readonly titles?: readonly string[];
}

/** Answers that are known before anybody is asked: flags, and what the repository says already. */
export type Known = {
  readonly [key in keyof Answers]?: Answers[key];
};

export const audiences = ['admins', 'testers', 'everyone'] as const;
