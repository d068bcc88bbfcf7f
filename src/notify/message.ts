/** Who hears of something: errors go to the admins alone. */
export type Audience = 'admins' | 'testers' | 'everyone';

/** One title's line in a message. */
export interface MessageRow {
  /** The title's name. */
  readonly title: string;
  readonly version?: string;
  readonly text: string;
  /** A web address: the request, the run. */
  readonly link?: string;
}

/** What a run tells one audience: one message, however many titles it speaks of. */
export interface Message {
  readonly audience: Audience;
  /** `heartbeat` is the one line of a run that had nothing to tell. */
  readonly tone: 'news' | 'trouble' | 'heartbeat';
  readonly heading: string;
  readonly sections: readonly { readonly heading: string; readonly rows: readonly MessageRow[] }[];
  readonly link?: { readonly text: string; readonly url: string };
}

/** The address when it is one of the web. */
export function webAddress(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { protocol, href } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' ? href : undefined;
}

/** The message with its first `keep` rows, and how many were left out. */
export function firstRows(message: Message, keep: number): { message: Message; left: number } {
  let room = keep;
  let left = 0;
  const sections = message.sections.map((section) => {
    const rows = section.rows.slice(0, room);
    room -= rows.length;
    left += section.rows.length - rows.length;
    return { ...section, rows };
  });
  const shown = sections.filter(
    ({ rows }, at) => rows.length > 0 || message.sections[at]?.rows.length === 0,
  );
  return { message: { ...message, sections: shown }, left };
}

/**
 * The largest form of a message that fits: whole if it can be, else with as many rows as fit and
 * "and n more".
 */
export function fitted<Form>(
  message: Message,
  form: (message: Message, left: number) => Form,
  fits: (form: Form) => boolean,
): Form {
  const whole = form(message, 0);
  if (fits(whole)) return whole;
  let fitting = 0;
  let tooMany = message.sections.reduce((sum, { rows }) => sum + rows.length, 0);
  const first = (keep: number) => {
    const { message: cut, left } = firstRows(message, keep);
    return form(cut, left);
  };
  while (tooMany - fitting > 1) {
    const middle = Math.floor((fitting + tooMany) / 2);
    if (fits(first(middle))) fitting = middle;
    else tooMany = middle;
  }
  return first(fitting);
}
