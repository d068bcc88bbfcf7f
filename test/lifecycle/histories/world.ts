import { Temporal } from 'temporal-polyfill';
import { decideBuild } from '../../../src/lifecycle/building.ts';
import {
  approve,
  type Change,
  enterRing,
  placeHold,
  recordOffered,
  recordPackage,
  recordWithdrawn,
  startTest,
} from '../../../src/lifecycle/changes.ts';
import { type Definition, definitionOf } from '../../../src/lifecycle/definition.ts';
import { decideHoldEnd } from '../../../src/lifecycle/hold-end.ts';
import { jamfHoldText } from '../../../src/lifecycle/jamf-hold.ts';
import type { Package } from '../../../src/lifecycle/package.ts';
import { decidePromotion } from '../../../src/lifecycle/promoting.ts';
import { decideProposal, proposedProduction } from '../../../src/lifecycle/proposing.ts';
import { enteredRings } from '../../../src/lifecycle/rings.ts';
import { needsOrder } from '../../../src/lifecycle/rolling-back.ts';
import { decideTest, unfinishedTest } from '../../../src/lifecycle/testing.ts';
import {
  type JamfFacts,
  type Moment,
  moment,
  type PatchPolicyFacts,
  type Production,
  type Title,
  type TitleState,
} from '../../../src/lifecycle/title.ts';
import { sameVersion, type Version } from '../../../src/lifecycle/version.ts';
import { windowState } from '../../../src/lifecycle/window.ts';
import { built, zone } from '../given.ts';
import { Truth } from './truth.ts';

/** A promotion request, as far as the lifecycle is concerned. */
interface Request {
  readonly production: Production;
  state: 'open' | 'merged' | 'closed';
  /** Its no is recorded. */
  settled: boolean;
}

/**
 * A company in small: a vendor, a patch source, Jamf, main and GitHub, for one title. The stages do here
 * what those in src/stages do, by the same decisions, and can be cut short between effect and record.
 */
export class World {
  now = Temporal.ZonedDateTime.from(`2026-03-02T06:00[${zone}]`);
  title: Title;
  /** What main says. */
  state: TitleState = {};
  /** What the vendor has released last, and which build AutoPkg would make of it. */
  released = 100;
  builds = 1;
  definitions: Definition[] = [];
  readonly rings = new Map<string, PatchPolicyFacts>();
  production: PatchPolicyFacts = { enabled: false };
  /** What the install policy hands out: the digest alone tells packages apart. */
  installs: string | undefined;
  requests: Request[] = [];
  readonly truth = new Truth();

  constructor(title: Title) {
    this.title = title;
    for (const { name } of title.rings) this.rings.set(name, { enabled: false });
  }

  get moment(): Moment {
    return moment(this.now);
  }

  get jamf(): JamfFacts {
    return this.title.patch === 'none' ? {} : { rings: this.rings, production: this.production };
  }

  get newest(): Package {
    return built(`${this.released}.0`, this.builds);
  }

  change(change: Change): void {
    this.state = change(this.state);
  }

  build(isCut = false): void {
    const its = this.newest;
    const step = decideBuild(this.state, its.version, true);
    if (step.step === 'upload' && !isCut) this.change(recordPackage(its, this.moment.today));
  }

  test(isCut = false): void {
    const { today } = this.moment;
    const end = decideHoldEnd(this.state, today);
    if (end) this.change(end.change);
    const facts = { ...this.jamf, definitions: this.definitions };
    const step = decideTest(this.title, this.state, facts, this.moment);
    if (step.step !== 'start-test' && step.step !== 'enter-ring') return;
    this.truth.testMoves(this);
    const { rings } = this.title;
    const change =
      step.step === 'start-test'
        ? startTest(step.package, step.definition, today, rings)
        : enterRing(step.testing.package.version, step.ring, rings, today);
    const { testing } = change(this.state);
    if (!testing) throw new Error('a test that begins has begun');
    const entered = enteredRings(rings, testing).map(({ name }) => name);
    for (const { name } of rings)
      this.rings.set(
        name,
        entered.includes(name) && testing.definition
          ? { enabled: true, target: testing.definition, description: `Update (${today})` }
          : { ...this.rings.get(name), enabled: false },
      );
    if (isCut) return;
    this.change(change);
    this.truth.tested(this, testing.package, step.step === 'start-test');
  }

