import type { StepOf } from './step.ts';
import type { Production, Title } from './title.ts';

/** Main wants in production what nobody has tested: somebody wrote it there by hand. */
export function untested(
  title: Title,
  { package: its }: Production,
): StepOf<'untested'> & { reason: string } {
  const { version } = its;
  return {
    step: 'untested',
    version,
    reason: `main wants ${version.text} in production, but no test of that package is on record: put "production:" in state/${title.slug}.yaml back as it was, or use an emergency if it must be now`,
  };
}
