import { validationFailed } from './errors.ts';

/** GitHub's limits of a title and a body, in characters. */
export function checkLength(
  resource: string,
  { title, body }: { title?: string | undefined; body?: string | null | undefined },
): void {
  const limits = [
    ['title', title, 256],
    ['body', body, 65536],
  ] as const;
  for (const [field, text, most] of limits)
    if (text && [...text].length > most) {
      const message = `${field} is too long (maximum is ${most} characters)`;
      throw validationFailed({ resource, field, code: 'custom', message });
    }
}
