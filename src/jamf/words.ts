// Imported, node:http would load Node's own fetch along with it, which nobody here needs.
const { STATUS_CODES } = process.getBuiltinModule('node:http');

import { z } from 'zod';
import { oneLine } from '../text/one-line.ts';

/** Schema `ApiError` of the Jamf Pro API; `errors` has been seen empty. */
const apiError = z.object({
  errors: z
    .array(
      z.object({
        code: z.string().nullish(),
        field: z.string().nullish(),
        description: z.string().nullish(),
      }),
    )
    .min(1),
});

/** RFC 6749, section 5.2: what the token end point answers. */
const oauthError = z.object({ error: z.string(), error_description: z.string().nullish() });

const longest = 300;

/**
 * What Jamf Pro itself says in an answer that is no success: the descriptions of the Jamf Pro API,
 * the "Error: …" of the classic API's HTML page, a proxy's or start-up page's title, or the bare
 * status.
 */
export function wordsOf(status: number, text: string): string {
  const words = fromJson(text) ?? fromHtml(text) ?? plain(text);
  const short = words.length > longest ? `${words.slice(0, longest)}…` : words;
  return short || (STATUS_CODES[status] ?? 'no reason given');
}

/** Whether an answer is a web page: a proxy's, the classic API's or the start-up page. */
export function isHtml(text: string): boolean {
  return /^\s*(<!doctype html|<html|<head|<body)/i.test(text);
}

function fromJson(text: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const api = apiError.safeParse(value);
  if (api.success)
    return api.data.errors
      .map(({ code, field, description }) => {
        const what = description || code || 'no reason given';
        return plain(field ? `${what} (${field})` : what);
      })
      .join('; ');
  const oauth = oauthError.safeParse(value);
  if (oauth.success)
    return plain([oauth.data.error, oauth.data.error_description].filter(Boolean).join(': '));
  return '';
}

function fromHtml(text: string): string | undefined {
  if (!isHtml(text)) return undefined;
  const paragraphs = [...text.matchAll(/<p\b[^>]*>([\s\S]*?)<\/p>/gi)].map(([, inside = '']) =>
    untagged(inside),
  );
  const error = paragraphs.find((one) => /^Error:/i.test(one));
  if (error) return error.replace(/^Error:\s*/i, '');
  const [first, second] = paragraphs;
  if (first) return [first, second].filter(Boolean).join(': ');
  return untagged(/<title\b[^>]*>([\s\S]*?)<\/title>/i.exec(text)?.[1] ?? '') || 'a web page';
}

function untagged(html: string): string {
  return plain(
    html
      .replace(/<[^>]*>/g, ' ')
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&quot;/g, '"')
      .replace(/&#0?39;|&apos;/g, "'")
      .replace(/&amp;/g, '&'),
  );
}

/** On one line, without control characters. */
function plain(text: string): string {
  return oneLine(text).replace(/\.$/, '');
}
