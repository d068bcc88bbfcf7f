import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';

/** A day as people and PatchBot write it in YAML: 2026-12-24, in the configured time zone. */
export const dateSchema = z
  .string({ error: 'write a date such as 2026-12-24' })
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'write a date such as 2026-12-24')
  .transform((text, context) => {
    try {
      return Temporal.PlainDate.from(text, { overflow: 'reject' });
    } catch {
      context.addIssue({ code: 'custom', message: `there is no day ${text} in the calendar` });
      return z.NEVER;
    }
  });
