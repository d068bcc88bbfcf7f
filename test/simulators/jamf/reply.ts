import type { Reply } from './border.ts';
import { ApiRefusal, ClassicRefusal, OAuthRefusal } from './errors.ts';
import type { Answer } from './router.ts';
import { xmlAsJson, xmlText } from './xml.ts';

type Headers = Readonly<Record<string, string>>;

/** An answer in the form asked for; the classic API has JSON too, but only for what it reads. */
export function reply(answer: Answer, node: number, headers: Headers, accept: string): Reply {
  const as = (type: string, body: string): Reply => ({
    status: answer.status,
    node,
    headers: { ...headers, 'content-type': type },
    body,
  });
  if (answer.page !== undefined)
    return {
      status: answer.status,
      node,
      headers: { 'content-type': 'text/html;charset=UTF-8', ...headers },
      body: answer.page,
    };
  if (answer.json !== undefined) return as('application/json', JSON.stringify(answer.json));
  if (answer.xml === undefined) return { status: answer.status, node, headers, body: '' };
  return answer.status === 200 && accept.includes('application/json')
    ? as('application/json;charset=UTF-8', JSON.stringify(xmlAsJson(answer.xml)))
    : as('text/xml;charset=UTF-8', xmlText(answer.xml));
}

/** A no, in the form of the API that was asked. */
export function refused(error: unknown, node: number, headers: Headers): Reply {
  if (error instanceof ClassicRefusal)
    return {
      status: error.status,
      node,
      headers: { ...headers, 'content-type': 'text/html;charset=UTF-8' },
      body: error.html,
    };
  if (error instanceof ApiRefusal || error instanceof OAuthRefusal)
    return {
      status: error.status,
      node,
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(error.body),
    };
  throw error;
}