  propose(): void {
    const current = unfinishedTest(this.state);
    for (const request of this.open())
      if (request.production.package.digest !== current?.package.digest) {
        request.state = 'closed';
        request.settled = true;
      }
    const step = decideProposal(this.title, this.state, this.jamf, this.moment);
    if (step.step === 'held-in-jamf') this.holdFromJamf(step);
    if (step.step !== 'propose') return;
    const production = proposedProduction(step.testing);
    const { digest, version } = production.package;
    const latest = this.requests.findLast((one) => one.production.package.digest === digest);
    if (latest?.state === 'closed' && !latest.settled) {
      latest.settled = true;
      this.change(placeHold({ version, reason: 'declined', by: 'bea', since: this.moment.today }));
      return;
    }
    if (latest?.state !== 'open') {
      this.truth.proposed(this, version);
      this.requests.push({ production, state: 'open', settled: false });
    }
    if (this.title.approval === 'auto' && windowState(this.title.windows, this.now).open)
      this.merge();
  }

  promote(isCut = false): void {
    const asks = needsOrder(this.state) && this.title.patch !== 'none';
    const facts = { ...this.jamf, ...(asks && { definitions: this.definitions }) };
    const step = decidePromotion(this.title, this.state, facts, this.moment);
    const { today } = this.moment;
    if (step.step === 'held-in-jamf') this.holdFromJamf(step);
    if (step.step === 'promote' || step.step === 'roll-back') {
      const { production } = step;
      this.truth.offered(this, production, step.step);
      this.installs = production.package.digest;
      if (production.definition) this.production = { enabled: true, target: production.definition };
      this.finishTest(step.step === 'roll-back' ? step.from : production.package.version);
      if (isCut) return;
      this.change(recordOffered(production, today));
      this.truth.recorded(production);
      if (step.step === 'roll-back') this.holdBack(step.from);
    }
    if (step.step === 'withdraw') {
      this.finishTest(step.from);
      this.production = { ...this.production, enabled: false };
      if (isCut) return;
      this.change(recordWithdrawn());
      this.holdBack(step.from);
    }
  }

  /** One run of every stage, as a morning has them. */
  runAll(): void {
    this.build();
    this.test();
    this.propose();
    this.promote();
  }

  merge(): void {
    const [request] = this.open();
    if (!request) return;
    request.state = 'merged';
    this.change(approve(request.production));
  }

  close(): void {
    const [request] = this.open();
    if (!request) return;
    request.state = 'closed';
    this.truth.declined(request.production.package.version);
  }

  /** GitHub's Revert button: production and previous as they were before the last approval. */
  revert(): void {
    const { production, previous, ...rest } = this.state;
    if (!production) return;
    this.state = previous ? { ...rest, production: previous } : rest;
  }

  emergency(): void {
    const newest = this.state.package;
    if (!newest || this.truth.isHeld(newest.version, this.moment.today)) return;
    const known = definitionOf(newest.version, this.definitions);
    if (this.title.patch !== 'none' && known.found !== 'one') return;
    this.change(
      approve({
        package: newest,
        ...(known.found === 'one' && { definition: known.definition.version }),
        emergency: { by: 'anna', reason: 'CVE' },
      }),
    );
  }

  private open(): Request[] {
    return this.requests.filter(({ state }) => state === 'open');
  }

  private holdFromJamf(step: Parameters<typeof jamfHoldText>[0] & { readonly version: Version }) {
    const hold = {
      version: step.version,
      reason: jamfHoldText(step, this.title),
      by: 'somebody in Jamf Pro',
      since: this.moment.today,
    };
    this.change(placeHold(hold));
    this.truth.held(hold);
  }

  private holdBack(version: Version): void {
    const hold = { version, reason: 'rolled back', by: 'bea', since: this.moment.today };
    this.change(placeHold(hold));
    this.truth.held(hold);
  }

  private finishTest(done: Version): void {
    const { testing, production } = this.state;
    const finished =
      !testing ||
      sameVersion(testing.package.version, done) ||
      sameVersion(testing.package.version, production?.package.version);
    if (!finished) return;
    for (const [name, policy] of this.rings) this.rings.set(name, { ...policy, enabled: false });
  }
}
